"""A guide read from its start: every step once, numbered in the order its branches are followed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.core.entries import Node, Option, Steps
from bot.core.sentences import HUMAN_LABEL
from bot.workbench.markup import from_markdown
from bot.workbench.page import BLANK, Paragraph, Part, Run, indented, ink, width_of
from bot.workbench.terminal import button

_BACK = "Back"
_MARGIN = "    "
_COLUMN = 26  # cells at most before the arrows; the arrow of a longer label stands in the next line
_ARROW = ink("  → ", "faint")


@dataclass(frozen=True, slots=True)
class Step:
    """A node with its number, from 1. `reached`: whether any way from the start leads to it."""

    number: int
    name: str
    node: Node
    reached: bool = True


def outline(steps: Steps) -> tuple[Step, ...]:
    """The steps, each branch to its end before the next; then those that no option leads to, as they are written."""
    order: dict[str, bool] = {}
    for begin in (steps.start, *steps.nodes):
        waiting = [begin]
        while waiting:
            name = waiting.pop()
            if name in order or name not in steps.nodes:
                continue
            order[name] = begin == steps.start
            waiting += [option.goto for option in reversed(steps.nodes[name].options) if option.goto is not None]
    return tuple(Step(n, name, steps.nodes[name], reached) for n, (name, reached) in enumerate(order.items(), 1))


def ways_on(step: Step, steps: tuple[Step, ...]) -> tuple[tuple[Option, Step | None], ...]:
    """The step's options, each with the step that it leads to; None where it ends the guide."""
    named = {each.name: each for each in steps}
    return tuple((option, named.get(option.goto or "")) for option in step.node.options)


def outline_parts(
    steps: Steps, *, filled: Callable[[str], str], entry_end: Callable[[str], tuple[Run, ...]], people: str
) -> tuple[Part, ...]:
    """The guide as it will be read: each step's message, its buttons, and behind each where it leads.

    `entry_end` says what it is to end at another entry, `people` who comes when a person is asked for.
    """
    parts: list[Part] = []
    found = outline(steps)
    for step in found:
        lost = () if step.reached else (ink("  no option leads here", "warning"),)
        parts += [BLANK] if parts else []
        parts.append(Paragraph((ink(f"{step.number:>2}  {step.name}", "title"), *lost)))
        asked = [Paragraph((ink(step.node.ask),))] if step.node.ask else []
        words = [*from_markdown(filled(step.node.say)), *asked]
        parts += indented([*words, BLANK, *_buttons(step, found, entry_end, people)], _MARGIN)
    return tuple(parts)


def _buttons(
    step: Step, steps: tuple[Step, ...], entry_end: Callable[[str], tuple[Run, ...]], people: str
) -> Iterator[Paragraph]:
    ways: list[tuple[tuple[Run, ...], tuple[Run, ...]]] = []
    for option, target in ways_on(step, steps):
        ways.append((button(option.label), _where(option, target, step, entry_end, people)))
    ways.append((button(_BACK), (ink("the answer" if step.number == 1 else "the step before", "faint"),)))
    ways.append((button(HUMAN_LABEL), (ink(people, "faint"),)))
    column = max((width for label, _ in ways if (width := width_of(label)) <= _COLUMN), default=0)
    margin = " " * (column + width_of((_ARROW,)))
    for label, where in ways:
        if width_of(label) > column:
            yield Paragraph(label, rest=" " * 2)
            yield Paragraph(where, " " * column, margin, (_ARROW,))
        else:
            yield Paragraph(where, rest=margin, lead=(*label, ink(" " * (column - width_of(label))), _ARROW))


def _where(
    option: Option, target: Step | None, step: Step, entry_end: Callable[[str], tuple[Run, ...]], people: str
) -> tuple[Run, ...]:
    if target == step:
        return (ink("this step again"),)
    if target is not None:
        back = "back to " if target.number < step.number else ""
        return (ink(f"{back}step {target.number}"), ink(f", {target.name}", "faint"))
    match option.end:
        case "resolved":
            return (ink("solved", "good"),)
        case "handoff":
            return (ink(people, "warning"),)
        case end:
            return entry_end(end or "")
