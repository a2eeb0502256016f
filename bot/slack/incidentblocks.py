"""What an incident's card looks like in the specialists' channel. Pure."""

from __future__ import annotations

from bot.core.saying import IncidentCard
from bot.slack import richtext
from bot.slack.limits import HEADER, Room, cut
from bot.slack.wording import Block, Known, Worded, in_line, section

_QUESTION = 1_500
_STATUS = 3_000
_NAMED = 25  # the thread has them all
_FACT = 300


def incident_told(content: IncidentCard, case: str, known: Known, room: Room) -> Worded:
    """The card of an incident. Whoever waits stands there by name: a mention would call them into the channel."""
    title = f"Incident {case}"
    about = known.words_of(content.about) if content.about is not None else ""
    said = known.words_of(content.said) if content.said is not None else ""
    waiting, status = _waiting(content, known), known.sentence(content.status, content.who)
    facts = [
        (label, in_line(value))
        for label, value in (
            ("Queue", content.queue_role), ("Priority", content.priority.upper()), ("Entry", content.title),
        ) if value
    ]  # fmt: skip
    blocks: list[Block] = [
        {"type": "header", "text": {"type": "plain_text", "text": room.take(title, HEADER), "emoji": False}},
        {"type": "section", "fields": [_field(label, value, room) for label, value in facts]},
    ]
    if about:
        blocks.append(_quoted("What it is about", about, _QUESTION, room))
    blocks.append(_literal("Waiting: ", waiting, room))
    if said:
        blocks.append(_quoted("Said to all of them", said, _STATUS, room))
    foot = section(status, room, 500)
    full = [
        title,
        *(f"{label}: {value}" for label, value in facts),
        f"What it is about: {cut(about, _QUESTION)}" if about else "",
        f"Waiting: {waiting}",
        f"Said to all of them: {cut(said, _STATUS)}" if said else "",
        status,
    ]
    return Worded(f"{title}\n{waiting}\n{status}", "\n".join(filter(None, full)), [*blocks, *foot])


def _waiting(content: IncidentCard, known: Known) -> str:
    """How many, and who: "3: Ana Bell, Bo Ray and Cy Fox"."""
    names = [known.name(member) for member in content.members[:_NAMED]]
    more = len(content.members) - len(names)
    if not names:
        return "nobody yet"
    *first, last = [*names, f"{more} more"] if more else names
    listed = f"{', '.join(first)} and {last}" if first else last
    return f"{len(content.members)}: {listed}"


def _field(label: str, value: str, room: Room) -> Block:
    room.left -= len(label) + 3
    return {"type": "mrkdwn", "text": f"*{label}*\n{room.take_escaped(cut(value, _FACT // 2), _FACT)}"}


def _quoted(label: str, words: str, limit: int, room: Room) -> Block:
    room.left -= len(label)
    heading = richtext.section(richtext.literal(label, bold=True))
    return richtext.block(heading, richtext.quote(room.take(words, limit)))


def _literal(label: str, text: str, room: Room) -> Block:
    room.left -= len(label)
    return richtext.block(
        richtext.section(richtext.literal(label, bold=True), richtext.literal(room.take(text, 2_500)))
    )
