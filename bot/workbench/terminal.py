"""A Slack message drawn for a terminal: its text and Block Kit as paragraphs, block by block as Slack shows them. Pure.

Every block and element is there: one that is not known stands as its type, with whatever texts are in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.workbench.markup import from_markdown, from_mrkdwn, linked
from bot.workbench.page import BLANK, Look, Paragraph, Part, Row, Run, indented, ink

Block = Mapping[str, Any]

_RULE = 20
_QUOTE = "▌ "
_BULLETS = "•◦▪"
_STYLES: dict[str, Look] = {"bold": "bold", "italic": "italic", "strike": "struck", "code": "code"}
_EDGES: dict[str, tuple[str, str, tuple[Look, ...]]] = {
    "primary": ("[[ ", " ]]", ("primary",)),
    "danger": ("[! ", " !]", ("danger",)),
}


def message(text: str, blocks: Sequence[Block] | None, *, name: str) -> tuple[Part, ...]:
    """A message of the app `name`. Its `text`, which Slack shows in notifications, stands here if it has no blocks."""
    parts: list[Part] = [Paragraph((ink(name, "title"), ink(" "), ink(" APP ", "badge")))]
    for drawn in [block_parts(block) for block in blocks] if blocks else [from_mrkdwn(text)]:
        parts += [BLANK, *drawn] if drawn else []
    return tuple(parts)


def block_parts(block: Block) -> tuple[Part, ...]:
    """One block. Buttons are `[ label ]`, the primary one `[[ label ]]`, a dangerous one `[! label !]`."""
    match block.get("type"):
        case "header":
            return (Paragraph((ink(_words(block.get("text")), "title"),)),)
        case "section":
            return _section(block)
        case "markdown":
            return from_markdown(str(block.get("text", "")))
        case "rich_text":
            return tuple(part for element in _listed(block) for part in _rich(element))
        case "context":
            return _context(_listed(block))
        case "actions" | "context_actions":
            return (Row(tuple(cell for element in _listed(block) for cell in _controls(element))),)
        case "divider":
            return (Paragraph((ink("─" * _RULE, "faint"),)),)
        case "image":
            title = _words(block.get("title"))
            return (Paragraph((ink(title),)), *_picture(block)) if title else _picture(block)
        case _:
            return _unknown("block", block)


def button(label: str, style: str = "") -> tuple[Run, ...]:
    """A button as it stands in a row of them."""
    before, after, looks = _EDGES.get(style, ("[ ", " ]", ()))
    return (ink(f"{before}{label}{after}", *looks),)


# --- blocks -----------------------------------------------------------------------------------------------------------


def _section(block: Block) -> tuple[Part, ...]:
    parts: list[Part] = list(_text(block.get("text")))
    for field in block.get("fields") or ():
        label, *rest = _text(field)
        parts.append(label if not rest else Paragraph(_joined([label, *rest], ": ")))
    if accessory := block.get("accessory"):
        parts.append(Row(tuple(_controls(accessory))))
    return tuple(parts)


def _context(elements: Sequence[Block]) -> tuple[Part, ...]:
    found: list[Part] = []
    for element in elements:
        drawn: tuple[Part, ...]
        match element.get("type"):
            case "mrkdwn" | "plain_text":
                drawn = _text(element, "faint")
            case "image":
                drawn = _picture(element)
            case _:
                drawn = _unknown("element", element)
        found += drawn
    return tuple(found)


def _controls(element: Block) -> Iterator[tuple[Run, ...]]:
    kind = str(element.get("type", ""))
    match kind:
        case "button" | "icon_button" | "workflow_button":
            address = [ink(f" ({element['url']})", "faint")] if element.get("url") else []
            yield (*button(_words(element.get("text")) or kind, str(element.get("style", ""))), *address)
        case "feedback_buttons":
            for which in ("positive_button", "negative_button"):
                yield button(_words((element.get(which) or {}).get("text")) or which)
        case "image":
            yield (ink(f"({element.get('alt_text') or 'picture'})"),)
        case _ if kind.endswith(("_select", "overflow")):
            options = [_words(option.get("text")) for option in element.get("options") or ()]
            label = _words(element.get("placeholder")) or kind
            yield button(f"{label} ▾{': ' if options else ''}{' | '.join(options)}")
        case _:
            yield tuple(run for part in _unknown("element", element) for run in (*part.runs, ink(" ")))[:-1]


def _picture(element: Block) -> tuple[Paragraph, ...]:
    runs = linked(str(element.get("alt_text") or "picture"), str(element.get("image_url", "")))
    return (Paragraph((ink("(picture) ", "faint"), *runs)),)


def _unknown(sort: str, element: Block) -> tuple[Paragraph, ...]:
    kind = str(element.get("type") or "nameless")
    return (Paragraph((ink(f"<{kind} {sort}>", "warning"),)), *(Paragraph((ink(text),)) for text in _texts(element)))


def _texts(value: object) -> Iterator[str]:
    """Every text in something unknown, in its order."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


# --- texts ------------------------------------------------------------------------------------------------------------


def _text(text: Block | None, *looks: Look) -> tuple[Paragraph, ...]:
    """A text object: mrkdwn is read, plain text stands as it is."""
    if not text:
        return ()
    words = str(text.get("text", ""))
    if text.get("type") == "mrkdwn":
        return from_mrkdwn(words, *looks)
    return tuple(Paragraph((ink(line, *looks),)) for line in words.split("\n"))


def _words(text: Block | None) -> str:
    return str(text.get("text", "")) if text else ""


def _listed(block: Block) -> Sequence[Block]:
    return tuple(block.get("elements") or ())


def _joined(paragraphs: Sequence[Paragraph], first: str) -> tuple[Run, ...]:
    runs: list[Run] = []
    for number, paragraph in enumerate(paragraphs):
        runs += [ink(first if number == 1 else "\n")] if number else []
        runs += paragraph.runs
    return tuple(runs)


# --- rich text --------------------------------------------------------------------------------------------------------


def _rich(element: Block) -> tuple[Part, ...]:
    match element.get("type"):
        case "rich_text_section":
            return (Paragraph(_runs(_listed(element))),)
        case "rich_text_quote":
            return (Paragraph(_runs(_listed(element)), _QUOTE, _QUOTE),)
        case "rich_text_preformatted":
            return (Paragraph(_runs(_listed(element)), "    ", "    "),)
        case "rich_text_list":
            return tuple(_list(element))
        case _:
            return _unknown("element", element)


def _list(element: Block) -> Iterator[Part]:
    depth, offset = int(element.get("indent", 0)), int(element.get("offset", 0))
    for number, item in enumerate(_listed(element), offset + 1):
        ordered = element.get("style") == "ordered"
        marker = f"{number:>2}. " if ordered else f" {_BULLETS[depth % len(_BULLETS)]} "
        margin = "   " * depth
        yield from indented(_rich(item), margin + marker, margin + " " * len(marker))


def _runs(elements: Iterable[Block]) -> tuple[Run, ...]:
    return tuple(run for element in elements for run in _rich_runs(element))


def _rich_runs(element: Block) -> tuple[Run, ...]:
    looks = {_STYLES[name] for name, wanted in (element.get("style") or {}).items() if wanted and name in _STYLES}
    runs: tuple[Run, ...]
    match element.get("type"):
        case "text":
            runs = (ink(str(element.get("text", ""))),)
        case "link":
            runs = linked(str(element.get("text", "")), str(element.get("url", "")))
        case "user" | "usergroup" | "broadcast":
            named = next((element[key] for key in ("user_id", "usergroup_id", "range") if key in element), "someone")
            runs = (ink(f"@{named}", "link"),)
        case "channel":
            runs = (ink(f"#{element.get('channel_id', 'channel')}", "link"),)
        case "emoji":
            runs = (ink(f":{element.get('name', '')}:"),)
        case "date":
            runs = (ink(str(element.get("fallback") or element.get("format", ""))),)
        case _:
            runs = tuple(run for part in _unknown("element", element) for run in part.runs)
    return tuple(Run(run.words, run.looks | looks) for run in runs)
