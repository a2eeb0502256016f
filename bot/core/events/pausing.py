"""When the bot is told to be quiet, and to speak again: facts that stand in no case."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.events.fact import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(Fact):
    """From now on people answer instead of the bot in `channel`, "" for everywhere. `words` say why.

    `asked_in` is where the command was given; `response_url` answers it.
    """

    channel: str
    words: str = ""
    asked_in: str = ""
    response_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Fact):
    """The bot speaks again in `channel`, "" for everywhere, but not where it is `still` paused.

    The rest as for `Paused`.
    """

    channel: str
    still: tuple[str, ...] = ()
    asked_in: str = ""
    response_url: str = ""
