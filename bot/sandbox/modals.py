"""The methods of the Web API around the app itself: views.*, auth, sockets, and what the assistant says it is doing."""

from collections.abc import Mapping

from bot.sandbox.calls import Arguments
from bot.sandbox.limits import Refused, checked_blocks, checked_view, decoded
from bot.sandbox.messages import View
from bot.sandbox.parts import Method, Parts
from bot.sandbox.seed import APP_ID, BOT, BOT_ID, BOT_USER
from bot.sandbox.wire import Json


def auth_test(parts: Parts, _arguments: Arguments) -> Json:
    """auth.test."""
    seed = parts.workspace.seed
    return {
        "ok": True,
        "url": f"https://{seed.team_domain}.slack.com/",
        "team": seed.team_domain.title(),
        "user": BOT.name,
        "team_id": seed.team_id,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "is_enterprise_install": False,
    }


def open_socket(parts: Parts, _arguments: Arguments) -> Json:
    """apps.connections.open."""
    address = parts.workspace.url.replace("http://", "ws://", 1)
    return {"ok": True, "url": f"{address}/link/?ticket={parts.sockets.ticket()}&app_id={APP_ID}"}


def open_view(parts: Parts, arguments: Arguments) -> Json:
    """views.open. The trigger is only used up by a view that Slack accepts."""
    view = _given(arguments)
    person = parts.passes.taken(arguments.required("trigger_id"))
    _refuse_taken_external_id(parts, view, None)
    return _shown(parts.views.open(person, view))


def push_view(parts: Parts, arguments: Arguments) -> Json:
    """views.push."""
    view = _given(arguments)
    person = parts.passes.taken(arguments.required("trigger_id"))
    if not parts.views.stack(person):
        raise Refused("not_found")
    _refuse_taken_external_id(parts, view, None)
    pushed = parts.views.push(person, view)
    if pushed is None:
        raise Refused("push_limit_reached")
    return _shown(pushed)


def update_view(parts: Parts, arguments: Arguments) -> Json:
    """views.update, by view_id or external_id."""
    known = parts.views.find(arguments.maybe("view_id") or arguments.required("external_id"))
    kind = str(known.body["type"]) if known else "modal"
    view = _given(arguments, kind)
    if known is None:
        raise Refused("not_found")
    _refuse_conflict(known, arguments)
    _refuse_taken_external_id(parts, view, known)
    return _shown(parts.views.update(known, view))


def publish_view(parts: Parts, arguments: Arguments) -> Json:
    """views.publish, of a person's Home tab."""
    view = _given(arguments, "home")
    person = parts.workspace.people.get(arguments.required("user_id"))
    if person is None or person.bot:
        raise Refused("invalid_arguments", ["invalid `user_id`"])
    known = parts.views.home(person.id)
    if known:
        _refuse_conflict(known, arguments)
    return _shown(parts.views.publish(person.id, view))


def set_status(parts: Parts, arguments: Arguments) -> Json:
    """assistant.threads.setStatus: "is thinking…"; gone with the next post, an empty status, or after two minutes."""
    room = parts.workspace.rooms.get(arguments.required("channel_id"))
    if room is None or BOT_USER not in room.members:
        raise Refused("channel_not_found")
    if "status" not in arguments.values:
        raise Refused("invalid_arguments", ["missing required field: status"])
    thread_ts = arguments.required("thread_ts")
    if thread_ts not in room.messages:
        raise Refused("invalid_thread_ts")
    parts.workspace.set_status(room.id, thread_ts, arguments.maybe("status"))
    return {"ok": True}


def validate(_parts: Parts, arguments: Arguments) -> Json:
    """blocks.validate, of blocks, a view, or a message."""
    given = [name for name in ("blocks", "view", "message") if arguments.has(name)]
    if len(given) != 1:
        raise Refused("invalid_arguments", ["must provide exactly one of `blocks`, `view`, or `message`"])
    if given == ["view"]:
        _given(arguments)
    elif given == ["message"]:
        message = decoded(arguments.raw("message"), "invalid_message")
        if not isinstance(message, dict):
            raise Refused("invalid_message")
        checked_blocks(message.get("blocks") or [])
    else:
        checked_blocks(arguments.raw("blocks"))
    return {"ok": True}


def _given(arguments: Arguments, kind: str = "modal") -> Json:
    if not arguments.has("view"):
        raise Refused("invalid_arguments", ["missing required field: view"])
    return checked_view(arguments.raw("view"), kind=kind)


def _refuse_conflict(known: View, arguments: Arguments) -> None:
    if arguments.has("hash") and arguments.maybe("hash") != known.hash:
        raise Refused("hash_conflict")


def _refuse_taken_external_id(parts: Parts, view: Json, known: View | None) -> None:
    other = parts.views.find(view["external_id"]) if view.get("external_id") else None
    if other and (known is None or other.id != known.id):
        raise Refused("duplicate_external_id")


def _shown(view: View) -> Json:
    return {"ok": True, "view": view.body}


METHODS: Mapping[str, Method] = {
    "api.test": lambda _parts, _arguments: {"ok": True},
    "auth.test": auth_test,
    "apps.connections.open": open_socket,
    "views.open": open_view,
    "views.push": push_view,
    "views.update": update_view,
    "views.publish": publish_view,
    "assistant.threads.setStatus": set_status,
    "blocks.validate": validate,
}
