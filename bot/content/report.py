"""What a check prints: the faults one by one, and then how many there are. For people, for programs, or for GitHub."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Literal

from bot.content.faults import Fault

Form = Literal["text", "json", "github"]
FORMS: tuple[Form, ...] = ("text", "json", "github")


def report(faults: Sequence[Fault], counts: Mapping[str, int], *, form: Form = "text") -> str:
    """The whole report. `counts` are of what was checked, by what one of them is called: `{"entry": 15}`."""
    errors = sum(fault.level == "error" for fault in faults)
    levels = {"error": errors, "warning": len(faults) - errors}
    if form == "json":
        numbers = {_several(what): number for what, number in {**counts, **levels}.items()}
        return json.dumps({"faults": [fault.as_dict() for fault in faults], **numbers}, ensure_ascii=False, indent=2)
    summary = ", ".join(f"{n} {what if n == 1 else _several(what)}" for what, n in {**counts, **levels}.items())
    return "\n".join([*map(_annotation if form == "github" else str, faults), summary])


def _annotation(fault: Fault) -> str:
    """The command by which a line of a pull request is marked.

    https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message; how to
    escape is in https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts.
    """
    file, line, column = fault.place
    properties = {"file": file, "line": line, "col": column, "title": fault.code}
    written = ",".join(f"{name}={_in_property(str(value))}" for name, value in properties.items())
    way_out = f" -> {fault.hint}" if fault.hint else ""
    return f"::{fault.level} {written}::{_in_message(fault.message + way_out)}"


def _in_message(words: str) -> str:
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _in_property(words: str) -> str:
    return _in_message(words).replace(":", "%3A").replace(",", "%2C")


def _several(what: str) -> str:
    return f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
