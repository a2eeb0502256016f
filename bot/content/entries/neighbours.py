"""Where entries name other entries: themselves, what is never served, and guides that lead round in circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.content import faults as f
from bot.content.entries.guide import ends_of, ends_reached
from bot.content.entries.shape import EntryFile
from bot.content.faults import quoted
from bot.content.reading.circles import circles, spread
from bot.content.reading.source import Scalar

_NEVER_SERVED = {
    "draft": ("is a draft, which is never served", "make it live, or name another"),
    "archived": ("is archived, and never served", "name another entry, or remove it"),
}


def check_neighbours(files: Mapping[str, EntryFile]) -> None:
    """Report, to each file's own reading, what is wrong with the entries that it names."""
    for file in files.values():
        for named in (*file.scalars("confusable_with"), *_led_to(file)):
            if named.text.strip() == file.id:
                message = f"{quoted(file.id)} is this entry itself"
                file.reading.report(f.NAMES_ITSELF, named.place, message, "name another, or remove it")
        for named in _led_to(file):
            state = files[named.text.strip()].state if named.text.strip() in files else "live"
            if _matters(file.state, state):
                what, hint = _NEVER_SERVED[state]
                file.reading.report(f.NEVER_SERVED, named.place, f"{quoted(named.text)} {what}", hint)
    _check_circles(files)


def _led_to(file: EntryFile) -> Iterator[Scalar]:
    """The entries that a customer is led to, by a guide or afterwards."""
    yield from file.scalars("follow_ups")
    yield from (end for end in ends_of(file.table.get("steps")) if "/" in end.text)


def _matters(state: str, named: str) -> bool:
    """Whether a customer is led to nowhere: drafts may name drafts, as they may be served together one day."""
    return named in _NEVER_SERVED and state != "archived" and (state != "draft" or named == "archived")


def _check_circles(files: Mapping[str, EntryFile]) -> None:
    """Report guides that lead only to each other. An `end` with a fault of its own counts as an end."""
    ends = {entry_id: ends_reached(file.table.get("steps")) for entry_id, file in files.items()}
    guided = {entry_id for entry_id, reached in ends.items() if reached}
    leading: dict[str, list[str]] = {}
    waiting = []
    for entry_id in guided:
        others = {end.text.strip() for end in ends[entry_id]}
        if not all(other in guided and other != entry_id and _is_served(files[other]) for other in others):
            waiting.append(entry_id)
        for other in others:
            leading.setdefault(other, []).append(entry_id)
    ending = spread(waiting, leading)
    onward = {entry_id: ends[entry_id][0] for entry_id in sorted(guided - ending)}
    for circle in circles({entry_id: end.text.strip() for entry_id, end in onward.items()}):
        first = min(circle)
        message = f"the guides of {', '.join(map(quoted, circle))} lead only to each other"
        hint = "give one of their options `end: resolved` or `end: handoff`"
        files[first].reading.report(f.NEVER_ENDS, onward[first].place, message, hint)


def _is_served(file: EntryFile) -> bool:
    return file.state not in _NEVER_SERVED
