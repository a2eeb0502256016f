"""The yardstick: the smallest bot that Bolt can be, which says what it hears. Its environment is that of `tier1 run`.

`python -m bench.echo` uses Socket Mode, `python -m bench.echo PORT` HTTP, by Bolt's own adapter in Uvicorn, and
`python -m bench.echo PORT plain` HTTP by the server that Bolt brings along for development.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

import uvicorn
from slack_bolt import App, Say
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def echo() -> App:
    client = WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = App(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"])

    @app.event("message")
    def heard(event: dict[str, Any], say: Say) -> None:
        say(event["text"])

    return app


def serve(app: App, port: int) -> None:
    handler = SlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    routes = [Route("/slack/events", events, methods=["POST"])]
    config = uvicorn.Config(Starlette(routes=routes), port=port, log_config=None, access_log=False, backlog=512)
    uvicorn.Server(config).run()


def main(words: list[str]) -> None:
    app = echo()
    if not words:
        SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).connect()  # type: ignore[no-untyped-call]
        threading.Event().wait()
    elif words[1:] == ["plain"]:
        app.start(int(words[0]), http_server_logger_enabled=False)
    else:
        serve(app, int(words[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
