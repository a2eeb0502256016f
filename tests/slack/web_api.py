"""A Web API on this machine that answers what a test tells it to, over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qsl

from slack_sdk import WebClient

Json = dict[str, Any]
FINE: Json = {"ok": True}


@dataclass
class WebApi:
    """`answers` gives for each method what it answers, a list one after the other and then its last for ever."""

    answers: dict[str, list[Json] | Json] = field(default_factory=dict)
    status: dict[str, int] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    url: str = ""
    _lock: Lock = field(default_factory=Lock)

    def client(self) -> WebClient:
        return WebClient(token="xoxb-test", base_url=f"{self.url}api/")

    def asked(self, method: str) -> list[Json]:
        with self._lock:
            return [given for name, given in self.calls if name == method]

    def answer(self, method: str, given: Json) -> tuple[int, Json]:
        with self._lock:
            self.calls.append((method, given))
            said = self.answers.get(method, FINE)
            if isinstance(said, list):
                said = said.pop(0) if len(said) > 1 else said[0]
            return self.status.get(method, 200), said


@contextmanager
def web_api(answers: Mapping[str, list[Json] | Json] | None = None) -> Iterator[WebApi]:
    api = WebApi(dict(answers or {}))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            given = json.loads(body) if body.startswith("{") else dict(parse_qsl(body))
            status, said = api.answer(self.path.removeprefix("/api/").strip("/"), given)
            answer = json.dumps(said).encode()
            self.send_response(status)
            for name, value in api.headers.items():
                self.send_header(name, value)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        api.url = f"http://127.0.0.1:{server.server_port}/"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield api
        finally:
            server.shutdown()
            thread.join()
