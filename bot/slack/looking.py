"""Look whether a message of ours is in Slack already, after a request whose outcome nobody knows.

Every message carries its outbox id as Slack's message metadata. Nothing else of a message is read.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.ports import Landed, Row
from bot.slack.troubles import Refused, Trouble, Unclear, ask, is_about_token

log = logging.getLogger(__name__)

EVENT_TYPE = "tier1_outbox"
_CLOCKS_DIFFER = timedelta(minutes=5)  # Slack's clock and ours
_PAGE = 200  # the most that Slack recommends
_NO_THREAD = "thread_not_found"  # https://docs.slack.dev/reference/methods/conversations.replies


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a message goes: a channel's root, or a thread in it."""

    channel: str
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """It is not there, or Slack will never let us see whether it is. `thread_gone`: nor is the thread."""

    thread_gone: bool = False


@dataclass(frozen=True, slots=True)
class More:
    """Not on this page, and there is another one."""


def metadata(outbox: str) -> dict[str, Any]:
    """What a message carries so that it can be found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"id": outbox}}


class Looking:
    def __init__(self, client: WebClient) -> None:
        self._client = client
        # A look that Slack slows down goes on where it stopped; a new attempt to post makes it a new look.
        self._cursors: dict[tuple[str, int, Spot], str] = {}

    def page(self, row: Row, spot: Spot) -> Landed | Absent | More | Trouble:
        """Look at one page of the place, the first one first. The caller asks again as long as there is `More`."""
        look = (row.said.id, row.attempts, spot)
        cursor = self._cursors.get(look)
        answer = ask(lambda: self._read(row, spot, cursor))
        if isinstance(answer, Refused):
            if answer.error == "invalid_cursor":
                self._cursors.pop(look, None)
                return Unclear(answer.error)
            if is_about_token(answer.error) and answer.error != "missing_scope":
                return answer
            self._cursors.pop(look, None)
            if answer.error == _NO_THREAD:
                return Absent(thread_gone=True)
            log.warning("%s: Slack does not let us look for it (%s); it is said again", row.said.id, answer.error)
            return Absent()
        if not isinstance(answer, SlackResponse):
            return answer
        found = _found(answer, row.said.id, spot)
        following = (answer.get("response_metadata") or {}).get("next_cursor")
        if found is None and following and following != cursor:
            self._cursors[look] = following
            return More()
        self._cursors.pop(look, None)
        return found or Absent()

    def _read(self, row: Row, spot: Spot, cursor: str | None) -> SlackResponse:
        oldest = f"{(row.created_at - _CLOCKS_DIFFER).timestamp():.6f}"
        if spot.thread_ts is None:
            return self._client.conversations_history(
                channel=spot.channel, oldest=oldest, include_all_metadata=True, limit=_PAGE, cursor=cursor
            )
        return self._client.conversations_replies(
            channel=spot.channel,
            ts=spot.thread_ts,
            oldest=oldest,
            include_all_metadata=True,
            limit=_PAGE,
            cursor=cursor,
        )


def _found(answer: SlackResponse, outbox: str, spot: Spot) -> Landed | None:
    for message in answer.get("messages") or ():
        carried = message.get("metadata") or {}
        if carried.get("event_type") == EVENT_TYPE and (carried.get("event_payload") or {}).get("id") == outbox:
            ts = str(message["ts"])
            return Landed(spot.channel, ts, str(message.get("thread_ts") or ts))
    return None
