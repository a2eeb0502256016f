"""What the rules may say, and hardly mean: channels that get in each other's way, promises in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise

from bot.content import faults as f
from bot.content.faults import Place, quoted
from bot.content.reading.reading import Reading
from bot.content.reading.shapes import Found
from bot.content.reading.source import Node
from bot.content.reading.written import node_at, place_at
from bot.content.rules.effective import length
from bot.content.rules.promises import STANDARD, targets
from bot.core.entries import Priority
from bot.core.rulebook.rules import PRIORITIES, ChannelRules, Targets

_SPOKEN_IN = ("all", "questions")
_WORKING_DAY = timedelta(hours=8)
_CLOCK_HOURS_TO_AN_OPEN_ONE = 3
_TARGETS = ("first_response", "next_response", "resolution")


def check_doubts(found: Found, node: Node, reading: Reading) -> None:
    """Report it all. `found` is what could be read of the file, its queues at least."""
    _check_channels(found["queues"], found.get("channels", {}), node, reading)
    for name, written in found.get("slas", {}).items():
        _check_promises(name, written, node, reading)


def _check_channels(
    queues: Mapping[str, Found], channels: Mapping[str, ChannelRules], node: Node, reading: Reading
) -> None:
    teams: dict[str, str] = {}
    for name, queue in queues.items():
        channel = queue["channel"]
        if channel in teams:
            message = f"queue {quoted(teams[channel])} works in {quoted(channel)} too"
            place = place_at(node, "queues", name, "channel")
            reading.report(f.SHARED_CHANNEL, place, message, "give each team a channel of its own")
        teams.setdefault(channel, name)
    for channel, rules in channels.items():
        if channel in teams and rules.mode in _SPOKEN_IN:
            message = f"the bot would answer in {quoted(channel)}, where queue {quoted(teams[channel])} works"
            hint = "write `mode: mention`: what a team says to each other is no question to the bot"
            reading.report(f.SHARED_CHANNEL, place_at(node, "channels", channel, "mode"), message, hint)


def _check_promises(name: str, written: Mapping[str, Found], node: Node, reading: Reading) -> None:
    """What is not written is as in the standard SLA, and is compared with what is."""
    promised = targets(written)
    for each in PRIORITIES:
        for earlier in ("first_response", "next_response"):
            if _is_longer(promised[each], promised[each], earlier, "resolution"):
                place = _place((each, earlier), (each, "resolution"), name, node)
                _report(place, (each, earlier), (each, "resolution"), promised, reading)
    for urgent, less in pairwise(PRIORITIES):
        for target in _TARGETS:
            if _is_longer(promised[urgent], promised[less], target, target):
                _report(
                    _place((urgent, target), (less, target), name, node),
                    (urgent, target),
                    (less, target),
                    promised,
                    reading,
                )


_Promise = tuple[Priority, str]


def _is_longer(one: Targets, other: Targets, target: str, than: str) -> bool:
    """Whether it takes longer. Open hours pass more slowly than those of the clock, save within a working day."""
    mine, theirs = getattr(one, target), getattr(other, than)
    if one.business or not other.business:
        return bool(mine > theirs)
    return bool(mine > _CLOCK_HOURS_TO_AN_OPEN_ONE * theirs or _WORKING_DAY >= mine > theirs)


def _place(one: _Promise, other: _Promise, sla: str, node: Node) -> Place | None:
    """Where the first of them is written, else the second; None if neither is."""
    paths: Iterator[tuple[str, ...]] = (("slas", sla, *promise) for promise in (one, other))
    return next((place_at(node, *path) for path in paths if node_at(node, *path) is not None), None)


def _report(
    place: Place | None, longer: _Promise, shorter: _Promise, promised: Mapping[Priority, Targets], reading: Reading
) -> None:
    if place is None:
        return
    (one, target), (other, than) = longer, shorter
    took, less = (length(getattr(promised[each], name), in_days=False) for each, name in (longer, shorter))
    message = f"{one} has `{target}: {took}`, longer than `{than}: {less}`{'' if one == other else f' of {other}'}"
    reading.report(f.SLOWER, place, message, f"swap them; what is not written is as in `{STANDARD}`")
