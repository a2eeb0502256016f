"""Slack's payloads as stimuli. Pure, and never raises: what is not for us, or not in Slack's shape, is None.

Every stimulus is keyed under our own team, whatever team a shared channel's payload names: one workspace, one key.
Nothing in a stimulus is longer than Slack lets it be, and all of it can be stored, whatever the payload holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.core.stimuli import Command, Edit, File, HomeOpened, Message, Press, Submission, as_edit, message_key
from bot.slack import buttons, forms
from bot.slack.identity import BotIdentity
from bot.slack.limits import BUTTON_VALUE, LINK
from bot.slack.manifest import FLAG_ANSWER
from bot.slack.markup import NameOf, channels_in, harmless, mentions, opens_with, plain

Payload = Mapping[str, object]

MOST_TEXT = 40_000  # characters; Slack cuts a message there: https://docs.slack.dev/reference/methods/chat.postMessage
MOST_FILES = 50  # Slack's clients send ten at once

_EMPTY: Payload = {}
_TS = re.compile(r"\A[0-9]{1,10}\.[0-9]{1,6}\Z")
_ID = re.compile(r"\A[\w.:-]{1,255}\Z", re.ASCII)
_LINE = 255  # characters
_MOST_FIELDS = 100  # blocks of a modal
_FURTHEST = 2**31  # position in a case's log
_WRITTEN = frozenset({"", "file_share", "thread_broadcast", "bot_message"})
_NOBODY = frozenset({"", "USLACKBOT"})


def _unknown(_user: str) -> str | None:
    return None


def message_of(event: object, *, team: str, us: BotIdentity, name_of: NameOf = _unknown) -> Message | Edit | None:
    """The stimulus in an event of type `message` or `app_mention`; None for what people did not write, or we did.

    Edits and deletions by other bots are None, their messages come with `by_bot`. `name_of` gives names for mentions,
    at once or not at all.
    """
    event = _mapping(event)
    channel = _id(event, "channel")
    if _text(event, "type") not in ("message", "app_mention") or not channel or _is_ours(event, us):
        return None
    match _text(event, "subtype"):
        case "message_changed":
            return _changed(event, channel, team, us, name_of)
        case "message_deleted":
            return _deleted(event, _ts(event, "deleted_ts"), channel, team, us)
        case subtype if subtype in _WRITTEN and not event.get("hidden"):
            return _message(event, channel, _text(event, "channel_type"), team=team, us=us, name_of=name_of)
    return None


def press_of(payload: object, *, team: str, us: BotIdentity) -> Press | None:
    """The press in a `block_actions` payload; None for another app's button, or a value that is not ours."""
    payload = _mapping(payload)
    if payload.get("type") != "block_actions":
        return None
    actions = payload.get("actions")
    action = _mapping(actions[0]) if isinstance(actions, list) and actions else _EMPTY
    action_id, action_ts = _id(action, "action_id"), _id(action, "action_ts")
    kind, carried = buttons.kind_of(action_id), _carried(action)
    message, container = _mapping(payload.get("message")), _mapping(payload.get("container"))
    user, place = _mapping(payload.get("user")), _mapping(payload.get("channel"))
    channel = _id(place, "id") or _id(container, "channel_id")
    ts = _ts(message, "ts") or _ts(container, "message_ts")
    who, view = _id(user, "id"), _mapping(payload.get("view"))
    home = _id(view, "id") if _text(view, "type") == "home" else ""
    if kind is None or carried is None or not (((channel and ts) or home) and who and action_ts):
        return None
    return Press(
        key=f"p:{team}:{who}:{ts or home}:{action_id}:{action_ts}",
        team=team,
        user=who,
        kind=kind,
        channel=channel,
        message_ts=ts,
        case=carried.case,
        position=carried.position,
        choice=carried.choice,
        asker=carried.asker,
        thread_ts=_thread(message, ts) or _thread(container, ts),
        direct=_is_direct(channel, _text(place, "name")),
        external=_is_external(us, _text(user, "team_id")),
        response_url=_address(payload, "response_url"),
        home=bool(home),
    )


def shortcut_of(payload: object, *, team: str, us: BotIdentity) -> Press | None:
    """*Flag this answer*, chosen in the menu of a message, in a `message_action` payload; None for anything else."""
    payload = _mapping(payload)
    user, message = _mapping(payload.get("user")), _mapping(payload.get("message"))
    place, who, at = _mapping(payload.get("channel")), _id(user, "id"), _id(payload, "action_ts")
    channel, ts = _id(place, "id"), _ts(payload, "message_ts") or _ts(message, "ts")
    if payload.get("type") != "message_action" or payload.get("callback_id") != FLAG_ANSWER:
        return None
    if not (who and at and channel and ts):
        return None
    return Press(
        key=f"p:{team}:{who}:{ts}:{FLAG_ANSWER}:{at}",
        team=team,
        user=who,
        kind="flag",
        channel=channel,
        message_ts=ts,
        thread_ts=_thread(message, ts),
        direct=_is_direct(channel, _text(place, "name")),
        external=_is_external(us, _text(user, "team_id")),
        response_url=_address(payload, "response_url"),
    )


def home_of(event: object, *, team: str) -> HomeOpened | None:
    """Somebody who looks at the Home tab, in an `app_home_opened` event; None for the Messages tab."""
    event = _mapping(event)
    who, at = _id(event, "user"), _id(event, "event_ts")
    if _text(event, "type") != "app_home_opened" or _text(event, "tab") != "home" or not (who and at):
        return None
    return HomeOpened(key=f"home:{team}:{who}:{at}", team=team, user=who)


def submission_of(payload: object, *, team: str, us: BotIdentity) -> Submission | None:
    """The form in a `view_submission` payload; None for another app's, or what no form of ours can have sent."""
    payload = _mapping(payload)
    view, user = _mapping(payload.get("view")), _mapping(payload.get("user"))
    kind, carried = forms.kind_of(_text(view, "callback_id")), forms.carried_by(_text(view, "private_metadata"))
    view_id, version, who = _id(view, "id"), _id(view, "hash"), _id(user, "id")
    if payload.get("type") != "view_submission" or kind is None or carried is None or not (view_id and version and who):
        return None
    if not 0 <= carried.position < _FURTHEST:
        return None
    if not all(_ID.match(each or "-") for each in (carried.case, carried.channel)):
        return None
    return Submission(
        key=f"s:{team}:{view_id}:{version}",
        team=team,
        user=who,
        form=kind,
        view=view_id,
        values=_filled_in(view.get("state")),
        case=carried.case,
        position=carried.position,
        choice=_storable(carried.choice[:_LINE]),
        channel=carried.channel,
        thread_ts=carried.thread_ts if _TS.match(carried.thread_ts) else None,
        external=_is_external(us, _text(user, "team_id")),
    )


def command_of(payload: object, *, team: str, us: BotIdentity, name_of: NameOf = _unknown) -> Command | None:
    """The slash command in a payload. Its text comes as a message's does (`should_escape` in the manifest)."""
    payload = _mapping(payload)
    trigger, user, channel = (_id(payload, key) for key in ("trigger_id", "user_id", "channel_id"))
    if not (trigger and user and channel and _text(payload, "command")):
        return None
    return Command(
        key=f"c:{trigger}",
        team=team,
        user=user,
        channel=channel,
        text=_words(payload, name_of, us),
        response_url=_address(payload, "response_url"),
        channels=channels_in(_text(payload, "text")),
        external=_is_external(us, _text(payload, "team_id")),
    )


def _message(
    event: Payload, channel: str, kind: str, *, team: str, us: BotIdentity, name_of: NameOf = _unknown
) -> Message | None:
    ts, raw, bot = _ts(event, "ts"), _text(event, "text"), _id(event, "bot_id")
    user = _id(event, "user") or bot
    if not ts or user in _NOBODY or (_text(event, "subtype") == "bot_message" and not bot):
        return None
    return Message(
        key=message_key(team, channel, ts),
        team=team,
        user=user,
        channel=channel,
        ts=ts,
        edited=_ts(_mapping(event.get("edited")), "ts"),
        text=_words(event, name_of, us),
        thread_ts=_thread(event, ts),
        direct=_is_direct(channel, kind),
        mentions_us=_text(event, "type") == "app_mention" or mentions(raw, us.user_id),
        opens_with_us=opens_with(raw, us.user_id),
        parent_user=_id(event, "parent_user_id") or None,
        external=_is_external(us, *(_text(event, key) for key in ("user_team", "team", "source_team"))),
        by_bot=bool(bot),
        files=_files(event.get("files")),
    )


def _changed(event: Payload, channel: str, team: str, us: BotIdentity, name_of: NameOf) -> Edit | None:
    after, before = _mapping(event.get("message")), _mapping(event.get("previous_message"))
    if _text(after, "subtype") == "tombstone":
        # What stays of a deleted message that has replies: https://docs.slack.dev/reference/events/message
        return _deleted(event, _ts(after, "ts"), channel, team, us)
    if not _is_persons(after, us) or after.get("hidden"):
        return None
    # Slack reports an unfurled link and our own updates like an edit: those have no new text, or no `edited`.
    unchanged = isinstance(before.get("text"), str) and _text(before, "text") == _text(after, "text")
    changed = _message(after, channel, _text(event, "channel_type"), team=team, us=us, name_of=name_of)
    if unchanged or changed is None or not changed.edited:
        return None
    return as_edit(changed, f"e:{team}:{channel}:{changed.ts}:{changed.edited}")


def _deleted(event: Payload, ts: str, channel: str, team: str, us: BotIdentity) -> Edit | None:
    before = _mapping(event.get("previous_message"))
    if not ts or not _is_persons(before, us):
        return None
    last = {**before, "ts": ts, "edited": {"ts": event.get("event_ts") or event.get("ts")}}
    gone = _message(last, channel, _text(event, "channel_type"), team=team, us=us)
    return as_edit(gone, f"x:{team}:{channel}:{ts}", gone=True) if gone else None


def _files(value: object) -> tuple[File, ...]:
    files = (_mapping(file) for file in value[:MOST_FILES]) if isinstance(value, list) else ()
    return tuple(
        File(
            name=_line(file, "name") or _line(file, "title") or "file",
            kind=_line(file, "mimetype") or "application/octet-stream",
            link=_address(file, "permalink"),
        )
        for file in files
        if file and _text(file, "mode") not in ("tombstone", "hidden_by_limit")
    )


def _filled_in(state: object) -> tuple[tuple[str, str], ...]:
    """The values of a form's fields, as long as Slack lets them be; nothing in them can be read as a mention."""
    return tuple(
        (_storable(name[:_LINE]), harmless(_storable(value[: forms.MOST_TEXT])))
        for name, value in forms.values_in(state)[:_MOST_FIELDS]
    )


def _carried(action: Payload) -> buttons.Carried | None:
    """What the button was given, if it can be ours."""
    value = _text(action, "value")
    carried = buttons.read(value) if len(value) <= BUTTON_VALUE else None
    if carried is None or not 0 <= carried.position < _FURTHEST:
        return None
    case, choice, asker = map(_storable, (carried.case, carried.choice, carried.asker))
    return buttons.Carried(case, carried.position, choice, asker)


def _is_persons(message: Payload, us: BotIdentity) -> bool:
    written = _text(message, "subtype") in _WRITTEN and not _text(message, "bot_id")
    return written and not _is_ours(message, us) and _text(message, "user") not in _NOBODY


def _is_ours(message: Payload, us: BotIdentity) -> bool:
    return any(
        mine and _text(message, key) == mine
        for key, mine in (("user", us.user_id), ("bot_id", us.bot_id), ("app_id", us.app_id))
    )


def _is_external(us: BotIdentity, *teams: str) -> bool:
    """Whether any team in the payload is another company's; in Enterprise Grid it may name the organisation."""
    return any(team not in ("", us.team, us.enterprise) for team in teams)


def _is_direct(channel: str, kind: str) -> bool:
    return channel.startswith("D") or kind in ("im", "directmessage")


def _thread(message: Payload, ts: str) -> str | None:
    thread_ts = _ts(message, "thread_ts")
    return thread_ts if thread_ts and thread_ts != ts else None


def _ts(payload: Payload, key: str) -> str:
    value = _text(payload, key)
    return value if _TS.match(value) else ""


def _id(payload: Payload, key: str) -> str:
    """A field that names something: "" for what Slack would name nothing."""
    value = payload.get(key)
    return value if isinstance(value, str) and _ID.match(value) else ""


def _words(payload: Payload, name_of: NameOf, us: BotIdentity) -> str:
    # Names may be longer than the mentions they stand for.
    return plain(_text(payload, "text"), name_of, us.user_id)[:MOST_TEXT]


def _line(payload: Payload, key: str) -> str:
    return _text(payload, key)[:_LINE]


def _address(payload: Payload, key: str) -> str:
    """A link, "" where it is none: half of one leads nowhere."""
    value = _text(payload, key)
    return value if len(value) <= LINK else ""


def _text(payload: Payload, key: str) -> str:
    """A field's text as far as Slack lets it go, "" if it has none."""
    value = payload.get(key)
    return _storable(value[:MOST_TEXT]) if isinstance(value, str) else ""


def _storable(text: str) -> str:
    """Half a surrogate pair, or a null, cannot be stored."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _mapping(value: object) -> Payload:
    return value if isinstance(value, Mapping) else _EMPTY
