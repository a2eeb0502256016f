"""Lists of cases and entries, in a message that one person sees or on their Home tab. Pure.

Customers' words stand in plain text here, in which Slack reads nothing either, so that a button fits beside them.
"""

from __future__ import annotations

from datetime import UTC, datetime

from bot.core.saying import Item, Listing
from bot.core.widths import width
from bot.slack import richtext
from bot.slack.cardblocks import moment
from bot.slack.drawing import Drawing
from bot.slack.limits import ACTIONS, BUTTON_LABEL, Room, cut, cut_escaped
from bot.slack.markup import escaped
from bot.slack.wording import Block, Known, Worded, in_line, section

_WORDS = 150  # the first of them: who wants more follows the link
_ABOUT = 400
_TITLE = 150
_ADDRESS = 500
_SENTENCES = 1_500
_ENOUGH = 900  # for one more item
_BLOCKS_AN_ITEM = 3
_BLOCKS_BENEATH = 3  # what did not fit, the foot, and the buttons


def listing_told(content: Listing, known: Known, drawing: Drawing, room: Room, most: int) -> Worded:
    """The list in `most` blocks, a button beside each item. What does not fit any more is counted."""
    lead = known.sentence(content.lead, content.who)
    blocks = section(lead, room, _SENTENCES)
    foot = section(content.foot, room, 300)
    lines, left_out = [lead], 0
    for group in content.groups:
        titled = section(f"*{in_line(group.title)}*", room, _TITLE) if group.title.strip() else []
        for item in group.items:
            if not room.has(_needed(item)) or len(blocks) + len(titled) + _BLOCKS_AN_ITEM + _BLOCKS_BENEATH > most:
                left_out += 1
                continue
            blocks += [*titled, *_item(item, known, drawing, room)]
            lines += [f"*{group.title}*"] * len(titled) + [f"• {_plainly(item, known)}"]
            titled = []
    if left_out:
        foot = [*section(f"{left_out} more do not fit here.", room, 100), *foot]
    return Worded(lead, "\n".join(filter(None, (*lines, content.foot))), [*blocks, *foot])


def _item(item: Item, known: Known, drawing: Drawing, room: Room) -> list[Block]:
    text = {"type": "plain_text", "text": room.take(_headline(item, known), _TITLE + _WORDS), "emoji": False}
    pressable = drawing.elements(item.buttons)
    beside = {"accessory": pressable[0]} if len(pressable) == 1 else {}
    told = _about(item, known, room)
    about = [{"type": "context", "elements": [{"type": "mrkdwn", "text": told}]}] if told.strip() else []
    beneath = [{"type": "actions", "elements": pressable}] if len(pressable) > 1 else []
    return [{"type": "section", "text": text, **beside}, *about, *beneath]


def _needed(item: Item) -> int:
    """Text that an item may take: nothing in it may be left empty."""
    return _ENOUGH + BUTTON_LABEL * min(len(item.buttons), ACTIONS)


def _headline(item: Item, known: Known) -> str:
    """Who it is about, and what they said; or a title of ours."""
    who = known.name(item.by) if item.by else ""
    words = cut(in_line(known.words_of(item.words)), _WORDS) if item.words is not None else ""
    said = f"“{words}”" if words else cut(in_line(item.title), _TITLE)
    return ": ".join(filter(None, (who, said))) or "…"


def _about(item: Item, known: Known, room: Room) -> str:
    """Slack's own marks are in here, for the moment and the link, and nothing that a person wrote."""
    before, _, after = known.sentence(item.about, item.who).partition("{due}")
    told = room.take_escaped(before, _ABOUT)
    if item.due is not None:
        told += moment(item.due, _utc(item.due)) + room.take_escaped(after, _ABOUT)
        room.left -= 100
    link = _link(item, known)
    if link and room.has(width(link) + _ENOUGH):
        room.left -= width(link)
        told += link
    return told


def _link(item: Item, known: Known) -> str:
    """The way to its message; "" for none, and for an address that Slack might refuse or cut."""
    address = known.permalink_of(item.at.channel, item.at.thread_ts or "") if item.at else None
    if not address or not richtext.is_link(address) or width(escaped(address)) > _ADDRESS:
        return ""
    return f" · <{escaped(address)}|open it>"


def _plainly(item: Item, known: Known) -> str:
    about = known.sentence(item.about, item.who).replace("{due}", _utc(item.due) if item.due is not None else "")
    return " · ".join(filter(None, (_headline(item, known), cut_escaped(in_line(about), _ABOUT))))


def _utc(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%a %d %b %H:%M} UTC"
