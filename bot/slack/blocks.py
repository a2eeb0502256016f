"""What will be said as Slack's text and blocks; Block Kit is built nowhere else. Pure.

People's words stand in rich text, where Slack reads nothing into them, and escaped in `text`. Whatever goes in, the
result is within Slack's limits: what is too long is cut with `…`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import assert_never

from bot.core.saying import (
    AnswerSaid,
    Button,
    Card,
    Content,
    Fill,
    FromCustomer,
    FromSpecialist,
    IncidentCard,
    Line,
    Listing,
    Post,
    Publish,
    React,
    Said,
    TranscriptPage,
    Update,
    Whisper,
    Withdraw,
    Words,
)
from bot.core.stimuli import OPENS_FORM
from bot.core.widths import width
from bot.slack import richtext
from bot.slack.cardblocks import TOKEN, timed
from bot.slack.deskblocks import card_told, page_told
from bot.slack.drawing import Drawing
from bot.slack.incidentblocks import incident_told
from bot.slack.limits import (
    BLOCKS,
    HEADER,
    MARKDOWN,
    SECTION,
    TEXT,
    VIEW_BLOCKS,
    WHOLE_PAGE,
    Room,
    cut_escaped,
)
from bot.slack.listblocks import listing_told
from bot.slack.markup import LOOKALIKE, linked, unlinked
from bot.slack.wording import Block, Known, Worded, in_line, section

_TO_A_PERSON = "Write *talk to a person* to get one."
# Kinds of buttons that say nothing about the bot's help: the specialists' own, and those of people who have a person.
_PEOPLE_ALREADY: frozenset[str] = frozenset(
    {"claim", "back", "ask_else", "over", "incident", "flag_fixed", *OPENS_FORM}
)
_NOTHING = "…"  # Slack refuses an empty message
_FIRST_NAME = re.compile(r"\{\{ ?customer\.first_name ?\}\}")
_POSSESSIVE = re.compile(r"['\u2019]s\b")
_MARKDOWN_MARKS = re.compile(r"([\\`*_{}\[\]~|#!&])")


def compose(
    said: Said,
    *,
    words: Mapping[Words, str],
    name_of: Callable[[str], str],
    permalink_of: Callable[[str, str], str | None],
    plain: bool,
) -> tuple[str, list[Block] | None]:
    """Return `text` and `blocks` of what is to be said; a whispered sentence and a `plain` message have no blocks.

    `words` may lack what was erased, then "[removed]" stands there. `name_of` gives a user's name, "" for nobody known;
    `permalink_of` the address of a message in a channel. What is no message, a reaction or a deletion, is "" and None.
    """
    known = Known(words, name_of, permalink_of)
    match said.saying:
        case Whisper(content=Line(buttons=(), quote=None) as line):
            return linked(cut_escaped(known.sentence(line.text, line.who), TEXT)).strip() or _NOTHING, None
        case React() | Withdraw() | Fill():
            return "", None
        case Post() | Update() | Whisper() | Publish() as saying:
            room = Room()
            asker = saying.content.asker if isinstance(saying.content, Line | Listing) else ""
            drawing = Drawing(said.case, said.position, asker, room)
            row = drawing.row(_buttons(saying.content))  # where an outcome took their place, some are left out
            told = _told(saying.content, said, known, drawing, room)
            if plain:
                whole = isinstance(saying, Post) and isinstance(saying.content, TranscriptPage)
                return _alone(told.full, saying.content, WHOLE_PAGE if whole else TEXT), None
            return cut_escaped(told.brief, TEXT).strip() or _NOTHING, [*told.blocks, *row] or None
    assert_never(said.saying)


def _told(content: Content, said: Said, known: Known, drawing: Drawing, room: Room) -> Worded:
    match content:
        case Line():
            return _line(content, known, room)
        case AnswerSaid():
            return _answer(content, known, room)
        case Card():
            return card_told(content, said.case, known, room)
        case IncidentCard():
            return incident_told(content, said.case, known, room)
        case TranscriptPage():
            return page_told(content, known, room)
        case FromCustomer():
            return _from_customer(content, known, room)
        case FromSpecialist():
            return _from_specialist(content, known, room)
        case Listing():
            most = VIEW_BLOCKS if isinstance(said.saying, Publish) else BLOCKS
            return listing_told(content, known, drawing, room, most)
    assert_never(content)


# --- contents ---------------------------------------------------------------------------------------------------------


def _line(content: Line, known: Known, room: Room) -> Worded:
    sentence = known.sentence(content.text, content.who)
    everybody = tuple(filter(None, (content.calls, *content.also_calls)))
    called = _call(everybody, sentence, room) if everybody else []
    by_the_reader = TOKEN * sum(sentence.count(told) for _, told in content.times)
    room.left -= by_the_reader
    blocks = called or section(sentence, room, SECTION - by_the_reader)
    for block in blocks:
        if block["type"] == "section":
            block["text"]["text"] = timed(linked(block["text"]["text"]), content.times)
    plainly = unlinked(sentence)
    names = ", ".join(known.name(user) for user in everybody if not richtext.is_usergroup(user))
    lines = [f"{names}: {plainly}" if names else plainly]
    if content.quote is not None:
        quoted = known.words_of(content.quote)
        blocks.append(richtext.block(richtext.quote(room.take(quoted))))
        lines.append(quoted)
    picks = [button.label for button in content.buttons if button.kind == "pick"]
    if len(picks) > 1:
        lines += [f"• {label}" for label in picks]
    told = "\n".join(lines)
    return Worded(told, told, blocks)


def _call(everybody: tuple[str, ...], sentence: str, room: Room) -> list[Block]:
    """The sentence behind mentions: in rich text, so that nothing else in it can be one."""
    room.left -= sum(width(one) + len("<!subteam^> ") for one in everybody)
    parts = [part for one in everybody for part in (richtext.literal(" "), richtext.mention(one))]
    words = richtext.literal(f": {room.take(sentence, SECTION)}")
    return [richtext.block(richtext.section(*parts[1:], words))]


def _answer(content: AnswerSaid, known: Known, room: Room) -> Worded:
    name, lead = known.first_name(content.customer), known.sentence(content.lead, content.who)
    title = in_line(content.title)
    links = [(in_line(label), url) for label, url in content.links]
    head = section(lead, room, 1_000)
    if title:
        header = {"type": "plain_text", "text": room.take(title, HEADER), "emoji": False}
        head.append({"type": "header", "text": header})
    tail = _link_line(links, room)
    if content.outcome.strip():
        outcome = {"type": "mrkdwn", "text": room.take_escaped(content.outcome, 500)}
        tail.append({"type": "context", "elements": [outcome]})
    body = _greeted(content.body, _MARKDOWN_MARKS.sub(r"\\\1", name.replace("<", LOOKALIKE)))
    if body.strip():
        head.append({"type": "markdown", "text": _take_markdown(body, room)})
    summary = _unmarked(_greeted(content.summary, name))
    brief = [lead, f"{title}: {summary}" if title and summary else title or summary]
    full = [
        lead,
        f"*{title}*" if title else "",
        _unmarked(_greeted(content.body, name)) or summary,
        *(f"{label}: {url}" if label else url for label, url in links),
        *(f"• {in_line(button.label)}" for button in content.buttons if button.kind == "second"),
        content.outcome,
    ]
    return Worded("\n".join(filter(None, brief)), "\n".join(filter(None, full)), [*head, *tail])


def _from_customer(content: FromCustomer, known: Known, room: Room) -> Worded:
    name, quoted = (
        known.name(content.by),
        known.words_of(content.words, content.start, content.end),
    )
    who = richtext.section(richtext.literal(room.take(name), bold=True), richtext.literal(" wrote:"))
    room.left -= len(" wrote:")
    words = room.take(quoted)
    shown = [richtext.quote(words)] if words else []
    told = f"{name} wrote: {quoted}"
    return Worded(told, told, [richtext.block(who, *shown)])


def _from_specialist(content: FromSpecialist, known: Known, room: Room) -> Worded:
    name, said = known.name(content.by), known.words_of(content.words, content.start, content.end)
    role = f" ({room.take(in_line(content.role), 150)})" if content.role.strip() else ""
    room.left -= len(" ()")
    who = [richtext.literal(room.take(name), bold=True), *([richtext.literal(role)] if role else [])]
    own = richtext.section(*richtext.with_links(room.take(said)))
    lead = section(content.lead, room, 1_000)
    told = "\n".join(filter(None, (content.lead, f"{name}{role}: {said}")))
    return Worded(told, told, [*lead, richtext.block(richtext.section(*who), own)])


# --- pieces -----------------------------------------------------------------------------------------------------------


def _buttons(content: Content) -> Sequence[Button]:
    match content:
        case AnswerSaid() if content.outcome.strip():
            return [button for button in content.buttons if button.kind == "second"]
        case AnswerSaid():
            return content.buttons
        case Line() | Card() | IncidentCard() | FromSpecialist() | Listing():
            return content.buttons
        case TranscriptPage() | FromCustomer():
            return ()
    assert_never(content)


def _alone(full: str, content: Content, limit: int) -> str:
    """A message without blocks; where buttons would be, it says how to reach a person without them."""
    if all(button.kind in _PEOPLE_ALREADY for button in _buttons(content)):
        return cut_escaped(full, limit).strip() or _NOTHING
    return f"{cut_escaped(full, limit - len(_TO_A_PERSON) - 1)}\n{_TO_A_PERSON}".strip()


def _link_line(links: Sequence[tuple[str, str]], room: Room) -> list[Block]:
    elements: list[richtext.Element] = []
    for label, url in links:
        shown = room.take(label, 150) if room.has(2_000 + width(url)) else ""
        if not shown and not richtext.is_link(url):
            continue
        if not room.has(2_000 + width(url)):
            break
        room.left -= width(url) + 3
        elements += [richtext.literal(" · "), richtext.link(url, shown)]
    return [richtext.block(richtext.section(*elements[1:]))] if elements else []


def _take_markdown(body: str, room: Room) -> str:
    fence = "\n```"
    room.left -= len(fence)
    kept = room.take(body, MARKDOWN - len(fence))
    return kept + fence if kept != body and kept.count("```") % 2 else kept


def _greeted(markdown: str, name: str) -> str:
    """Fill in the customer's first name. Without one, the sentence around it still reads well."""
    text, *rest = _FIRST_NAME.split(markdown)
    for piece in rest:
        if name:
            text += name + piece
        elif _POSSESSIVE.match(piece):
            text += "your" + piece[2:]
        elif not text or text.endswith("\n"):
            text += _capitalised(piece.lstrip(" \t").lstrip(",:!.").lstrip(" \t"))
        else:
            text = text.rstrip(" \t").removesuffix(",") + piece
    return text


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _unmarked(markdown: str) -> str:
    """Markdown as Slack's own marks, for where there are no blocks."""
    text = re.sub(r"(?m)^#{1,6} +(\S.*)$", r"*\1*", markdown)
    text = re.sub(r"(?m)^( *)[-*+] +", r"\1• ", text)
    text = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"*\2*", text)
    return re.sub(r"\[([^\[\]\n]+)\]\((https?://[^\s()]+)\)", r"\1 (\2)", text).strip()
