"""What a decision may have to know of other cases: read once it is known to need it. Data."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.case import Case


@dataclass(frozen=True, slots=True)
class Other:
    """Another case, and what stands with the questions that say what it is about; what was erased is missing."""

    case: Case
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """The other cases that a decision may touch, newest first, each as it was when it was read.

    `own`: those of the same customer that are with people. `others`: whatever was handed off of late and is with people
    still, whoever asked. `incidents`: those that are not over. `named`: the one that a specialist named. `members`: the
    cases of those who wait for the incident at hand. `fresh`: the id for an incident that begins. `handoffs`: how many
    there had been when this was read.
    """

    own: tuple[Other, ...] = ()
    others: tuple[Other, ...] = ()
    incidents: tuple[Other, ...] = ()
    named: Case | None = None
    members: tuple[Case, ...] = ()
    fresh: str = ""
    handoffs: int | None = None
