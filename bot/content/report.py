"""What a check prints: the faults one by one, and then how many there are. For people, or as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from bot.content.faults import Fault


def report(faults: Sequence[Fault], counts: Mapping[str, int], *, as_json: bool) -> str:
    """The whole report. `counts` are of what was checked, by what one of them is called: `{"entry": 15}`."""
    errors = sum(fault.level == "error" for fault in faults)
    levels = {"error": errors, "warning": len(faults) - errors}
    if as_json:
        numbers = {_several(what): number for what, number in {**counts, **levels}.items()}
        return json.dumps({"faults": [fault.as_dict() for fault in faults], **numbers}, ensure_ascii=False, indent=2)
    summary = ", ".join(f"{n} {what if n == 1 else _several(what)}" for what, n in {**counts, **levels}.items())
    return "\n".join([*map(str, faults), summary])


def _several(what: str) -> str:
    return f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
