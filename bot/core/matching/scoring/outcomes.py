"""What customers did with an answer or an offer, as far as it says whether their question was understood."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question, and an entry that was meant by it or was not.

    `question` tells questions apart that were asked in the same words; `text` is as it was asked, redacted.
    """

    question: int
    text: str
    entry: str
    is_meant: bool
