"""What the network and Slack do to a request, over a real socket where that is possible."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread
from typing import cast
from urllib.error import URLError

import pytest
from slack_sdk.web import SlackResponse

from bot.slack.connection import OpenClient
from bot.slack.troubles import NotSent, RateLimited, Refused, Trouble, Unclear, ask, is_about_place, is_about_token


@contextmanager
def slack_answering(raw: bytes | None) -> Iterator[str]:
    """A server that reads one request and sends these bytes; with None it says nothing until the client has gone."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection, connection.makefile("rb") as request:
                headers = dict(line.lower().split(b": ") for line in iter(request.readline, b"\r\n") if b": " in line)
                request.read(int(headers[b"content-length"]))
                if raw is None:
                    request.read()
                else:
                    connection.sendall(raw)

        thread = Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/api/"
        thread.join()


def asked(url: str, *, timeout: float = 5) -> SlackResponse | Trouble:
    client = OpenClient("xoxb-fake", url, timeout=cast("int", timeout))
    client.proxy = None
    return ask(lambda: client.chat_postMessage(channel="C1", text="Hello"))


def http(status: str, body: str, *headers: str) -> bytes:
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers)
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


@pytest.mark.parametrize(
    ("raw", "trouble"),
    [
        (http("200 OK", '{"ok":false,"error":"invalid_blocks"}'), Refused("invalid_blocks")),  # Slack's own no
        (http("429 Slow", '{"ok":false,"error":"ratelimited"}', "Retry-After: 30"), RateLimited(timedelta(seconds=30))),
        (http("429 Slow", "", "retry-after: 2"), RateLimited(timedelta(seconds=2))),  # a proxy writes it small
        (http("429 Slow", "", "Retry-After: soon"), RateLimited(timedelta(seconds=1))),  # it says nothing we can use
        (http("200 OK", '{"ok":false,"error":"rate_limited"}'), RateLimited(timedelta(seconds=1))),  # a message flood
        (http("503 Down", "<html>"), Unclear("http_503")),
        (http("500 Down", '{"ok":false,"error":"internal_error"}'), Unclear("internal_error")),
        (http("200 OK", '{"ok":false,"error":"fatal_error"}'), Unclear("fatal_error")),  # "some aspect … succeeded"
        (http("200 OK", "<html>Please log in"), Unclear("http_200")),  # a proxy answers in Slack's place
        (http("200 OK", '["ok"]'), Unclear("no_object")),  # whoever that was
        (http("200 OK", "null"), Unclear("http_200")),
        (http("200 OK", ""), Unclear("http_200")),
        (b"", Unclear("RemoteDisconnected")),  # the connection goes down without an answer
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", Unclear("IncompleteRead")),  # it breaks off
        (b"nonsense\r\n", Unclear("BadStatusLine")),
    ],
)
def test_each_answer_of_slack_says_whether_something_may_have_been_done(raw: bytes, trouble: Trouble) -> None:
    with slack_answering(raw) as url:
        assert asked(url) == trouble


def test_a_request_that_was_answered_too_late_may_have_been_carried_out() -> None:
    with slack_answering(None) as url:
        assert asked(url, timeout=0.05) == Unclear("TimeoutError")


def test_a_refused_connection_means_that_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/api/"

    assert asked(url) == NotSent("ConnectionRefusedError")


@pytest.mark.parametrize(
    ("raised", "trouble"),
    [
        (URLError(socket.gaierror(-2, "Name or service not known")), NotSent("gaierror")),  # no address, no connection
        (URLError(ssl.SSLCertVerificationError("expired")), NotSent("SSLCertVerificationError")),  # before the request
        (URLError(TimeoutError()), Unclear("TimeoutError")),  # while connecting or while sending: urllib does not say
        (URLError(ConnectionResetError()), Unclear("ConnectionResetError")),
        (URLError("no host given"), Unclear("URLError")),
        (ConnectionResetError(), Unclear("ConnectionResetError")),  # while the answer was read
    ],
)
def test_only_what_certainly_never_left_counts_as_not_sent(raised: Exception, trouble: Trouble) -> None:
    def call() -> SlackResponse:
        raise raised

    assert ask(call) == trouble


def test_words_are_about_the_token_the_place_or_the_content() -> None:
    assert is_about_token("token_revoked")
    assert not is_about_token("channel_not_found")
    assert is_about_place("restricted_action_thread_locked")
    assert not is_about_place("invalid_blocks")
