"""Everything that can reach us: a message, a press, a command, a delivery, a deadline; repeats share a key."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from bot.core.forms import FormKind
from bot.core.saying import Where

OVERTAKES_WITHIN = timedelta(minutes=15)  # how much younger than its message an edit may be that is heard instead of it


@dataclass(frozen=True, slots=True)
class File:
    name: str
    kind: str  # the MIME type
    link: str  # Slack's permalink


@dataclass(frozen=True, slots=True, kw_only=True)
class Stimulus:
    """`key` is the same on every repeat of the same thing, and on nothing else. `user` is who did it."""

    key: str
    team: str
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written(Stimulus):
    """What a message is and where it stands. `ts` is the message's, `edited` that of its last change, if it had any.

    `thread_ts` is None at the root of a channel or DM. `mentions_us` says whether the bot was named anywhere,
    `opens_with_us` whether the message begins with it.
    """

    channel: str
    ts: str
    edited: str = ""
    thread_ts: str | None = None
    direct: bool = False  # in the DM with the bot
    mentions_us: bool = False
    opens_with_us: bool = False
    parent_user: str | None = None  # who started the thread
    external: bool = False  # of another company (Slack Connect)
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Written):
    """Somebody wrote. `text` is plain: what they see on the screen, with no control sequence of Slack's left in it.

    Our name is not in `text`. `by_bot`: written by another bot.
    """

    text: str
    by_bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit(Written):
    """Somebody changed what they wrote (`text` None: took it away). Everything else is as it is after the change.

    Slack does not promise order: it may come before its message, or instead of it.
    """

    text: str | None


PressKind = Literal[
    "fixed", "stuck", "did_not_work", "not_meant", "human", "pick", "second", "none_of_these", "ask_else", "reopen",
    "choose", "skip", "fill_in",
    "rate", "comment",
    "home", "send",
    "claim", "reply", "send_entry", "transfer", "escalate", "resolve", "duplicate", "back",
    "incident", "status", "over",
    "flag", "flag_fixed",
]  # fmt: skip
OPENS_FORM: Mapping[PressKind, FormKind] = {
    "reply": "reply",
    "send_entry": "send_entry",
    "transfer": "transfer",
    "escalate": "escalate",
    "resolve": "resolve",
    "duplicate": "duplicate",
    "status": "status",
    "flag": "flag",
    "comment": "comment",
    "fill_in": "details",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Press(Stimulus):
    """A button was pressed. `case` and `position` say which of our messages it was on; `choice` what it stands for.

    A press of "flag" without a case was chosen in the menu of the message itself. A button outside any case (under
    a greeting) has `case` "" and belongs to whoever `asker` names. `view` is the form that was opened for it, empty
    still; "" if none could be. `home`: it was on the Home tab, which is in no channel.
    """

    kind: PressKind
    channel: str
    message_ts: str
    case: str = ""
    position: int = 0
    choice: str = ""
    asker: str = ""
    thread_ts: str | None = None
    direct: bool = False
    external: bool = False
    response_url: str = ""
    view: str = ""
    home: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission(Stimulus):
    """A form was filled in and sent. `values`: what stands in its fields, by their names, those left empty missing.

    `case` and `position` say which `FormOpened` it came from, `choice` what it stood for; `channel` and `thread_ts`
    where it was asked for.
    """

    form: FormKind
    view: str
    values: tuple[tuple[str, str], ...]
    case: str = ""
    position: int = 0
    choice: str = ""
    channel: str = ""
    thread_ts: str | None = None
    external: bool = False

    def value(self, name: str) -> str:
        """What stands in the field, without white space around it; "" if nothing does."""
        return next((value.strip() for field, value in self.values if field == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Stimulus):
    """`/tier1 TEXT`. `channels`: the ids of those that the text names, in their order."""

    channel: str
    text: str
    response_url: str
    channels: tuple[str, ...] = ()
    external: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeOpened(Stimulus):
    """Somebody looks at the Home tab."""

    external: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(Stimulus):
    """A message of ours that a case waits for stands in Slack now: `outbox` is its id, `channel` and `ts` its place."""

    case: str
    outbox: str
    channel: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undeliverable(Stimulus):
    """A message of ours cannot be delivered: `outbox` is its id, `error` Slack's word for why.

    `where` is set if no words at all can be said there any more.
    """

    case: str
    outbox: str
    error: str
    where: Where | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadGone(Stimulus):
    """A message of ours has no thread to stand in, and does not stand anywhere else: `outbox` is its id.

    `where` it was to be said is the thread `thread_ts` in `channel`, whose root Slack does not know any more.
    """

    case: str
    outbox: str
    where: Where
    channel: str
    thread_ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Again(Stimulus):
    """The time has come to decide once more what could not be decided: the `Heard` at `position` of `case`."""

    case: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence(Stimulus):
    """The time has come to go on without an answer to what we asked at `position` of `case`."""

    case: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocked(Stimulus):
    """The time has come to see whether something of `case` is due."""

    case: str


AnyStimulus = (
    Message | Edit | Press | Submission | Command | HomeOpened | Delivered | Undeliverable | ThreadGone | Again
    | Silence | Clocked
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case lives: `thread_ts` is "" at the root of a DM."""

    team: str
    channel: str
    thread_ts: str
    requester: str


def message_key(team: str, channel: str, ts: str) -> str:
    """The key of a message, which Slack may deliver as `message`, as `app_mention` and as both."""
    return f"m:{team}:{channel}:{ts}"


def as_edit(message: Message, key: str, *, gone: bool = False) -> Edit:
    """The change that made a message what it is now, or took it away."""
    return Edit(**{**_as_written(message), "key": key}, text=None if gone else message.text)


def as_message(edit: Edit) -> Message | None:
    """The message that an edit tells of, for whoever has not heard it; None if it is too old to be heard now.

    What was taken away is a message without words.
    """
    if not edit.edited or slack_time(edit.edited) - slack_time(edit.ts) > OVERTAKES_WITHIN:
        return None
    key = message_key(edit.team, edit.channel, edit.ts)
    return Message(**{**_as_written(edit), "key": key}, text=edit.text or "")


def with_files(text: str, files: Iterable[File]) -> str:
    """What somebody wrote with the files that came with it beneath, a line each: both are theirs alike."""
    lines = (" ".join(f"[{file.name or 'file'}, {file.kind}] {file.link}".split()) for file in files)
    return "\n".join(line for line in (text, *lines) if line)


def without_text(stimulus: AnyStimulus) -> tuple[AnyStimulus, str]:
    """The stimulus with its text taken out, and the text."""
    match stimulus:
        case Message() | Command():
            return replace(stimulus, text=""), stimulus.text
        case Edit():
            return replace(stimulus, text="" if stimulus.text is not None else None), stimulus.text or ""
        case Submission():
            return replace(stimulus, values=()), json.dumps(stimulus.values, ensure_ascii=False)
        case _:
            return stimulus, ""


def with_text(stimulus: AnyStimulus, text: str) -> AnyStimulus:
    """What `without_text` took apart, whole again."""
    match stimulus:
        case Message() | Command():
            return replace(stimulus, text=text)
        case Edit() if stimulus.text is not None:
            return replace(stimulus, text=text)
        case Submission():
            return replace(stimulus, values=_values(text))
        case _:
            return stimulus


def slack_time(ts: str) -> datetime:
    """Slack's ts (seconds since 1970 with six decimals, as text) as an aware time."""
    seconds, _, micro = ts.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int((micro or "0").ljust(6, "0")[:6]))


def _values(text: str) -> tuple[tuple[str, str], ...]:
    """What was filled in, as it was written down; nothing if that was erased or masked beyond reading."""
    try:
        return tuple((str(name), str(value)) for name, value in json.loads(text))
    except ValueError:
        return ()


def _as_written(stimulus: Written) -> dict[str, Any]:
    return {field.name: getattr(stimulus, field.name) for field in fields(Written)}
