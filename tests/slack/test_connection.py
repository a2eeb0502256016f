"""Requests to Slack travel over connections that stay open, and a connection that was closed meanwhile harms nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from slack_sdk.web import SlackResponse

from bot.slack.connection import OpenClient


class Slack:
    """Answers everything; `closes` tells it to hang up after each answer, without a word about it."""

    def __init__(self) -> None:
        self.connections = 0
        self.requests = 0
        self.closes = False
        slack = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                slack.connections += 1

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"] or 0))
                slack.requests += 1
                self.send_response(200)
                self.send_header("content-length", "11")
                self.end_headers()
                self.wfile.write(b'{"ok":true}')
                self.close_connection = slack.closes

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name there
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/api/"


@pytest.fixture
def slack() -> Iterator[Slack]:
    one = Slack()
    thread = threading.Thread(target=one.server.serve_forever, args=(0.01,))
    thread.start()
    yield one
    one.server.shutdown()
    thread.join()
    one.server.server_close()


@pytest.fixture
def client(slack: Slack) -> OpenClient:
    one = OpenClient("xoxb-test", slack.url, timeout=5)
    one.proxy = None
    return one


def call(client: OpenClient) -> SlackResponse:
    return client.chat_postMessage(channel="C1", text="Hello")


def test_one_connection_serves_many_calls(slack: Slack, client: OpenClient) -> None:
    for _ in range(10):
        assert call(client)["ok"]

    assert (slack.connections, slack.requests) == (1, 10)


def test_calls_at_the_same_time_do_not_wait_for_each_other_nor_mix(slack: Slack, client: OpenClient) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert all(answer["ok"] for answer in threads.map(lambda _: call(client), range(80)))

    assert slack.requests == 80
    assert slack.connections <= 8


def test_a_connection_that_slack_closed_meanwhile_is_not_used_again(slack: Slack, client: OpenClient) -> None:
    slack.closes = True
    for _ in range(5):
        assert call(client)["ok"]
        wait_until(lambda: not any(thread.name.startswith("Thread-") and "process_request" in thread.name
                                   for thread in threading.enumerate()))  # fmt: skip

    assert (slack.connections, slack.requests) == (5, 5)


def test_a_connection_that_lay_unused_for_long_is_not_used_again(
    slack: Slack, client: OpenClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("bot.slack.connection.time.monotonic", lambda: now[0])
    call(client)
    now[0] += 9
    call(client)
    now[0] += 11
    call(client)

    assert slack.connections == 2


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(500):
        if is_so():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never was so")
