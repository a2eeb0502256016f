"""Slack's signed HTTP deliveries to the app: events as JSON, interactions and commands as forms."""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from urllib.parse import urlencode, urlsplit

import h11

from bot.sandbox.delivery import Answer, Delivery, Outcome
from bot.sandbox.wire import Json, dumped

VERIFY_SECONDS = 3.0
HTTP_OK, REDIRECTED = 200, 300


class SignedPosts:
    """Posts deliveries to one URL, as Slack does when Socket Mode is off."""

    timed_out = "http_timeout"

    def __init__(self, url: str, signing_secret: str) -> None:
        """`url` is a plain http URL on this machine."""
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._secret = signing_secret

    async def attempt(self, delivery: Delivery, number: int, reason: str, seconds: float) -> Outcome:
        """Post once. Any 2xx within `seconds` is an acknowledgement, its body the answer."""
        body, content_type = _body(delivery)
        headers = self.signed(body) | {"Content-Type": content_type}
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        try:
            status, answered, text = await asyncio.wait_for(self._post(headers, body), seconds)
        except TimeoutError:
            return Outcome(False, self.timed_out)
        except (OSError, h11.RemoteProtocolError):
            return Outcome(False, "connection_failed")
        if HTTP_OK <= status < REDIRECTED:
            return Outcome(True, answer=_answer(text))
        return Outcome(False, "http_error", no_retry=answered.get("x-slack-no-retry") == "1")

    async def verify(self, token: str) -> bool:
        """Post the challenge of docs.slack.dev/reference/events/url_verification; say whether it came back."""
        challenge = secrets.token_hex(16)
        body = dumped({"token": token, "challenge": challenge, "type": "url_verification"}).encode()
        headers = self.signed(body) | {"Content-Type": "application/json"}
        try:
            status, _, text = await asyncio.wait_for(self._post(headers, body), VERIFY_SECONDS)
        except (TimeoutError, OSError, h11.RemoteProtocolError):
            return False
        return status == HTTP_OK and _answer(text) in (challenge, {"challenge": challenge})

    def signed(self, body: bytes) -> dict[str, str]:
        """The headers that prove that a body comes from Slack, as of now."""
        stamp = str(int(time.time()))
        digest = hmac.new(self._secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def _post(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], str]:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            wire = h11.Connection(h11.CLIENT)
            fixed = {"Host": f"{self._host}:{self._port}", "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
            fixed |= {"Content-Length": str(len(body)), "Accept": "*/*", "Connection": "close"}
            request = h11.Request(method="POST", target=self._target, headers=list((fixed | headers).items()))
            for event in (request, h11.Data(data=body), h11.EndOfMessage()):
                writer.write(wire.send(event) or b"")
            await writer.drain()
            return await _read(wire, reader)
        finally:
            writer.close()


async def _read(wire: h11.Connection, reader: asyncio.StreamReader) -> tuple[int, dict[str, str], str]:
    status, headers, text = 0, dict[str, str](), b""
    while True:
        event = wire.next_event()
        if event is h11.NEED_DATA:
            wire.receive_data(await reader.read(65536))
        elif isinstance(event, h11.Response):
            status = event.status_code
            headers = {name.decode().lower(): value.decode() for name, value in event.headers}
        elif isinstance(event, h11.Data):
            text += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            return status, headers, text.decode("utf-8", "replace")


def _body(delivery: Delivery) -> tuple[bytes, str]:
    match delivery.kind:
        case "event":
            return dumped(delivery.payload).encode(), "application/json"
        case "interaction":
            return urlencode({"payload": dumped(delivery.payload)}).encode(), "application/x-www-form-urlencoded"
        case "command":
            return urlencode(delivery.payload).encode(), "application/x-www-form-urlencoded"


def _answer(text: str) -> Answer:
    try:
        answer: Json | str | None = json.loads(text)
    except ValueError:
        return text or None
    return answer if isinstance(answer, dict) else text or None
