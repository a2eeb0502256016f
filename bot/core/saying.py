"""What will be said, and to whom, as data that can be written down now and turned into Slack's blocks when it is sent.

Words that people wrote are never in here, only references to them (`Words`); names of people are user ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core.course import ClockOf
from bot.core.forms import Form


@dataclass(frozen=True, slots=True)
class Words:
    """The words that stand with one event of one case."""

    case: str
    position: int


# --- where ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class In:
    """A known place: a channel's root, or a thread in it."""

    channel: str
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Under:
    """The thread beneath one of our own messages, which may not be in Slack yet. `channel` is its lane."""

    outbox: str
    channel: str


@dataclass(frozen=True, slots=True)
class DirectTo:
    """The root of the bot's DM with a person; the DM is opened when needed."""

    user: str


Where = In | Under | DirectTo


def is_at_desk(where: Where) -> bool:
    """Whether it is the thread of a card; all other threads are customers'."""
    return isinstance(where, Under) and not where.channel.startswith("@")


# --- what -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Button:
    """`label` is what people read. `kind` is a PressKind; `choice` what the press stands for (an entry id).

    `case`, as it was at `position`, is what it is about, where that is not the case of the message it stands under.
    """

    label: str
    kind: str
    choice: str = ""
    style: Literal["", "primary", "danger"] = ""
    case: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """Sentences of our own. `{who}` in `text` becomes the name of `who`, `{#ID}` a link to that channel; `quote` is
    shown beneath. `times`: moments (seconds since 1970), each with the words for it in `text`, in the place of which
    Slack shows it by its reader's own clock.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    who: str = ""
    quote: Words | None = None
    link_to: str = ""  # the outbox id of a message of ours that is linked to, as far as it is in Slack
    asker: str = ""  # for buttons outside a case: the only person who may press them
    calls: str = ""  # the specialist whose attention it asks for, in their own channel: the one mention there is,
    also_calls: tuple[str, ...] = ()  # but for those whom a ladder calls: people, and user groups
    times: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerSaid:
    """An entry as an answer, `lead` before it, `{who}` in that the name of `who`.

    `body` is Markdown with only `{{customer.first_name}}` left in it. With `outcome` set the buttons have given way to
    that line, all but the one for a `second` question.
    """

    title: str
    summary: str
    body: str
    customer: str
    lead: str = ""
    links: tuple[tuple[str, str], ...] = ()  # label, url
    buttons: tuple[Button, ...] = ()
    outcome: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry as the card lists it. `how`: answered, offered, picked, near miss; with what came of it."""

    entry: str
    title: str
    confidence: float
    how: str


@dataclass(frozen=True, slots=True)
class HopSaid:
    """One line of a card's history: `by` whom the case went on, from whom to whom, and why. Owners may be "".

    `by` the bot, nobody wrote why: it went where a ladder leads.
    """

    at: float  # seconds since 1970
    by: str
    from_role: str
    from_owner: str
    to_role: str
    to_owner: str
    why: Words


@dataclass(frozen=True, slots=True)
class Told:
    """What the customer said when they were asked for `label`; `words` None: they skipped it."""

    label: str
    words: Words | None


@dataclass(frozen=True, slots=True)
class Attached:
    """The last `count` lines of these words name a file each."""

    words: Words
    count: int


@dataclass(frozen=True, slots=True)
class PastCase:
    """An earlier case of the customer: what it was `about`, and what became of it."""

    case: str
    opened: float  # seconds since 1970
    about: str
    outcome: str


@dataclass(frozen=True, slots=True)
class EarlierSaid:
    """The customer's cases before this one: how many, the last of them, and sentences that warn of a repetition."""

    count: int
    last: tuple[PastCase, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """The handoff's message in its queue's channel. `reason` is the sentence, `rule` the id behind it.

    `earlier` is None if nobody looked. `due`: what runs out next, in seconds since 1970, with a text for where Slack
    shows no reader's own time; None where nothing is promised, or nothing runs. `due_of` is what that is.
    """

    customer: str
    category: str
    priority: str
    reason: str
    rule: str
    queue_role: str
    question: Words | None
    question_channel: str
    question_ts: str
    status: str  # one line: waiting, claimed by {who}, resolved by {who}, …
    who: str = ""
    seen: tuple[Seen, ...] = ()
    tags: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    hops: tuple[HopSaid, ...] = ()  # oldest first
    owner: str = ""  # a user id
    due: tuple[float, str] | None = None
    due_of: ClockOf = "first_response"
    told: tuple[Told, ...] = ()
    earlier: EarlierSaid | None = None
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentCard:
    """An incident's message in its queue's channel. `about`: words that say what it is; `title`: that of an entry.

    `members`: the customers who wait, each once. `said`: what was last said to all of them.
    """

    about: Words | None
    title: str
    priority: str
    queue_role: str
    members: tuple[str, ...]
    said: Words | None
    status: str  # as on a card
    who: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class TurnSaid:
    """One turn of a transcript. `by`: a user id, "" for the bot. `text` is ours, `words` theirs cut to [start:end]."""

    at: float  # seconds since 1970
    by: str
    text: str = ""
    words: Words | None = None
    start: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class TranscriptPage:
    number: int
    of: int
    turns: tuple[TurnSaid, ...]


@dataclass(frozen=True, slots=True)
class FromCustomer:
    """What the customer wrote after the handoff, cut to [start:end], for the card's thread."""

    by: str
    words: Words
    start: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class FromSpecialist:
    """What a specialist says to the customer, cut to [start:end], under their name. `lead`: a line of ours above."""

    by: str
    role: str
    words: Words
    buttons: tuple[Button, ...] = ()
    start: int = 0
    end: int | None = None
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A case or an entry in a list: `title` is ours, `words` those of `by`, `about` a line of ours beneath.

    `{who}` in `about` is the name of `who`, `{due}` the moment `due` (seconds since 1970) as each reader's clock shows
    it. `at` is the message that it links to.
    """

    title: str = ""
    by: str = ""
    words: Words | None = None
    about: str = ""
    who: str = ""
    due: float | None = None
    at: In | None = None
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """What is listed under one heading, which may be ""."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Sentences of ours, `{who}` in them the name of `who`, a list, and a line beneath it.

    `asker`: who alone may press the buttons under all of it.
    """

    lead: str
    who: str = ""
    groups: tuple[Group, ...] = ()
    foot: str = ""
    buttons: tuple[Button, ...] = ()
    asker: str = ""


Content = Line | AnswerSaid | Card | IncidentCard | TranscriptPage | FromCustomer | FromSpecialist | Listing


# --- how --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Say it once. `urgent` overtakes what is not. `as_bot`: dropped if a human owns the case by then.

    `report`: the desk wants to hear where it landed (`Delivered`). A post that fails for good is always reported.
    """

    where: Where
    content: Content
    urgent: bool = True
    as_bot: bool = False
    report: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Replace one of our messages, named by its outbox id. May be repeated at will.

    `or_else`: where it is said anew if the message cannot be changed any more; `as_bot` counts then, as for a post.
    """

    outbox: str
    content: Content
    channel: str = ""  # its lane
    or_else: Where | None = None
    as_bot: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Delete one of our messages."""

    outbox: str
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class React:
    """Put a reaction on a message. `after`: only once that outbox id is in Slack."""

    channel: str
    ts: str
    name: str
    after: str = ""
    remove: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """Put a form, or a line of ours, into the modal `view` that was opened for it. May be repeated at will.

    Whoever has closed it meanwhile does not want it any more.
    """

    view: str
    content: Form | Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisper:
    """Something only one person sees: by `response_url` if there is one, else as an ephemeral message. At most once.

    `link_to`: the outbox id of a message of ours to link to.
    """

    channel: str
    user: str
    content: Content
    thread_ts: str | None = None
    response_url: str = ""
    link_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """What a person's Home tab shows from now on. May be repeated at will; only the newest counts."""

    user: str
    content: Listing


Saying = Post | Update | Withdraw | React | Whisper | Fill | Publish


@dataclass(frozen=True, slots=True)
class Redirect:
    """A thread is gone: what `case` has still to say in it is said at `to`, under its own id; never, if that is None.

    That is the post `outbox`, which found it gone, and whatever waits to be said at one of `was`.
    """

    case: str
    outbox: str
    was: tuple[Where, ...]
    to: Where | None


@dataclass(frozen=True, slots=True)
class Said:
    """A saying with its outbox id: `<case>-<position>-<n>`, so that later events can name the message it became."""

    id: str
    case: str  # "" outside any case
    position: int
    saying: Saying
