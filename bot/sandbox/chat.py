"""The methods of the Web API that post, change and mark messages: chat.*, reactions.*, and response URLs."""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.sandbox.calls import Arguments
from bot.sandbox.limits import (
    MOST_MARKDOWN,
    MOST_TEXT,
    MOST_UPDATED_BYTES,
    Refused,
    checked_blocks,
    checked_metadata,
    decoded,
)
from bot.sandbox.messages import Message
from bot.sandbox.parts import Method, Parts
from bot.sandbox.passes import ResponseUrl
from bot.sandbox.payloads import listed_json, message_json, reactions_json
from bot.sandbox.seed import BOT_ID, BOT_USER
from bot.sandbox.state import Room
from bot.sandbox.wire import Json, escaped_once

_EMOJI = re.compile(r"^[a-z0-9_+'-]+(::skin-tone-[2-6])?$")
_PINGS = re.compile(r"<!(?:channel|here|everyone)(?:\|[^>]*)?>")


def post_message(parts: Parts, arguments: Arguments) -> Json:
    """chat.postMessage."""
    room = _room(parts, arguments.required("channel"), by_name=True)
    _refuse_unless_in(room)
    content = _content(parts, arguments)
    wait = parts.faults.over_limit(room.id)
    if wait:
        raise Refused("ratelimited", retry_after=wait)
    message = parts.workspace.from_bot(room, **content, thread_ts=_root(parts, room, arguments.maybe("thread_ts")))
    if arguments.flag("reply_broadcast") and message.thread_ts:
        message = replace(message, subtype="thread_broadcast")
    message = parts.conversations.post(message)
    body = message_json(parts.workspace, message)
    return {"ok": True, "channel": room.id, "ts": message.ts, "message": body} | _truncated(arguments)


def update(parts: Parts, arguments: Arguments) -> Json:
    """chat.update. A text alone removes the blocks and marks the message as edited; blocks leave no mark."""
    room = _room(parts, arguments.required("channel"))
    before = _message(room, arguments.required("ts"))
    if before.bot_id != BOT_ID:
        raise Refused("cant_update_message")
    if len(escaped_once(arguments.maybe("text")).encode()) > MOST_UPDATED_BYTES:
        raise Refused("msg_too_long")
    content = _content(parts, arguments, metadata=before.metadata)
    edited = before.edited if content["blocks"] else parts.workspace.next_ts()
    after = parts.conversations.edit(before, replace(before, **content, edited=edited))
    # Here Slack names the place of the message only outside of it.
    shown = message_json(parts.workspace, after)
    body = {name: value for name, value in shown.items() if name not in ("ts", "thread_ts", "parent_user_id")}
    return {"ok": True, "channel": room.id, "ts": after.ts, "text": after.text, "message": body}


def delete(parts: Parts, arguments: Arguments) -> Json:
    """chat.delete."""
    room = _room(parts, arguments.required("channel"))
    message = _message(room, arguments.required("ts"))
    if message.bot_id != BOT_ID:
        raise Refused("cant_delete_message")
    parts.conversations.delete(message)
    return {"ok": True, "channel": room.id, "ts": message.ts}


def post_ephemeral(parts: Parts, arguments: Arguments) -> Json:
    """chat.postEphemeral."""
    room = _room(parts, arguments.required("channel"))
    user = arguments.required("user")
    _refuse_unless_in(room)
    if user not in room.members:
        raise Refused("user_not_in_channel")
    if len(arguments.maybe("text")) > MOST_TEXT:
        raise Refused("msg_too_long")
    content = _content(parts, arguments)
    thread_ts = _root(parts, room, arguments.maybe("thread_ts"))
    message = parts.workspace.hide(parts.workspace.from_bot(room, **content, thread_ts=thread_ts, only_for=user))
    return {"ok": True, "message_ts": message.ts}


def get_permalink(parts: Parts, arguments: Arguments) -> Json:
    """chat.getPermalink."""
    room = _room(parts, arguments.required("channel"))
    message = _message(room, arguments.required("message_ts"))
    link = f"https://{parts.workspace.seed.team_domain}.slack.com/archives/{room.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={room.id}"
    return {"ok": True, "channel": room.id, "permalink": link}


def add_reaction(parts: Parts, arguments: Arguments) -> Json:
    """reactions.add."""
    name, message = _marked(parts, arguments)
    if BOT_USER in message.reactions.get(name, ()):
        raise Refused("already_reacted")
    parts.conversations.react(message, BOT_USER, name)
    return {"ok": True}


def remove_reaction(parts: Parts, arguments: Arguments) -> Json:
    """reactions.remove."""
    name, message = _marked(parts, arguments)
    if BOT_USER not in message.reactions.get(name, ()):
        raise Refused("no_reaction")
    parts.conversations.react(message, BOT_USER, name, add=False)
    return {"ok": True}


def get_reactions(parts: Parts, arguments: Arguments) -> Json:
    """reactions.get, of a message."""
    room = _room(parts, arguments.required("channel"))
    message = _message(room, arguments.required("timestamp"))
    body = listed_json(parts.workspace, room, message, metadata=False)
    permalink = get_permalink(parts, Arguments({"channel": room.id, "message_ts": message.ts}))["permalink"]
    body |= {"permalink": permalink} | ({"reactions": reactions_json(message)} if message.reactions else {})
    return {"ok": True, "type": "message", "channel": room.id, "message": body}


def respond(parts: Parts, url: ResponseUrl, body: Json) -> None:
    """Do what was posted to a response URL, or came with a command's acknowledgement. Raises Refused."""
    workspace, arguments = parts.workspace, Arguments(body)
    room = workspace.rooms.get(url.channel)
    if room is None:
        raise Refused("channel_not_found")
    original = _original(parts, url)
    if arguments.flag("delete_original"):
        if original and url.hidden:
            workspace.change_hidden(original.ts, None)
        elif original:
            parts.conversations.delete(original)
        return
    content = _content(parts, arguments)
    if arguments.flag("replace_original") and original and url.hidden:
        workspace.change_hidden(original.ts, replace(original, **content))
    elif arguments.flag("replace_original") and original:
        parts.conversations.edit(original, replace(original, **content))
    else:
        thread_ts = _root(parts, room, arguments.maybe("thread_ts")) or None
        message = workspace.from_bot(room, **content, thread_ts=thread_ts)
        if arguments.maybe("response_type") == "in_channel":
            parts.conversations.post(message)
        else:
            workspace.hide(replace(message, only_for=url.person))


def _content(parts: Parts, arguments: Arguments, metadata: Json | None = None) -> Json:
    """The text, blocks and so on of a message that the app wants to be shown. Raises Refused."""
    text = arguments.maybe("text")
    blocks = checked_blocks(arguments.raw("blocks")) if arguments.has("blocks") else ()
    markdown = arguments.maybe("markdown_text")
    if markdown and (text or blocks):
        raise Refused("markdown_text_conflict")
    if len(markdown) > MOST_MARKDOWN:
        raise Refused("msg_too_long")
    if markdown:
        text, blocks = markdown, checked_blocks([{"type": "markdown", "text": markdown}])
    attachments = decoded(arguments.raw("attachments"), "invalid_attachments") or []
    if not isinstance(attachments, list):
        raise Refused("invalid_attachments")
    if len(attachments) > 100:  # noqa: PLR2004 - Slack's limit
        raise Refused("too_many_attachments")
    if not text.strip() and not blocks and not attachments:
        raise Refused("no_text")
    if arguments.has("metadata"):
        metadata = checked_metadata(arguments.raw("metadata"))
    _warn(parts, arguments, text, blocks)
    return {
        "text": escaped_once(text[:MOST_TEXT]),
        "blocks": blocks,
        "attachments": tuple(attachments),
        "metadata": metadata,
    }


def _warn(parts: Parts, arguments: Arguments, text: str, blocks: tuple[Json, ...]) -> None:
    if blocks and not text.strip():
        parts.workspace.warn("blocks without `text`: notifications and screen readers have nothing to show")
    if _PINGS.search(text) or any(_PINGS.search(str(block)) for block in blocks):
        parts.workspace.warn("a message of the bot pings everybody in the channel")
    if arguments.flag("link_names") or arguments.maybe("parse") == "full":
        parts.workspace.warn("`link_names` and `parse=full` bring @here and @channel in quoted text to life")


def _truncated(arguments: Arguments) -> Json:
    if len(arguments.maybe("text")) <= MOST_TEXT:
        return {}
    return {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}


def _room(parts: Parts, where: str, *, by_name: bool = False) -> Room:
    rooms = parts.workspace.rooms
    if by_name and where in parts.workspace.people and where != BOT_USER:
        return parts.workspace.dm(where)
    if by_name and where not in rooms:
        named = [room for room in rooms.values() if room.kind == "channel" and where in (room.name, f"#{room.name}")]
        if named:
            return named[0]
    room = rooms.get(where)
    if room is None or (room.kind == "private" and BOT_USER not in room.members):
        raise Refused("channel_not_found")
    return room


def _refuse_unless_in(room: Room) -> None:
    if BOT_USER not in room.members:
        raise Refused("not_in_channel")
    if room.archived:
        raise Refused("is_archived")


def _message(room: Room, ts: str) -> Message:
    message = room.messages.get(ts)
    if message is None or message.deleted:
        raise Refused("message_not_found")
    return message


def _root(parts: Parts, room: Room, thread_ts: str) -> str | None:
    if not thread_ts:
        return None
    if not re.fullmatch(r"\d+\.\d+", thread_ts):
        raise Refused("invalid_thread_ts")
    root = room.messages.get(thread_ts)
    if root is None or (root.deleted and root.subtype != "tombstone"):
        return None
    if root.thread_ts:
        parts.workspace.warn("`thread_ts` names a reply; Slack wants the root of the thread")
        return None
    return root.ts


def _marked(parts: Parts, arguments: Arguments) -> tuple[str, Message]:
    name = arguments.required("name").strip(":")
    if not _EMOJI.match(name):
        raise Refused("invalid_name")
    if not arguments.has("channel") and not arguments.has("timestamp"):
        raise Refused("no_item_specified")
    room = _room(parts, arguments.required("channel"))
    timestamp = arguments.required("timestamp")
    if not re.fullmatch(r"\d+\.\d+", timestamp):
        raise Refused("bad_timestamp")
    if room.archived:
        raise Refused("is_archived")
    return name, _message(room, timestamp)


def _original(parts: Parts, url: ResponseUrl) -> Message | None:
    if url.message_ts is None:
        return None
    if url.hidden:
        return next((one for one in parts.workspace.hidden if one.ts == url.message_ts), None)
    message = parts.workspace.rooms[url.channel].messages.get(url.message_ts)
    return None if message is None or message.deleted or message.bot_id != BOT_ID else message


METHODS: Mapping[str, Method] = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": get_permalink,
    "reactions.add": add_reaction,
    "reactions.remove": remove_reaction,
    "reactions.get": get_reactions,
}
