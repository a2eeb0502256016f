"""The backend of the page that people use the sandbox by: its files, what one person sees, and what they do."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from importlib.resources import files

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.errors import Tier1Error
from bot.sandbox.acting import Acting
from bot.sandbox.calls import Call
from bot.sandbox.delivery import Delivery
from bot.sandbox.looking import Looking
from bot.sandbox.messages import Message, View
from bot.sandbox.moving import wished
from bot.sandbox.parts import Parts
from bot.sandbox.payloads import reactions_json
from bot.sandbox.seed import BOT, Person
from bot.sandbox.shown import Control
from bot.sandbox.state import Room
from bot.sandbox.views import searched
from bot.sandbox.wire import Json, dumped

SHOWN_CALLS = 200
TICK_SECONDS = 0.1
HEARTBEAT_SECONDS = 10.0
_TYPES = {"html": "text/html", "js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "png": "image/png"}
_FOLDER = files("bot.sandbox") / "page"

Action = Callable[[Json], Json]
Move = Callable[[datetime], None]


class Page:
    """Routes for the browser. What goes wrong comes back in plain words, not as a trace."""

    def __init__(
        self,
        parts: Parts,
        people: Acting,
        seen: Looking,
        *,
        causes: Mapping[str, Callable[[], None]],
        mover: Callable[[], Move | None],
        stopping: Callable[[], bool],
    ) -> None:
        """`causes` are the server's own faults and its `reset`; `stopping` says that streams have to end.

        `mover` gives what puts time forward, if anything does.
        """
        self._parts = parts
        self._people = people
        self._seen = seen
        self._mover = mover
        self._stopping = stopping
        self._causes = {
            "again": self._again,
            "no_ack": lambda: people.drop_acks(1),
            "429": lambda: people.fail_next("chat.postMessage", "ratelimited", retry_after=3),
            **causes,
        }
        self._actions: dict[str, Action] = {
            "say": self._say,
            "edit": self._edit,
            "delete": self._delete,
            "react": self._react,
            "press": self._press,
            "command": self._command,
            "message_shortcut": self._message_shortcut,
            "shortcut": self._shortcut,
            "suggest": self._suggest,
            "submit": self._submit,
            "close": self._close,
            "home": self._home,
            "fault": self._fault,
            "forward": self._forward,
            "reset": self._reset,
        }

    def routes(self) -> list[Route]:
        """The routes of the page."""
        return [
            Route("/", self._index),
            Route("/page/{name}", self._asset),
            Route("/sandbox/state", self._state),
            Route("/sandbox/changes", self._changes),
            Route("/sandbox/{action}", self._act, methods=["POST"]),
        ]

    def _index(self, _request: Request) -> Response:
        return _static("index.html")

    def _asset(self, request: Request) -> Response:
        return _static(request.path_params["name"])

    def _state(self, request: Request) -> Response:
        try:
            return JSONResponse(self._seen_by(request.query_params.get("as")))
        except LookupError as error:
            return JSONResponse({"ok": False, "error": _words(error)}, status_code=404)

    async def _changes(self, _request: Request) -> Response:
        headers = {"Cache-Control": "no-store"}
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers=headers)

    async def _stream(self) -> AsyncIterator[str]:
        seen, beat = -1, time.monotonic()
        while not self._stopping():
            version, now = self._parts.workspace.version, time.monotonic()
            if version != seen:
                seen, beat = version, now
                yield f"data: {dumped({'version': version})}\n\n"
            elif now - beat > HEARTBEAT_SECONDS:
                beat = now
                yield ": still here\n\n"
            await asyncio.sleep(TICK_SECONDS)

    async def _act(self, request: Request) -> Response:
        action = self._actions.get(request.path_params["action"])
        if action is None:
            return JSONResponse({"ok": False, "error": "there is no such action"}, status_code=404)
        try:
            done = await run_in_threadpool(action, _Given(await request.json()))
        except (LookupError, ValueError, TypeError, Tier1Error) as error:
            return JSONResponse({"ok": False, "error": _words(error)})
        return JSONResponse({"ok": True, **done})

    def _say(self, given: Json) -> Json:
        thread_ts = given.get("thread_ts") or None
        return {"ts": self._people.say(given["as"], given["channel"], given["text"], thread_ts=thread_ts)}

    def _edit(self, given: Json) -> Json:
        self._people.edit(given["as"], given["channel"], given["ts"], given["text"])
        return {}

    def _delete(self, given: Json) -> Json:
        self._people.delete(given["as"], given["channel"], given["ts"])
        return {}

    def _react(self, given: Json) -> Json:
        who = self._parts.workspace.person(given["as"])
        message = self._parts.workspace.message(given["channel"], given["ts"])
        again = who.id in message.reactions.get(given["name"], ())
        act = self._people.unreact if again else self._people.react
        act(who.id, given["channel"], given["ts"], given["name"])
        return {}

    def _press(self, given: Json) -> Json:
        if given.get("view_id"):
            who, view = self._opened(given)
            filled = given.get("values") or {}
            self._parts.interactions.press_in_view(who, view, _pressed(view.controls, given), filled)
            return {}
        who = self._parts.workspace.person(given["as"])
        message = self._people.visible(who.id, given["channel"], given["ts"])
        self._parts.interactions.press(who, message, _pressed(message.controls, given))
        return {}

    def _opened(self, given: Json) -> tuple[Person, View]:
        who = self._parts.workspace.person(given["as"])
        view = self._parts.views.find(given["view_id"])
        if view is None or view.person != who.id:
            raise LookupError("that view is not open any more")
        return who, view

    def _command(self, given: Json) -> Json:
        text = given.get("text", "")
        self._people.command(given["as"], given["channel"], given["command"], text, escaped=True)
        return {}

    def _message_shortcut(self, given: Json) -> Json:
        self._people.message_shortcut(given["as"], given["channel"], given["ts"], given["callback_id"])
        return {}

    def _shortcut(self, given: Json) -> Json:
        self._people.shortcut(given["as"], given["callback_id"])
        return {}

    def _suggest(self, given: Json) -> Json:
        who, view = self._opened(given)
        block = searched(view, given["block_id"])
        found = self._parts.interactions.suggest(who, view, block, given.get("query", ""))
        return {"groups": list(found.groups), "trouble": found.trouble}

    def _submit(self, given: Json) -> Json:
        self._people.submit(given["as"], given["view_id"], given.get("values") or {})
        return {}

    def _close(self, given: Json) -> Json:
        self._people.close_view(given["as"], given["view_id"])
        return {}

    def _home(self, given: Json) -> Json:
        self._people.open_home(given["as"], given.get("tab", "home"))
        return {}

    def _fault(self, given: Json) -> Json:
        cause = self._causes.get(given["kind"])
        if cause is None:
            raise ValueError(f"there is no fault {given['kind']!r}")
        cause()
        return {}

    def _again(self) -> None:
        self._people.redeliver()

    def _forward(self, given: Json) -> Json:
        """Returns when the bot has lived through all that is due on the way."""
        workspace, move = self._parts.workspace, self._mover()
        if move is None:
            raise ValueError("time cannot be moved here: the bot goes by a clock of its own")
        move(wished(given, workspace.clock()))
        workspace.touch()
        return {"now": workspace.seconds()}

    def _reset(self, _given: Json) -> Json:
        self._causes["reset"]()
        return {}

    def _seen_by(self, name: str | None) -> Json:
        workspace = self._parts.workspace
        with workspace.changed:
            people = [person for person in workspace.people.values() if person.id != BOT.id]
            if not name and not people:
                raise LookupError("the sandbox has no people: give it a seed with some")
            who = workspace.person(name) if name else people[0]
            workspace.dm(who.id)
            rooms = [room for room in workspace.rooms.values() if who.id in room.members]
            home = self._parts.views.home(who.id)
            return {
                "team": {"id": workspace.seed.team_id, "domain": workspace.seed.team_domain},
                "me": who.id,
                "bot": {"user_id": BOT.id, "name": BOT.real_name, "handle": BOT.name},
                "people": [
                    {"id": one.id, "name": one.name, "real_name": one.real_name, "title": one.title, "guest": one.guest}
                    for one in people
                ],
                "channels": [self._room(room) for room in rooms],
                "ephemerals": [{"channel": one.channel, **self._message(one)} for one in self._seen.ephemerals(who.id)],
                "views": [_view(view) for view in self._seen.views(who.id)],
                "home": home.body if home else None,
                "shortcuts": list(self._parts.granted.shortcuts),
                "calls": self._log(),
                "warnings": list(workspace.warnings),
                "connections": self._parts.sockets.count,
                "now": workspace.seconds(),
                "time_moves": self._mover() is not None,
                "version": workspace.version,
            }

    def _room(self, room: Room) -> Json:
        messages = [self._message(one) for one in room.standing()]
        return {"id": room.id, "name": room.name, "kind": room.kind, "topic": room.topic, "messages": messages}

    def _message(self, message: Message) -> Json:
        return {
            "ts": message.ts,
            "user": message.user,
            "name": self._parts.workspace.names.get(message.user, message.user),
            "bot": message.bot_id is not None,
            "text": message.text,
            "blocks": list(message.blocks),
            "thread_ts": message.thread_ts,
            "reactions": reactions_json(message),
            "edited": message.edited is not None,
            "files": [{"name": file.name, "mimetype": file.mimetype} for file in message.files],
            "status": self._parts.workspace.status(message.channel, message.ts) or None,
        }

    def _log(self) -> list[Json]:
        lines = [_call_line(call) for call in self._parts.calls.all()[-SHOWN_CALLS:]]
        lines += [_delivery_line(delivery) for delivery in self._parts.deliveries.all()[-SHOWN_CALLS:]]
        return sorted(lines, key=lambda line: int(line["n"]))[-SHOWN_CALLS:]


class _Given(Json):
    """What the browser sent; what is missing in it is said in words."""

    def __missing__(self, name: str) -> object:
        raise ValueError(f"{name!r} is missing")


def _static(name: str) -> Response:
    asset = _FOLDER / name
    if name.startswith(".") or not asset.is_file():
        return PlainTextResponse("there is no such page", status_code=404)
    headers = {"Cache-Control": "no-store", "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff"}
    return Response(asset.read_bytes(), media_type=_TYPES.get(name.rpartition(".")[2], "text/plain"), headers=headers)


def _pressed(controls: tuple[Control, ...], given: Json) -> Control:
    same = [one for one in controls if one.action_id == given["action_id"]]
    same = [one for one in same if one.block_id == given.get("block_id", one.block_id)]
    exact = [one for one in same if one.value == (given.get("value") or "")]
    if not same:
        raise LookupError("that button is not there any more")
    return (exact or same)[0]


def _view(view: View) -> Json:
    return {"id": view.id, "view": view.body, "errors": dict(view.errors), "trouble": view.trouble}


def _call_line(call: Call) -> Json:
    detail = {"arguments": call.arguments, "answer": call.answer, "status": call.status}
    error = None if call.ok else str(call.answer.get("error", "no answer"))
    line = {"n": call.n, "at": call.at, "kind": "call", "name": call.method, "ok": call.ok, "error": error}
    return line | {"milliseconds": round(call.milliseconds, 1), "detail": detail}


def _delivery_line(delivery: Delivery) -> Json:
    tries = [
        {"number": one.number, "reason": one.reason, "failure": one.failure, "milliseconds": round(one.milliseconds, 1)}
        for one in delivery.attempts
    ]
    failure = delivery.attempts[-1].failure if delivery.attempts else ""
    return {
        "n": delivery.n,
        "at": delivery.at,
        "kind": delivery.kind,
        "name": delivery.name,
        "ok": None if delivery.state == "waiting" else delivery.acked,
        "error": failure or None,
        "milliseconds": round(delivery.milliseconds, 1) if delivery.attempts else None,
        "detail": {"payload": delivery.payload, "answer": delivery.answer, "attempts": tries},
    }


def _words(error: Exception) -> str:
    return str(error.args[0]) if error.args else "that did not work"
