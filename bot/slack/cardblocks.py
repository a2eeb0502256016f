"""What a card tells beyond the question: what the customer was asked, their files, their earlier cases, times. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.core.saying import Attached, EarlierSaid, Told
from bot.slack import richtext
from bot.slack.limits import Room
from bot.slack.markup import escaped
from bot.slack.richtext import Element
from bot.slack.wording import Block, Known, in_line

_VALUE = 400  # characters of one answer; the transcript has the rest
_TOLD, _FILES, _WARNINGS = 20, 10, 3
_KEPT_FREE = 2_500  # characters for what stands below on the card: entries, earlier cases, tags and the status
_LINE = 400  # for one earlier case
_FILE = re.compile(r"\[(?P<name>.*), (?P<kind>[^,\]]*)\](?: (?P<link>\S+))?")  # as `with_files` writes it
_SKIPPED = "skipped"
TOKEN = 90  # characters of a moment that each reader's clock shows


def moment(at: float, otherwise: str, how: str = "{date_short_pretty} {time}") -> str:
    """A moment as each reader's own clock shows it, for mrkdwn.

    https://docs.slack.dev/messaging/formatting-message-text/#date-formatting
    """
    return f"<!date^{int(at)}^{how}|{escaped(otherwise)}>"


def timed(text: str, times: Sequence[tuple[float, str]]) -> str:
    """A sentence of ours for mrkdwn, with its times as each reader's own clock shows them."""
    tokens = {escaped(told): moment(at, told) for at, told in times}
    told = "|".join(map(re.escape, tokens))
    return re.sub(told, lambda found: tokens[found[0]], text) if told else text


def due_field(label: str, due: tuple[float, str], room: Room) -> Block:
    room.left -= len(label) + TOKEN
    return {"type": "mrkdwn", "text": f"*{label}*\n{moment(*due)}"}


def told_shown(told: Sequence[Told], known: Known, room: Room) -> list[Element]:
    """What was asked before the handoff, with the customer's words as they are."""
    items = []
    for one in told[:_TOLD]:
        if not room.has(_KEPT_FREE):
            break
        value = room.take(_value(one, known), _VALUE)
        label = room.take(f"{in_line(one.label)}: ", 150)
        items.append(richtext.section(richtext.literal(label, bold=True), richtext.literal(value or "…")))
    return [_heading("They said", room), richtext.bullets(items)] if items else []


def told_listed(told: Sequence[Told], known: Known) -> list[str]:
    return [f"{in_line(one.label)}: {_value(one, known)}" for one in told]


def attached_shown(attached: Sequence[Attached], known: Known, room: Room) -> list[Element]:
    items = []
    files = _files(attached, known)
    for name, kind, link in files[:_FILES]:
        if not room.has(_KEPT_FREE):
            break
        shown, about = room.take(name, 150), room.take(f" · {kind}", 100)
        if room.has(len(link) + _KEPT_FREE):
            room.left -= len(link)
            items.append(richtext.section(richtext.link(link, shown), richtext.literal(about)))
        else:
            items.append(richtext.section(richtext.literal(shown + about)))
    if len(items) < len(files):
        more = room.take(f"and {len(files) - len(items)} more, in the transcript")
        items.append(richtext.section(richtext.literal(more or "…")))
    return [_heading("Files", room), richtext.bullets(items)] if items else []


def attached_listed(attached: Sequence[Attached], known: Known) -> list[str]:
    return [f"{name} · {kind} {link}".rstrip() for name, kind, link in _files(attached, known)[:_FILES]]


def earlier_shown(earlier: EarlierSaid, room: Room) -> list[Block]:
    """The customer's cases before this one, newest first; what warns of a repetition comes first."""
    lines = [f":warning: {room.take_escaped(in_line(warning), 300)}" for warning in earlier.warnings[:_WARNINGS]]
    lines.append(f"*Earlier cases:* {room.take_escaped(str(earlier.count), 20)}")
    for one in earlier.last:
        if not room.has(_LINE):
            break
        room.left -= TOKEN
        opened = moment(one.opened, _day(one.opened), "{date_short_pretty}")
        about, outcome = room.take_escaped(in_line(one.about), 150), room.take_escaped(in_line(one.outcome), 100)
        lines.append(f"• {escaped(one.case)} · {opened} · {about} · {outcome}")
    return [{"type": "section", "text": {"type": "mrkdwn", "text": "\n".join(lines)}}]


def earlier_listed(earlier: EarlierSaid) -> list[str]:
    return [
        *earlier.warnings,
        f"Earlier cases: {earlier.count}",
        *(f"• {one.case} · {_day(one.opened)} · {in_line(one.about)} · {one.outcome}" for one in earlier.last),
    ]


def _value(told: Told, known: Known) -> str:
    return known.words_of(told.words) if told.words is not None else _SKIPPED


def _files(attached: Sequence[Attached], known: Known) -> list[tuple[str, str, str]]:
    """Name, type and link of each; those whose words were erased are gone with them."""
    found = []
    for one in attached:
        for line in known.words_of(one.words).splitlines()[-one.count :]:
            match = _FILE.fullmatch(line.strip())
            if match:
                found.append((in_line(match["name"]) or "file", match["kind"], match["link"] or ""))
    return found


def _heading(label: str, room: Room) -> Element:
    room.left -= len(label)
    return richtext.section(richtext.literal(label, bold=True))


def _day(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
