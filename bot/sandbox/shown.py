"""What a person would read of blocks and mrkdwn, and what they could press. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.sandbox.wire import Json, unescape

Names = Mapping[str, str]

_TOKEN = re.compile(r"<([^<>]+)>")
_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_MARKS = [
    re.compile(rf"(?<![\w{mark}]){mark}(?=\S)([^{mark}\n]+?)(?<=\S){mark}(?![\w{mark}])") for mark in (r"\*", "_", "~")
]
# Where the words of a block, or of a text object, are; in reading order.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "plain_text": ("text",),
    "raw_text": ("text",),
    "raw_number": ("text",),
    "section": ("text", "fields"),
    "header": ("text",),
    "markdown": ("text",),
    "alert": ("text",),
    "image": ("title", "alt_text"),
    "input": ("label", "hint"),
    "card": ("title", "subtitle", "body"),
    "container": ("title", "subtitle", "child_blocks"),
    "carousel": ("elements",),
    "plan": ("title", "tasks"),
    "task_card": ("title",),
    "video": ("title",),
}
_BUTTONS = ("button", "icon_button", "workflow_button")


@dataclass(frozen=True, slots=True)
class Control:
    """Something in blocks that a person can press or choose. A choice of a menu is a control of its own."""

    block_id: str
    action_id: str
    type: str
    label: str
    element: Json
    option: Json | None = None
    value: str = ""

    @property
    def is_button(self) -> bool:
        """Whether this is a button, not a choice of a menu."""
        return self.type in (*_BUTTONS, "feedback_buttons")


def shown_text(mrkdwn: str, names: Names) -> str:
    """mrkdwn as a person reads it: mentions and links by their names, no entities, no marks of bold and the like."""
    pieces = _CODE.split(mrkdwn)
    for index, piece in enumerate(pieces):
        if index % 2:
            pieces[index] = piece.strip("`")
            continue
        for mark in _MARKS:
            piece = mark.sub(r"\1", piece)  # noqa: PLW2901 - one mark after the other
        pieces[index] = piece
    return unescape(_TOKEN.sub(lambda token: _named(token.group(1), names), "".join(pieces)))


def shown_blocks(blocks: Iterable[Json], names: Names) -> str:
    """The words in blocks, one line a piece, without the labels of buttons and menus."""
    return "\n".join(piece for block in blocks for piece in _pieces(block, names) if piece)


def controls(blocks: Iterable[Json]) -> tuple[Control, ...]:
    """Everything in the blocks that can be pressed or chosen, in reading order."""
    return tuple(control for block in blocks for element in _elements(block) for control in _controls(block, element))


def _named(token: str, names: Names) -> str:
    target, _, label = token.partition("|")
    if target[0] == "@":
        return "@" + (names.get(target[1:]) or label or target[1:])
    if target[0] == "#":
        return "#" + (names.get(target[1:]) or label or target[1:])
    if target.startswith("!subteam^"):
        return "@" + (names.get(target[9:]) or label.lstrip("@") or target[9:])
    if target.startswith("!date^"):
        return label or target
    if target[0] == "!":
        return "@" + target[1:]
    return label or target.removeprefix("mailto:")


def _pieces(block: Json, names: Names) -> Iterator[str]:
    kind = str(block.get("type", ""))
    if kind == "rich_text":
        yield from (_rich(part, names) for part in _dicts(block.get("elements")))
    elif kind in ("table", "data_table"):
        for row in block.get("rows", []):
            yield " | ".join(shown_blocks([cell], names) for cell in _dicts(row))
    elif kind == "context":
        yield " ".join(_words(block.get("elements"), names))
    else:
        for field in _FIELDS.get(kind, ()):
            yield from _words(block.get(field), names)


def _words(value: object, names: Names) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _words(one, names)
    elif isinstance(value, dict) and value.get("type") == "mrkdwn":
        yield shown_text(str(value.get("text", "")), names)
    elif isinstance(value, dict):
        yield from _pieces(value, names)


def _rich(part: Json, names: Names) -> str:
    match part.get("type"):
        case "rich_text_section" | "rich_text_quote" | "rich_text_preformatted":
            return "".join(_rich(piece, names) for piece in _dicts(part.get("elements")))
        case "rich_text_list":
            return "\n".join(f"• {_rich(piece, names)}" for piece in _dicts(part.get("elements")))
        case "text":
            return str(part.get("text", ""))
        case "link":
            return str(part.get("text") or part.get("url", ""))
        case "user":
            return "@" + names.get(str(part.get("user_id")), str(part.get("user_id")))
        case "usergroup":
            return "@" + names.get(str(part.get("usergroup_id")), str(part.get("usergroup_id")))
        case "channel":
            return "#" + names.get(str(part.get("channel_id")), str(part.get("channel_id")))
        case "broadcast":
            return f"@{part.get('range')}"
        case "emoji":
            return f":{part.get('name')}:"
        case "date":
            return str(part.get("fallback", ""))
        case _:
            return ""


def _elements(block: Json) -> list[Json]:
    match block.get("type"):
        case "actions" | "context_actions" | "carousel":
            found = _dicts(block.get("elements"))
        case "section":
            found = _dicts([block.get("accessory")])
        case "input":
            found = _dicts([block.get("element")])
        case "card":
            found = _dicts(block.get("actions"))
        case _:
            found = []
    return found + [element for inner in _dicts(block.get("child_blocks")) for element in _elements(inner)]


def _controls(block: Json, element: Json) -> Iterator[Control]:
    kind = str(element.get("type", ""))
    if kind == "card":
        yield from (control for inner in _elements(element) for control in _controls(element, inner))
        return
    block_id, action_id = str(block.get("block_id", "")), str(element.get("action_id", ""))
    if kind in _BUTTONS:
        label = _label(element.get("text"))
        yield Control(block_id, action_id, kind, label, element, value=str(element.get("value", "")))
    elif kind == "feedback_buttons":
        for name in ("positive_button", "negative_button"):
            option = element.get(name) or {}
            value = str(option.get("value", ""))
            yield Control(block_id, action_id, kind, _label(option.get("text")), element, option, value)
    else:
        for option in _options(element):
            value = str(option.get("value", ""))
            yield Control(block_id, action_id, kind, _label(option.get("text")), element, option, value)


def _options(element: Json) -> list[Json]:
    groups = _dicts(element.get("option_groups"))
    return _dicts(element.get("options")) + [one for group in groups for one in _dicts(group.get("options"))]


def _label(text: object) -> str:
    return str(text.get("text", "")) if isinstance(text, dict) else ""


def _dicts(value: object) -> list[Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, Sequence) else []
