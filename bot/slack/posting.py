"""Post one message, exactly once: if nobody knows what became of the last attempt, look before posting again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import assert_never

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.core.saying import DirectTo, In, Post, Under, Where
from bot.ports import Landed, Outbox, Row
from bot.slack.looking import Absent, Looking, More, Spot, metadata
from bot.slack.outcomes import (
    Compose,
    Composed,
    Dropped,
    Hopeless,
    Later,
    LeaseLost,
    Moved,
    Outcome,
    Paused,
    Settled,
    Told,
    Turn,
    Unfit,
    composed,
    passing,
)
from bot.slack.pacing import Buckets, pause
from bot.slack.troubles import NotSent, RateLimited, Refused, Unclear, ask, is_about_place, is_about_token

GRACE = timedelta(seconds=5)  # for a request that has left us when its time-out passes, and is not in Slack yet


class Posting:
    def __init__(
        self,
        outbox: Outbox,
        client: WebClient,
        compose: Compose,
        buckets: Buckets,
        *,
        clock: Callable[[], datetime],
        request_timeout: timedelta,
    ) -> None:
        self._outbox, self._client, self._compose, self._buckets = outbox, client, compose, buckets
        self._clock, self._request_timeout = clock, request_timeout
        self._looking = Looking(client)
        self._dms: dict[str, str] = {}  # user -> channel: a DM keeps its id

    def post(self, row: Row, post: Post, turn: Turn) -> Outcome:
        spot = self._spot(row, post.where)
        if not isinstance(spot, Spot):
            return spot
        if spot.channel != row.lane:
            return Moved(spot.channel)
        now = self._clock()
        if (free_at := self._buckets.free_at(row.lane, now)) > now:
            return Paused(free_at)
        if row.ambiguous and (known := self._look(row, spot, turn)):
            return known
        if post.as_bot and row.owned_by_people:
            return Dropped("people are on it")
        words = composed(self._compose, row)
        if isinstance(words, Unfit):
            return words
        if not turn.lasts():
            return LeaseLost()
        if post.as_bot and not self._is_still_the_bots(row, turn):
            return Settled()
        return self._post(row, spot, words)

    def _post(self, row: Row, spot: Spot, words: Composed) -> Outcome:
        started = self._clock()
        self._buckets.take(row.lane, started)
        answer = ask(
            lambda: self._client.chat_postMessage(
                channel=spot.channel,
                thread_ts=spot.thread_ts,
                text=words.text,
                blocks=words.blocks,
                metadata=metadata(row.said.id),
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        now = self._clock()
        match answer:
            case Unclear(error):
                look_at = max(started + self._request_timeout, now) + GRACE
                return Later(error, max(look_at, now + pause(row.attempts)), ambiguous=True)
            case NotSent(error):
                return Later(error, now + pause(row.attempts), ambiguous=False)
            case Refused(error) if is_about_place(error):
                return Hopeless(error)
            case Refused(error) if not is_about_token(error):
                return Unfit(error)
            case RateLimited() | Refused():
                return passing(answer, row, now)
        ts = str(answer["ts"])
        return Told(Landed(spot.channel, ts, spot.thread_ts or ts))

    def _spot(self, row: Row, where: Where) -> Spot | Outcome:
        match where:
            case In(channel=channel, thread_ts=thread_ts):
                return Spot(channel, thread_ts)
            case Under(outbox=outbox):
                root = self._outbox.landed(outbox)
                if root is None:
                    return Hopeless("thread_not_there")  # the outbox lets it wait: it cannot be missing
                return Spot(root.channel, root.thread_ts)
            case DirectTo(user=user):
                return self._dm(row, user)
        assert_never(where)

    def _dm(self, row: Row, user: str) -> Spot | Outcome:
        if user not in self._dms:
            answer = ask(lambda: self._client.conversations_open(users=user))
            # A scope that only opening DMs needs must not silence every other place.
            if isinstance(answer, Refused) and (answer.error == "missing_scope" or not is_about_token(answer.error)):
                return Hopeless(answer.error)
            if not isinstance(answer, SlackResponse):
                return passing(answer, row, self._clock())
            self._dms[user] = str(answer["channel"]["id"])
        return Spot(self._dms[user])

    def _look(self, row: Row, spot: Spot, turn: Turn) -> Outcome | None:
        """What is known about a row that may be in Slack already; None if it is not there."""
        while turn.lasts():
            match seen := self._looking.page(row, spot):
                case Landed():
                    return Told(seen)
                case Absent():
                    return None
                case More():
                    continue
                case trouble:
                    return passing(trouble, row, self._clock())
        return LeaseLost()

    def _is_still_the_bots(self, row: Row, turn: Turn) -> bool:
        """Looking and composing take their time: people may have taken the case over meanwhile."""
        fresh = self._outbox.next_row(turn.lease, self._clock())
        return fresh is not None and fresh.said.id == row.said.id and not fresh.owned_by_people
