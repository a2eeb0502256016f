"""What the specialists' channels show: the card of a handoff and its transcript. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.core.course import ClockOf
from bot.core.events import BOT
from bot.core.saying import Card, Seen, TranscriptPage, TurnSaid
from bot.core.widths import width
from bot.slack import cardblocks, history, richtext
from bot.slack.limits import HEADER, Room, cut
from bot.slack.richtext import Element
from bot.slack.wording import Block, Known, Worded, in_line, section

_QUESTION = 3_000  # the transcript has the rest
_SEEN = 10
_ENOUGH = 250  # for time and author of one more turn
_GROUP = 2_500
_US = "Support bot"
_DUE: dict[ClockOf, str] = {
    "first_response": "First response due",
    "next_response": "Next response due",
    "resolution": "Solution due",
}
_NOBODY_YET = "nobody yet"


def card_told(content: Card, case: str, known: Known, room: Room) -> Worded:
    """The card of a handoff. The customer stands there by name: a mention would call them into the channel."""
    title = in_line(f"New handoff · Case {case}") if case else "New handoff"
    facts = _facts(content, known)
    blocks: list[Block] = [
        {"type": "header", "text": {"type": "plain_text", "text": room.take(title, HEADER), "emoji": False}},
        {"type": "section", "fields": [*(_field(label, value, room) for label, value in facts), *_due(content, room)]},
    ]
    status = known.sentence(content.status, content.who)
    foot = section(status, room, 500)
    tags = in_line(", ".join(content.tags))
    if tags:
        label = {"type": "mrkdwn", "text": room.take_escaped(f"Tags: {tags}", 500)}
        foot.insert(0, {"type": "context", "elements": [label]})
    question = known.words_of(content.question) if content.question is not None else ""
    asked = [_heading("Question", room), richtext.quote(room.take(question, _QUESTION))] if question else []
    sentence, address = _where(content, known)
    where = _where_shown(sentence, address, room)
    why = _why(content, room)
    seen = _seen(content.seen, room)
    hops = history.drawn(content.hops, known, room)
    said = cardblocks.told_shown(content.told, known, room)
    files = cardblocks.attached_shown(content.files, known, room)
    blocks += [richtext.block(*part) for part in (asked, where, why, said, files, seen, hops) if part]
    earlier = cardblocks.earlier_shown(content.earlier, room) if content.earlier else []
    brief = f"{title}\n{' · '.join(value for _, value in facts)}\n{content.reason}\n{status}"
    full = [
        title,
        *(f"{label}: {value}" for label, value in facts),
        f"{_DUE[content.due_of]}: {content.due[1]}" if content.due else "",
        f"Question: {cut(question, _QUESTION)}" if question else "",
        f"{sentence}: {address}" if address else sentence,
        f"Why: {content.reason} ({content.rule})" if content.rule else f"Why: {content.reason}",
        *cardblocks.told_listed(content.told, known),
        *cardblocks.attached_listed(content.files, known),
        *(f"• {_listed(seen)}" for seen in content.seen[:_SEEN]),
        *(cardblocks.earlier_listed(content.earlier) if content.earlier else ()),
        *history.told(content.hops, known),
        f"Tags: {tags}" if tags else "",
        status,
    ]
    return Worded(brief, "\n".join(filter(None, full)), [*blocks, *earlier, *foot])


def page_told(content: TranscriptPage, known: Known, room: Room) -> Worded:
    """One page of a transcript: every turn with its time in UTC, its author and the words."""
    title = f"Transcript {content.number}/{content.of}"
    head = {"type": "context", "elements": [{"type": "mrkdwn", "text": room.take_escaped(title, HEADER)}]}
    groups: list[list[Element]] = [[]]
    begun = room.left
    for turn in content.turns:
        if not room.has(_ENOUGH):
            groups[-1].append(richtext.section(richtext.literal("…")))
            break
        if begun - room.left > _GROUP:
            groups.append([])
            begun = room.left
        groups[-1] += _turn(turn, known, room)
    full = [title, *(_turn_plain(turn, known) for turn in content.turns)]
    return Worded(title, "\n".join(full), [head, *(richtext.block(*group) for group in groups if group)])


# --- the card ---------------------------------------------------------------------------------------------------------


def _facts(content: Card, known: Known) -> list[tuple[str, str]]:
    facts = [
        ("Customer", known.name(content.customer)),
        ("Category", in_line(content.category)),
        ("Priority", in_line(content.priority).upper()),
        ("Queue", in_line(content.queue_role)),
        ("Owner", known.name(content.owner) if content.owner else _NOBODY_YET),
    ]
    return [(label, value) for label, value in facts if value]


def _due(content: Card, room: Room) -> list[Block]:
    return [cardblocks.due_field(_DUE[content.due_of], content.due, room)] if content.due else []


def _field(label: str, value: str, room: Room) -> Block:
    room.left -= len(label) + 3
    return {"type": "mrkdwn", "text": f"*{label}*\n{room.take_escaped(cut(value, 150), 300)}"}


def _heading(label: str, room: Room) -> Element:
    room.left -= len(label)
    return richtext.section(richtext.literal(label, bold=True))


def _why(content: Card, room: Room) -> list[Element]:
    # The reason may quote the customer's words: rich text, where Slack reads nothing into them.
    reason, rule = room.take(in_line(content.reason), 1_000), room.take(in_line(content.rule), 200)
    room.left -= len("Why:  ")
    elements = [richtext.literal("Why: ", bold=True)]
    elements += [richtext.literal(reason + (" " if rule else ""))] if reason else []
    elements += [richtext.literal(rule, code=True)] if rule else []
    return [richtext.section(*elements)] if reason or rule else []


def _where(card: Card, known: Known) -> tuple[str, str]:
    """Where the question is, as a sentence and, if it can be linked, an address."""
    direct = card.question_channel.startswith(("D", "@"))
    asked = card.question_channel and card.question_ts
    address = known.permalink_of(card.question_channel, card.question_ts) if asked else None
    if not address or not richtext.is_link(address):
        return ("Asked in a direct message", "") if direct else ("", "")
    # Slack opens a direct message only to those who are in it; the specialists have the transcript.
    return ("Open the question, asked in a direct message" if direct else "Open the question"), address


def _where_shown(sentence: str, address: str, room: Room) -> list[Element]:
    needed = width(sentence) + width(address) + len(" ()")
    if not sentence or not room.has(needed + _ENOUGH):
        return []
    room.left -= needed
    return [richtext.section(richtext.link(address, sentence))]


def _seen(seen: Sequence[Seen], room: Room) -> list[Element]:
    if not seen:
        return []
    heading = _heading("Entries seen", room)
    items = []
    for one in seen[:_SEEN]:
        title, rest = room.take(in_line(one.title or one.entry), 150), room.take(_came_of(one), 150)
        items.append(richtext.section(*([richtext.literal(title, bold=True)] if title else []), richtext.literal(rest)))
    return [heading, richtext.bullets(items)]


def _came_of(seen: Seen) -> str:
    return f" · {seen.confidence * 100:.0f} % · {in_line(seen.how)}"


def _listed(seen: Seen) -> str:
    return in_line(seen.title or seen.entry) + _came_of(seen)


# --- the transcript ---------------------------------------------------------------------------------------------------


def _turn(turn: TurnSaid, known: Known, room: Room) -> list[Element]:
    head = richtext.section(
        richtext.literal(room.take(_time(turn)), bold=True), richtext.literal(room.take(f"  {_author(turn, known)}"))
    )
    words = room.take(_spoken(turn, known))
    return [head, *([richtext.quote(words)] if words else [])]


def _turn_plain(turn: TurnSaid, known: Known) -> str:
    return f"{_time(turn)} {_author(turn, known)}: {_spoken(turn, known)}"


def _spoken(turn: TurnSaid, known: Known) -> str:
    if turn.words is None:
        return turn.text.strip()
    return known.words_of(turn.words, turn.start, turn.end)


def _author(turn: TurnSaid, known: Known) -> str:
    return known.name(turn.by) if turn.by not in ("", BOT) else _US


def _time(turn: TurnSaid) -> str:
    return f"{datetime.fromtimestamp(turn.at, UTC):%Y-%m-%d %H:%M} UTC"
