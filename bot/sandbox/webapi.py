"""The Web API: who may call, which method answers, which fault strikes, and the log of it all."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from bot.sandbox import chat, directory, modals
from bot.sandbox.calls import Arguments, Call, read
from bot.sandbox.faults import GARBLED, LOST, Fault
from bot.sandbox.limits import Refused
from bot.sandbox.parts import Method, Parts
from bot.sandbox.wire import Json

METHODS: Mapping[str, Method] = {**chat.METHODS, **directory.METHODS, **modals.METHODS}
_APP_TOKEN = ("apps.connections.open",)
_APP_SCOPES = ("connections:write",)
_NO_TOKEN = ("api.test",)
_STRANGER = ("not_authed", "invalid_auth")
_LIMITED = ("ratelimited", "rate_limited")
HTTP_OK, TOO_MANY, NOT_FOUND, BAD_REQUEST = 200, 429, 404, 400


@dataclass(frozen=True, slots=True)
class _Answered:
    body: Json
    status: int
    retry_after: int = 0
    garbled: str | None = None  # sent instead of the body


class WebApi:
    """Answers `/api/METHOD` and the posts to response URLs."""

    def __init__(
        self, parts: Parts, *, sleep: Callable[[float], Awaitable[None]], hang_up: Callable[[Request], None]
    ) -> None:
        """`sleep` ends early when the server stops; `hang_up` ends the connection of a request without an answer."""
        self._parts = parts
        self._sleep = sleep
        self._hang_up = hang_up

    async def call(self, request: Request) -> Response:
        """Answer one call of the Web API."""
        method = request.path_params["method"]
        body = await request.body()
        began, started = self._parts.workspace.seconds(), time.monotonic()
        self._parts.calls.begin()
        values: Json = {}
        answered = _Answered({"ok": False, "error": "fatal_error"}, 500)
        try:
            await self._sleep(self._parts.faults.pause(method))
            values = _read(request, body)
            answered = await run_in_threadpool(self._answer, method, values, request)
        except Refused as refused:
            answered = _refused(refused)
        finally:
            took = (time.monotonic() - started) * 1000
            shown = {name: value for name, value in values.items() if name != "token"}
            self._parts.calls.end(Call(method, shown, answered.body, began, took, answered.status))
        if answered.status == 0:
            self._hang_up(request)
            await asyncio.sleep(0)
            return PlainTextResponse("", status_code=500)
        scopes = _APP_SCOPES if method in _APP_TOKEN else self._parts.granted.scopes
        headers = {} if answered.body.get("error") in _STRANGER else {"X-OAuth-Scopes": ",".join(scopes)}
        if answered.retry_after:
            headers["Retry-After"] = str(answered.retry_after)
        if answered.garbled is not None:
            return HTMLResponse(answered.garbled, status_code=answered.status)
        return JSONResponse(answered.body, status_code=answered.status, headers=headers)

    async def respond(self, request: Request) -> Response:
        """Take a post to a response URL."""
        body = await request.body()
        began, started = self._parts.workspace.seconds(), time.monotonic()
        self._parts.calls.begin()
        values: Json = {}
        answered = _Answered({"ok": False, "error": "fatal_error"}, 500)
        try:
            values = _posted(request, body)
            answered = await run_in_threadpool(self._respond, request.path_params["key"], values)
        except Refused as refused:
            gone = refused.error.endswith("_url")
            answered = _Answered(refused.answer(), NOT_FOUND if gone else BAD_REQUEST)
        finally:
            took = (time.monotonic() - started) * 1000
            self._parts.calls.end(Call("response_url", values, answered.body, began, took, answered.status))
        return JSONResponse(answered.body, status_code=answered.status)

    def _answer(self, method: str, values: Json, request: Request) -> _Answered:
        fault = self._parts.faults.take(method)
        if fault and not fault.after:
            return _failed(fault)
        try:
            answered = _Answered(self._done(method, values, request), HTTP_OK)
        except Refused as refused:
            answered = _refused(refused)
        return _failed(fault) if fault else answered

    def _done(self, method: str, values: Json, request: Request) -> Json:
        found = METHODS.get(method)
        if found is None:
            self._parts.workspace.warn(f"{method}: this sandbox does not know the method")
            raise Refused("unknown_method", req_method=method)
        if method not in _NO_TOKEN:
            self._refuse_stranger(method, values, request)
        room = self._parts.workspace.rooms.get(str(values.get("channel")))
        self._parts.granted.check(method, room.kind if room else "channel")
        return found(self._parts, Arguments(values))

    def _refuse_stranger(self, method: str, values: Json, request: Request) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        is_json = request.headers.get("content-type", "").startswith("application/json")
        token = given.strip() if scheme.lower() == "bearer" else ""
        if not token and not is_json:
            token = str(values.get("token") or "")
        if not token:
            if values.get("token"):
                self._parts.workspace.warn(f"{method}: with a JSON body, Slack reads the token from the header only")
            raise Refused("not_authed")
        tokens = self._parts.tokens
        if token not in (tokens.bot, tokens.app):
            raise Refused("invalid_auth")
        if (token == tokens.app) != (method in _APP_TOKEN):
            raise Refused("not_allowed_token_type")

    def _respond(self, key: str, values: Json) -> _Answered:
        fault = self._parts.faults.take("response_url")
        if fault:
            return _Answered({"ok": False, "error": fault.error}, fault.status or 500)
        chat.respond(self._parts, self._parts.passes.response(key), values)
        return _Answered({"ok": True}, HTTP_OK)


def _posted(request: Request, body: bytes) -> Json:
    values = read({}, request.headers.get("content-type", ""), body)
    # Like incoming webhooks, response URLs also take a form with the JSON in one field.
    return read({}, "application/json", str(values["payload"]).encode()) if set(values) == {"payload"} else values


def _read(request: Request, body: bytes) -> Json:
    return read(dict(request.query_params), request.headers.get("content-type", ""), body)


def _refused(refused: Refused) -> _Answered:
    body = refused.answer()
    if refused.error in _LIMITED:
        return _Answered({"ok": False, "error": refused.error}, TOO_MANY, int(str(body.get("retry_after", 1))))
    return _Answered(body, HTTP_OK)


def _failed(fault: Fault) -> _Answered:
    error = "internal_error" if fault.error == LOST else fault.error
    retry_after = fault.retry_after if fault.status == TOO_MANY else 0
    return _Answered({"ok": False, "error": error}, fault.status, retry_after, GARBLED.get(error))
