"""The Web API client, over connections that are kept open: a new one costs three ways to Slack and back each time.

It repeats nothing by itself: a POST whose answer got lost would be said twice.
"""

from __future__ import annotations

import io
import time
from datetime import timedelta
from email.message import Message
from functools import cache
from http.client import HTTPException
from ssl import SSLContext, create_default_context
from threading import Lock
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request

import urllib3
from slack_sdk import WebClient

_REFUSED = 400
_AT_ONCE = 16  # connections that are kept
_FRESH_FOR = 10.0  # seconds; what lies unused for longer may be closed by Slack in the very moment we write to it


class OpenClient(WebClient):
    """`WebClient`, but for how its requests travel."""

    def __init__(self, token: str | None, base_url: str, *, timeout: int) -> None:
        super().__init__(token=token, base_url=base_url, timeout=timeout, retry_handlers=[])
        self._line = _Line()

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        """slack_sdk's own way opens a connection for each call, and reads all certificates anew."""
        if self.proxy is not None:
            return super()._perform_urllib_http_request_internal(url, req)
        return self._line.send(url, req, self.timeout)


def impatient(client: WebClient, timeout: timedelta) -> WebClient:
    """The same client for calls that nobody repeats: an answer within `timeout`, or none."""
    return OpenClient(client.token, client.base_url, timeout=int(timeout.total_seconds()))


class _Line:
    def __init__(self) -> None:
        self._pool = urllib3.PoolManager(maxsize=_AT_ONCE, block=False, retries=False, ssl_context=_trusted())
        self._used_at = time.monotonic()
        self._lock = Lock()

    def send(self, url: str, request: Request, timeout: int) -> dict[str, Any]:
        """Raise what urllib would raise, and return what slack_sdk expects."""
        self._drop_stale()
        data = request.data
        try:
            answer = self._pool.request(
                request.get_method(),
                url,
                body=data if isinstance(data, bytes) else None,
                headers=dict(request.header_items()),
                timeout=urllib3.Timeout(connect=timeout, read=timeout),
                redirect=False,
            )
            body = answer.data
        except urllib3.exceptions.HTTPError as error:
            raise _as_urllib(error) from error
        headers = Message()
        for name, value in answer.headers.items():
            headers[name] = value
        if answer.status >= _REFUSED:
            raise HTTPError(url, answer.status, answer.reason or "", headers, io.BytesIO(body))
        return {"status": answer.status, "headers": headers, "body": body.decode(_charset(headers), "replace")}

    def _drop_stale(self) -> None:
        now = time.monotonic()
        with self._lock:
            is_stale = now - self._used_at > _FRESH_FOR
            self._used_at = now
        if is_stale:
            self._pool.clear()


@cache
def _trusted() -> SSLContext:
    """The certificates this machine trusts. Reading them takes tens of milliseconds, so all lines share them."""
    return create_default_context()


def _charset(headers: Message) -> str:
    return headers.get_content_charset() or "utf-8"


def _as_urllib(error: urllib3.exceptions.HTTPError) -> Exception:
    """What it was, as urllib names it: the caller tells from that whether anything can have left us."""
    if isinstance(error, urllib3.exceptions.ReadTimeoutError):
        return TimeoutError(str(error))
    causes = (*error.args, error.__cause__, error)  # a broken connection names its cause among the arguments
    cause = next((each for each in causes if isinstance(each, OSError | HTTPException)), None)
    if isinstance(error, urllib3.exceptions.ProtocolError) and cause is not None:
        return cause
    return URLError(cause if isinstance(cause, OSError) else str(error))
