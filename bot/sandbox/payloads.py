"""The workspace as JSON in Slack's own shapes: messages, people, channels, views, and the events about them."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.sandbox.messages import File, Message
from bot.sandbox.seed import APP_ID, BOT_USER, SLACKBOT, Person
from bot.sandbox.state import Room, Workspace, app_id_of, bot_id_of, profile
from bot.sandbox.typed import rich_text
from bot.sandbox.wire import Json


def message_json(workspace: Workspace, message: Message, *, metadata: bool = True) -> Json:
    """A message as it stands in events, answers and interactions; without its channel."""
    body: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    if message.subtype:
        body["subtype"] = message.subtype
    if message.client_msg_id:
        body["client_msg_id"] = message.client_msg_id
    body |= _author(workspace, message)
    blocks = list(message.blocks)
    typed = message.subtype in (None, "file_share", "thread_broadcast") and not message.bot_id
    if typed and not blocks and message.text and message.user != SLACKBOT:
        blocks = [rich_text(message.text, f"r{message.ts[-5:]}")]
    if blocks:
        body["blocks"] = blocks
    if message.attachments:
        body["attachments"] = list(message.attachments)
    if message.files:
        body |= {"files": [file_json(workspace, message, file) for file in message.files], "upload": False}
    if message.edited:
        body["edited"] = {"user": message.user, "ts": message.edited}
    if message.subtype == "tombstone":
        body["hidden"] = True
    if message.metadata and metadata:
        body["metadata"] = message.metadata
    return body | _thread(workspace, message)


def listed_json(workspace: Workspace, room: Room, message: Message, *, metadata: bool) -> Json:
    """A message as history and replies list it: with its reactions, and, of a root, what became of its thread."""
    body = message_json(workspace, message, metadata=metadata)
    if message.reactions:
        body["reactions"] = reactions_json(message)
    replies = room.replies(message.ts) if message.thread_ts is None else []
    if replies:
        authors = list(dict.fromkeys(reply.user for reply in replies))
        body |= {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users_count": len(authors),
            "latest_reply": replies[-1].ts,
            "reply_users": authors,
            "is_locked": False,
            "subscribed": BOT_USER in authors,
        }
    return body


def reactions_json(message: Message) -> list[Json]:
    """The reactions of a message with who gave them."""
    return [{"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()]


def file_json(workspace: Workspace, message: Message, file: File) -> Json:
    """A file as it comes with a message. `url_private` is on this server and needs the bot's token."""
    url = f"{workspace.url}/files-pri/{file.id}/{file.name}"
    return {
        "id": file.id,
        "created": int(message.ts.partition(".")[0]),
        "timestamp": int(message.ts.partition(".")[0]),
        "name": file.name,
        "title": file.name,
        "mimetype": file.mimetype,
        "filetype": file.name.rpartition(".")[2] or "text",
        "user": message.user,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "url_private": url,
        "url_private_download": url,
        "permalink": f"https://{workspace.seed.team_domain}.slack.com/files/{message.user}/{file.id}/{file.name}",
        "file_access": "visible",
    }


def person_json(workspace: Workspace, person: Person, *, email: bool = True) -> Json:
    """A person as `users.info` tells it; thin for people of another workspace, as on Slack."""
    body: Json = {
        "id": person.id,
        "team_id": person.team or workspace.seed.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "color": "9f69e7",
        "real_name": person.real_name,
        "profile": {
            "real_name": person.real_name,
            "real_name_normalized": person.real_name,
            "display_name": person.name,
            "display_name_normalized": person.name,
            "avatar_hash": "",
            "team": person.team or workspace.seed.team_id,
        },
        "is_bot": person.bot,
        "is_app_user": False,
        "updated": 0,
    }
    if person.team:
        return body | {"is_stranger": True, "is_restricted": False, "is_ultra_restricted": False}
    offset = workspace.clock().astimezone(ZoneInfo(person.tz)).utcoffset()
    body["profile"] |= {"title": person.title, "phone": "", "status_text": "", "status_emoji": ""}
    body |= {
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.guest,
        "is_ultra_restricted": False,
    }
    if person.bot:
        body["profile"] |= {"api_app_id": app_id_of(person), "bot_id": bot_id_of(person), "always_active": True}
    elif person.email and email:
        body["profile"]["email"] = person.email
    return body


def room_json(workspace: Workspace, room: Room, *, count: bool = False) -> Json:
    """A channel or DM as `conversations.info` tells it."""
    body: Json = {
        "id": room.id,
        "created": room.created,
        "is_archived": room.archived,
        "is_im": room.kind == "dm",
        "is_org_shared": False,
        "context_team_id": workspace.seed.team_id,
        "updated": room.created * 1000,
    }
    if room.kind == "dm":
        body |= {"user": room.person, "is_open": True, "priority": 0}
    else:
        shared = workspace.shared(room)
        body |= {
            "name": room.name,
            "name_normalized": room.name,
            "is_channel": room.kind == "channel",
            "is_group": room.kind == "private",
            "is_private": room.kind == "private",
            "is_mpim": False,
            "is_general": False,
            "is_shared": shared,
            "is_ext_shared": shared,
            "is_pending_ext_shared": False,
            "is_member": BOT_USER in room.members,
            "creator": SLACKBOT,
            "unlinked": 0,
            "topic": {"value": room.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "previous_names": [],
            "shared_team_ids": _teams(workspace, room),
        }
    return body | ({"num_members": len(room.members)} if count else {})


def message_event(workspace: Workspace, room: Room, message: Message, kind: str = "message") -> Json:
    """The event of a new message: `message`, or `app_mention` beside it."""
    event = message_json(workspace, message) | {"type": kind, "channel": room.id, "event_ts": message.ts}
    return event | ({"channel_type": room.channel_type} if kind == "message" else {})


def change_event(workspace: Workspace, room: Room, ts: str, now: Message, before: Message) -> Json:
    """The event of an edit, or of a thread's root becoming a tombstone. Its own ts is that of the change."""
    return _about(room, ts, "message_changed") | {
        "message": message_json(workspace, now),
        "previous_message": message_json(workspace, before),
    }


def deletion_event(workspace: Workspace, room: Room, ts: str, before: Message) -> Json:
    """The event of a message that is gone."""
    event = _about(room, ts, "message_deleted")
    return event | {"deleted_ts": before.ts, "previous_message": message_json(workspace, before)}


def reaction_event(kind: str, user: str, name: str, message: Message, ts: str) -> Json:
    """The event of a reaction added or removed."""
    item = {"type": "message", "channel": message.channel, "ts": message.ts}
    event = {"type": kind, "user": user, "reaction": name, "item": item, "event_ts": ts}
    return event | {"item_user": message.user}


def joined_event(workspace: Workspace, room: Room, user: str, ts: str) -> Json:
    """The event of somebody, or the bot, joining a channel."""
    kind = {"channel": "C", "private": "G", "dm": "D"}[room.kind]
    event = {"type": "member_joined_channel", "user": user, "channel": room.id, "channel_type": kind}
    return event | {"team": workspace.seed.team_id, "event_ts": ts}


def home_event(room: Room, user: str, tab: str, view: Json | None, ts: str) -> Json:
    """The event of somebody opening a tab of the app: `home` with the view if there is one, or `messages`."""
    event: Json = {"type": "app_home_opened", "user": user, "channel": room.id, "tab": tab, "event_ts": ts}
    return event | ({"view": view} if view and tab == "home" else {})


def envelope(workspace: Workspace, event: Json, event_id: str, token: str, *, shared: bool) -> Json:
    """An event in the wrapper that Slack delivers it in."""
    team = workspace.seed.team_id
    return {
        "token": token,
        "team_id": team,
        "context_team_id": team,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(workspace.seconds()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{event_id}",
    }


def _author(workspace: Workspace, message: Message) -> Json:
    author, team = workspace.people.get(message.user), workspace.seed.team_id
    if author is None:
        return {}
    body: Json = {"team": author.team or team}
    if author.team:
        body |= {"user_team": author.team, "source_team": author.team}
    if message.bot_id:
        body |= {"bot_id": message.bot_id, "app_id": message.app_id, "bot_profile": profile(author, team)}
    return body


def _thread(workspace: Workspace, message: Message) -> Json:
    room = workspace.rooms[message.channel]
    if message.thread_ts:
        root = room.messages.get(message.thread_ts)
        return {"thread_ts": message.thread_ts} | ({"parent_user_id": root.user} if root else {})
    return {"thread_ts": message.ts} if message.subtype == "tombstone" else {}


def _about(room: Room, ts: str, subtype: str) -> Json:
    event = {"type": "message", "subtype": subtype, "channel": room.id, "hidden": True}
    return event | {"ts": ts, "event_ts": ts, "channel_type": room.channel_type}


def _teams(workspace: Workspace, room: Room) -> Sequence[str]:
    outside = {workspace.people[member].team for member in room.members} - {None}
    return [workspace.seed.team_id, *sorted(team for team in outside if team)]
