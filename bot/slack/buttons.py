"""What a button of ours carries to Slack and back: an action id and a value, written and read in this one place."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import cast, get_args

from bot.core.stimuli import PressKind

PREFIX = "tier1:"
ACTION = re.compile(rf"\A{PREFIX}([a-z_]+)(?::\d+)?\Z")
_KINDS: frozenset[str] = frozenset(get_args(PressKind))


@dataclass(frozen=True, slots=True)
class Carried:
    """`case` and `position` of the message, what the press stands for, and who alone may press outside any case."""

    case: str = ""
    position: int = 0
    choice: str = ""
    asker: str = ""


def action_id(kind: str, n: int = 0) -> str:
    """The id of a button, unique within its message if `n` counts the buttons of that kind from 0."""
    return f"{PREFIX}{kind}:{n}" if n else f"{PREFIX}{kind}"


def kind_of(action: str) -> PressKind | None:
    """Which press an action id stands for; None for another app's button, or one of a newer program."""
    match = ACTION.match(action)
    return cast("PressKind", match[1]) if match and match[1] in _KINDS else None


def written(carried: Carried) -> str:
    """The value of a button: JSON, without what is empty. Slack takes 2,000 characters."""
    fields = {"c": carried.case, "p": carried.position, "v": carried.choice, "a": carried.asker}
    return json.dumps({key: value for key, value in fields.items() if value}, separators=(",", ":"), ensure_ascii=False)


def read(value: str) -> Carried | None:
    """What a value of ours says; None for anything else."""
    try:
        fields = json.loads(value)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    case, position, choice, asker = (fields.get(key, empty) for key, empty in zip("cpva", ("", 0, "", ""), strict=True))
    if isinstance(position, bool) or not isinstance(position, int):
        return None
    if not (isinstance(case, str) and isinstance(choice, str) and isinstance(asker, str)):
        return None
    return Carried(case, position, choice, asker)
