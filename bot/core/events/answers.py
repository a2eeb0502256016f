"""What the bot answered, offered or asked, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core.events.fact import Fact
from bot.core.matches import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Fact):
    """`instead_of`: the position of the miss whose message becomes this answer.

    `also`: the entry of a second question in the same message, which a button offers. `margin`, here and below: how far
    the best entry was ahead of the next, None where no ranking decided.
    """

    entry: str
    confidence: float
    candidates: tuple[Match, ...] = ()
    phrasing: str = ""
    margin: float | None = None
    also: Match | None = None
    how: Literal["sure", "picked", "again"] = "sure"
    instead_of: int | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered(Fact):
    """Did you mean …? `candidates` are those offered, best first. `trial`: one entry, asked as "Is this it?"."""

    candidates: tuple[Match, ...]
    confidence: float
    phrasing: str = ""
    margin: float | None = None
    instead_of: int | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed(Fact):
    """Nothing fits."""

    candidates: tuple[Match, ...] = ()
    confidence: float = 0.0
    phrasing: str = ""
    margin: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedToRephrase(Fact):
    """Asked to say it in other words. `after`: what went wrong."""

    after: Literal["miss", "none_of_these", "rejection"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanOffered(Fact):
    """A person was offered because a rule says so. `text`: the editor's own words for it, if the rule has any.

    `entry` and `position` name the answer that somebody is still stuck with, if that is why.
    """

    rule: str
    text: str = ""
    entry: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedDown(Fact):
    """A rule refuses this kind of question. `text` as for `HumanOffered`."""

    rule: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged(Fact):
    """A rule added something to the case, which stays with it: tags, or what counts at a handoff."""

    rule: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked(Fact):
    """A choice under "Did you mean". The question before the offer (at `position`) becomes an example for `entry`.

    `again`, here and below: something was pressed under that message before; kept, and nothing more. `words`: how it
    was said, "the second one"; empty for a press.
    """

    entry: str
    position: int
    again: bool = False
    words: str = ""
    slack_ts: str = ""
    files: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NoneOfThese(Fact):
    position: int
    again: bool = False
    words: str = ""
    slack_ts: str = ""
    files: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondAsked(Fact):
    """The button for the second question was pressed under the answer to the first, which is at `position`."""

    entry: str
    position: int
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected(Fact):
    """ "No, that's not it", typed."""

    words: str
    slack_ts: str
    entry: str = ""
    files: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed(Fact):
    """*That fixed it*. `position` is the answer's, or 0 if it was said to "Shall I close it?"."""

    entry: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StillStuck(Fact):
    """`position` is the answer's. `words` as for `Picked`."""

    entry: str
    position: int
    again: bool = False
    words: str = ""
    slack_ts: str = ""
    files: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled(Fact):
    """What *Still stuck* meant: a label for that entry. `position` is the answer's, `asked_at` our question's.

    `by_rule`: a rule says what follows, in place of us.
    """

    entry: str
    position: int
    asked_at: int = 0
    again: bool = False
    label: Literal["did_not_work", "not_meant"]
    by_rule: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedToClose(Fact):
    """ "That works", typed: shall I close it?"""

    entry: str = ""
