"""A form as Slack's modal, and what comes back from it: drawn and read in this one place. Pure.

https://docs.slack.dev/reference/views/modal-views
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast, get_args

from bot.core.forms import Ask, Form, FormKind
from bot.core.saying import Line
from bot.slack.buttons import PREFIX
from bot.slack.limits import BUTTON_LABEL, SECTION, Room, cut, cut_escaped
from bot.slack.wording import Block, Known, in_line, section

ENTRY = f"{PREFIX}entry"  # the action id of a field in which an entry is searched for
CALLBACK = re.compile(rf"\A{PREFIX}form:([a-z_]+)\Z")

_INPUT = f"{PREFIX}input"
_KEYS = "cpvht"
_KINDS: frozenset[str] = frozenset(get_args(FormKind))
_TITLE = 24  # of a modal, and of its buttons
_METADATA = 3_000
_OPTION_VALUE = 150
_HINT = 2_000
MOST_TEXT = 3_000  # what Slack lets one field hold
_RADIOS, _OPTIONS = 10, 100
_LOADING = "One moment…"
_SUPPORT = "Support bot"


@dataclass(frozen=True, slots=True)
class Carried:
    """What a form brings back besides what was filled in. `position` is that of the `FormOpened` it came from."""

    case: str = ""
    position: int = 0
    choice: str = ""
    channel: str = ""
    thread_ts: str = ""


def loading() -> Block:
    """The modal that is there at once, before anything is known."""
    return _message(_LOADING)


def message(text: str) -> Block:
    """A modal with nothing but a sentence."""
    return _message(cut_escaped(text, SECTION))


def drawn(content: Form | Line, case: str, position: int, known: Known) -> Block:
    """The modal for a form, or for a line of ours."""
    if isinstance(content, Line):
        return message(known.sentence(content.text, content.who))
    carried = Carried(case, position, content.choice, content.channel, content.thread_ts or "")
    lead = section(known.sentence(content.lead, content.who), Room(), SECTION) if content.lead else []
    return {
        "type": "modal",
        "callback_id": f"{PREFIX}form:{content.kind}",
        "private_metadata": _written(carried),
        "title": _plain(content.title, _TITLE),
        "submit": _plain(content.send, _TITLE),
        "close": _plain("Cancel", _TITLE),
        "blocks": [*lead, *(_field(each) for each in content.asks)],
    }


def kind_of(callback: str) -> FormKind | None:
    """Which form a callback id stands for; None for one that is not ours, or of a newer program."""
    match = CALLBACK.match(callback)
    return cast("FormKind", match[1]) if match and match[1] in _KINDS else None


def carried_by(metadata: str) -> Carried | None:
    """What a form's metadata says; None for what is not ours."""
    try:
        fields = json.loads(metadata)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    case, position, choice, channel, thread = (
        fields.get(key, empty) for key, empty in zip(_KEYS, ("", 0, "", "", ""), strict=True)
    )
    texts = (case, choice, channel, thread)
    if isinstance(position, bool) or not isinstance(position, int) or not all(isinstance(text, str) for text in texts):
        return None
    return Carried(case, position, choice, channel, thread)


def values_in(state: object) -> tuple[tuple[str, str], ...]:
    """What was filled in, by the names of the fields; those left empty are missing."""
    values = state.get("values") if isinstance(state, Mapping) else None
    if not isinstance(values, Mapping):
        return ()
    found = ((str(name), _value(actions)) for name, actions in values.items())
    return tuple((name, value) for name, value in found if value)


def errors(blocks: object, text: str) -> dict[str, Any]:
    """The answer to a form that keeps it open, with a sentence of ours at its first field, or in its place."""
    fields = blocks if isinstance(blocks, Sequence) and not isinstance(blocks, str) else ()
    names = [block.get("block_id") for block in fields if isinstance(block, Mapping) and block.get("type") == "input"]
    if names and isinstance(names[0], str):
        return {"response_action": "errors", "errors": {names[0]: text}}
    return {"response_action": "update", "view": message(text)}


def options(found: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The answer to a search: values with their labels, best first."""
    return {"options": [_option(value, label) for value, label in found[:_OPTIONS] if len(value) <= _OPTION_VALUE]}


def _message(text: str) -> Block:
    return {
        "type": "modal",
        "title": _plain(_SUPPORT, _TITLE),
        "close": _plain("Close", _TITLE),
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}],
    }


def _field(ask: Ask) -> Block:
    hint = {"hint": _plain(ask.hint, _HINT)} if ask.hint else {}
    return {
        "type": "input",
        "block_id": ask.name,
        "optional": not ask.required,
        "label": _plain(ask.label, _HINT),
        "element": _element(ask),
        **hint,
    }


def _element(ask: Ask) -> Block:
    match ask.kind:
        case "line" | "text":
            written = {"initial_value": cut(ask.initial, MOST_TEXT)} if ask.initial else {}
            many = ask.kind == "text"
            typed = {"type": "plain_text_input", "action_id": _INPUT, "multiline": many, "max_length": MOST_TEXT}
            return {**typed, **written}
        case "choice":
            offered = [_option(*choice) for choice in ask.choices if len(choice[0]) <= _OPTION_VALUE][:_OPTIONS]
            chosen = [option for option in offered if option["value"] == ask.initial]
            # What is pressed on a radio button cannot be taken back.
            kind = "radio_buttons" if ask.required and len(offered) <= _RADIOS else "static_select"
            initial = {"initial_option": chosen[0]} if chosen else {}
            return {"type": kind, "action_id": _INPUT, "options": offered, **initial}
        case "entry":
            return {"type": "external_select", "action_id": ENTRY, "min_query_length": 0}
        case "person":
            return {"type": "users_select", "action_id": _INPUT}


def _option(value: str, label: str) -> Block:
    return {"text": _plain(label, BUTTON_LABEL), "value": value}


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": cut(in_line(text), limit) or "…", "emoji": False}


def _value(actions: object) -> str:
    action = next(iter(actions.values()), None) if isinstance(actions, Mapping) else None
    if not isinstance(action, Mapping):
        return ""
    option = action.get("selected_option")
    for value in (
        action.get("value"), option.get("value") if isinstance(option, Mapping) else None, action.get("selected_user")
    ):  # fmt: skip
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _written(carried: Carried) -> str:
    parts = (carried.case, carried.position, carried.choice, carried.channel, carried.thread_ts)
    fields = dict(zip(_KEYS, parts, strict=True))
    text = json.dumps({key: value for key, value in fields.items() if value}, separators=(",", ":"), ensure_ascii=False)
    return text if len(text) <= _METADATA else _written(Carried(carried.case, carried.position))
