"""A counter-example: what does not hold, and a test of the rules that has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core.rulebook.rules import RulesTest

Law = Literal["reached", "staffed", "in_hours", "ends"]


@dataclass(frozen=True, slots=True)
class Broken:
    """What does not hold, why (one plain sentence a step), and the way out."""

    law: Law
    what: str
    why: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Counter:
    """`test` says what the rules do now, and so is passed by them; None where no test can have it."""

    broken: Broken
    test: RulesTest | None = None
