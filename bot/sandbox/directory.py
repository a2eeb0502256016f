"""The methods of the Web API about who and what there is: conversations.*, users.*, teams, bots and user groups."""

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from bot.sandbox.calls import Arguments
from bot.sandbox.limits import Refused
from bot.sandbox.messages import Message
from bot.sandbox.parts import Method, Parts
from bot.sandbox.payloads import listed_json, person_json, room_json
from bot.sandbox.seed import BOT_USER, Person, Usergroup
from bot.sandbox.state import Room, app_id_of, bot_id_of
from bot.sandbox.wire import Json

T = TypeVar("T")

_KINDS = {"public_channel": "channel", "private_channel": "private", "im": "dm", "mpim": "mpim"}


def open_conversation(parts: Parts, arguments: Arguments) -> Json:
    """conversations.open, of a DM with one person."""
    if arguments.has("channel"):
        room = _visible(parts, arguments.required("channel"))
        if room.kind != "dm":
            raise Refused("method_not_supported_for_channel_type")
        return _opened(parts, room, arguments)
    users = [user.strip() for user in arguments.maybe("users").split(",") if user.strip()]
    if not users:
        raise Refused("users_list_not_supplied")
    if len(users) > 1:
        parts.workspace.warn("conversations.open with several people: this sandbox has no group DMs")
        raise Refused("method_not_supported_for_channel_type")
    person = parts.workspace.people.get(users[0])
    if person is None or (person.team and not _met(parts, person)):
        raise Refused("user_not_found")
    if person.bot:
        raise Refused("cannot_dm_bot")
    if person.deleted:
        raise Refused("user_disabled")
    return _opened(parts, parts.workspace.dm(person.id), arguments)


def conversation_info(parts: Parts, arguments: Arguments) -> Json:
    """conversations.info."""
    room = _visible(parts, arguments.required("channel"))
    count = arguments.flag("include_num_members")
    return {"ok": True, "channel": room_json(parts.workspace, room, count=count)}


def list_conversations(parts: Parts, arguments: Arguments) -> Json:
    """conversations.list."""
    asked = [kind.strip() for kind in (arguments.maybe("types") or "public_channel").split(",")]
    if set(asked) - set(_KINDS):
        raise Refused("invalid_types")
    kinds = {_KINDS[kind] for kind in asked}
    rooms = [room for room in parts.workspace.rooms.values() if room.kind in kinds and _seen_by_bot(room)]
    if arguments.flag("exclude_archived"):
        rooms = [room for room in rooms if not room.archived]
    page, rest = _page(rooms, arguments, otherwise=100)
    return {"ok": True, "channels": [room_json(parts.workspace, room, count=True) for room in page]} | rest


def history(parts: Parts, arguments: Arguments) -> Json:
    """conversations.history: what stands at the root of a channel, newest first."""
    room = _visible(parts, arguments.required("channel"))
    if BOT_USER not in room.members:
        raise Refused("not_in_channel")
    roots = [one for one in room.standing() if one.thread_ts is None or one.subtype == "thread_broadcast"]
    found = [*reversed(_between(roots, arguments))]
    page, rest = _page(found, arguments, otherwise=100)
    answer = {"ok": True, "messages": _listed(parts, room, page, arguments), "pin_count": 0}
    return answer | {"has_more": bool(rest["response_metadata"]["next_cursor"])} | rest


def replies(parts: Parts, arguments: Arguments) -> Json:
    """conversations.replies: the root first, on every page, then its replies, oldest first."""
    room = _visible(parts, arguments.required("channel"))
    if BOT_USER not in room.members:
        raise Refused("not_in_channel")
    root = room.messages.get(arguments.required("ts"))
    if root is None or (root.deleted and root.subtype != "tombstone"):
        raise Refused("thread_not_found")
    page, rest = _page(_between(room.replies(root.ts), arguments), arguments, otherwise=1000)
    answer = {"ok": True, "messages": _listed(parts, room, [root, *page], arguments)}
    return answer | {"has_more": bool(rest["response_metadata"]["next_cursor"])} | rest


def members(parts: Parts, arguments: Arguments) -> Json:
    """conversations.members."""
    room = _visible(parts, arguments.required("channel"))
    page, rest = _page(room.members, arguments, otherwise=100)
    return {"ok": True, "members": page} | rest


def join(parts: Parts, arguments: Arguments) -> Json:
    """conversations.join, of a public channel."""
    room = _visible(parts, arguments.required("channel"))
    if room.kind != "channel":
        raise Refused("method_not_supported_for_channel_type")
    if room.archived:
        raise Refused("is_archived")
    if BOT_USER in room.members:
        warned: Json = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
        return {"ok": True, "channel": room_json(parts.workspace, room)} | warned
    parts.conversations.join(room, BOT_USER)
    return {"ok": True, "channel": room_json(parts.workspace, room)}


def user_info(parts: Parts, arguments: Arguments) -> Json:
    """users.info."""
    person = parts.workspace.people.get(arguments.required("user"))
    if person is None or (person.team and not _met(parts, person)):
        raise Refused("user_not_found")
    return {"ok": True, "user": _person_json(parts, person)}


def list_users(parts: Parts, arguments: Arguments) -> Json:
    """users.list: the people of this workspace and those met in shared channels."""
    met = [one for one in parts.workspace.people.values() if not one.team or _met(parts, one)]
    page, rest = _page(met, arguments, otherwise=1000)
    return {"ok": True, "members": [_person_json(parts, one) for one in page], "cache_ts": 0} | rest


def user_by_email(parts: Parts, arguments: Arguments) -> Json:
    """users.lookupByEmail; people of other workspaces are not found."""
    email = arguments.required("email").lower()
    for person in parts.workspace.people.values():
        if person.email.lower() == email and not person.team and not person.bot:
            return {"ok": True, "user": _person_json(parts, person)}
    raise Refused("users_not_found")


def team_info(parts: Parts, _arguments: Arguments) -> Json:
    """team.info."""
    seed = parts.workspace.seed
    team = {"id": seed.team_id, "name": seed.team_domain.title(), "domain": seed.team_domain, "email_domain": ""}
    return {
        "ok": True,
        "team": team | {"url": f"https://{seed.team_domain}.slack.com/", "icon": {"image_default": True}},
    }


def bot_info(parts: Parts, arguments: Arguments) -> Json:
    """bots.info."""
    for person in parts.workspace.people.values():
        if person.bot and bot_id_of(person) == arguments.maybe("bot"):
            bot = {"id": bot_id_of(person), "app_id": app_id_of(person), "user_id": person.id, "name": person.real_name}
            return {"ok": True, "bot": bot | {"deleted": False, "updated": 0, "icons": {}}}
    raise Refused("bot_not_found")


def list_usergroups(parts: Parts, arguments: Arguments) -> Json:
    """usergroups.list."""
    with_users = arguments.flag("include_users")
    groups = [_group_json(parts, group, with_users=with_users) for group in parts.workspace.usergroups.values()]
    return {"ok": True, "usergroups": groups}


def usergroup_users(parts: Parts, arguments: Arguments) -> Json:
    """usergroups.users.list."""
    group = parts.workspace.usergroups.get(arguments.required("usergroup"))
    if group is None:
        raise Refused("no_such_subteam")
    return {"ok": True, "users": list(group.users)}


def _person_json(parts: Parts, person: Person) -> Json:
    return person_json(parts.workspace, person, email=parts.granted.sees_emails())


def _visible(parts: Parts, where: str) -> Room:
    room = parts.workspace.rooms.get(where)
    if room is None or not _seen_by_bot(room):
        raise Refused("channel_not_found")
    return room


def _seen_by_bot(room: Room) -> bool:
    return room.kind == "channel" or BOT_USER in room.members


def _met(parts: Parts, person: Person) -> bool:
    rooms = parts.workspace.rooms.values()
    return any({person.id, BOT_USER} <= set(room.members) for room in rooms)


def _opened(parts: Parts, room: Room, arguments: Arguments) -> Json:
    channel = room_json(parts.workspace, room) if arguments.flag("return_im") else {"id": room.id}
    return {"ok": True, "no_op": True, "already_open": True, "channel": channel}


def _listed(parts: Parts, room: Room, messages: Iterable[Message], arguments: Arguments) -> list[Json]:
    metadata = arguments.flag("include_all_metadata")
    return [listed_json(parts.workspace, room, message, metadata=metadata) for message in messages]


def _between(messages: Sequence[Message], arguments: Arguments) -> list[Message]:
    oldest, latest = _time(arguments, "oldest", "0"), _time(arguments, "latest", "9999999999")
    if arguments.flag("inclusive"):
        return [message for message in messages if oldest <= Decimal(message.ts) <= latest]
    return [message for message in messages if oldest < Decimal(message.ts) < latest]


def _time(arguments: Arguments, name: str, otherwise: str) -> Decimal:
    try:
        return Decimal(arguments.maybe(name) or otherwise)
    except InvalidOperation:
        raise Refused(f"invalid_ts_{name}") from None


def _page(things: Sequence[T], arguments: Arguments, *, otherwise: int) -> tuple[list[T], Json]:
    start = 0
    if arguments.has("cursor"):
        try:
            start = int(base64.b64decode(arguments.required("cursor"), validate=True).decode().removeprefix("next:"))
        except (binascii.Error, ValueError):
            raise Refused("invalid_cursor") from None
    end = start + arguments.number("limit", otherwise, most=1000)
    cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(things) else ""
    return list(things[start:end]), {"response_metadata": {"next_cursor": cursor}}


def _group_json(parts: Parts, group: Usergroup, *, with_users: bool) -> Json:
    body = {
        "id": group.id,
        "team_id": parts.workspace.seed.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.handle,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": 0,
        "date_update": 0,
        "date_delete": 0,
        "user_count": len(group.users),
        "prefs": {"channels": [], "groups": []},
    }
    return body | ({"users": list(group.users)} if with_users else {})


METHODS: Mapping[str, Method] = {
    "conversations.open": open_conversation,
    "conversations.info": conversation_info,
    "conversations.list": list_conversations,
    "conversations.history": history,
    "conversations.replies": replies,
    "conversations.members": members,
    "conversations.join": join,
    "users.info": user_info,
    "users.list": list_users,
    "users.lookupByEmail": user_by_email,
    "team.info": team_info,
    "bots.info": bot_info,
    "usergroups.list": list_usergroups,
    "usergroups.users.list": usergroup_users,
}
