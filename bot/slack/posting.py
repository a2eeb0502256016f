"""Post one message, exactly once: if nobody knows what became of the last attempt, look before posting again.

Slack takes a post for a thread whose root it does not know, and puts it at the channel's root: such a post is taken
back at once, and `Astray`. Until it is certainly gone, nobody knows what became of the attempt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.core.saying import DirectTo, In, Post, Under, Where
from bot.ports import Landed, Outbox, Row
from bot.slack.looking import Absent, Looking, More, Spot, metadata
from bot.slack.outcomes import (
    Astray,
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
from bot.slack.troubles import (
    NotSent,
    RateLimited,
    Refused,
    Unclear,
    ask,
    is_about_place,
    is_about_thread,
    is_about_token,
)

_JUST_NOW = timedelta(milliseconds=50)  # what was read then still holds
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
        """`row` has just been read."""
        read_at = self._clock()
        spot = self._spot(row, post.where)
        if not isinstance(spot, Spot):
            return spot
        if spot.channel != row.lane:
            return Moved(spot.channel)
        now = self._clock()
        if (free_at := self._buckets.free_at(row.lane, now)) > now:
            return Paused(free_at)
        if row.ambiguous and (known := self._look(row, post, spot, turn)):
            is_dropped = isinstance(known, Astray) and post.as_bot and row.owned_by_people
            return Dropped("people are on it") if is_dropped else known
        if post.as_bot and row.owned_by_people:
            return Dropped("people are on it")
        words = composed(self._compose, row)
        if isinstance(words, Unfit):
            return words
        if not turn.lasts():
            return LeaseLost()
        if post.as_bot and self._clock() - read_at > _JUST_NOW and not self._is_still_the_bots(row, turn):
            return Settled()
        return self._post(row, post.where, spot, words)

    def _post(self, row: Row, where: Where, spot: Spot, words: Composed) -> Outcome:
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
            case Refused(error) if spot.thread_ts and is_about_thread(error):
                return Astray(where, spot.channel, spot.thread_ts)
            case Refused(error) if is_about_place(error):
                return Hopeless(error)
            case Refused(error) if not is_about_token(error):
                return Unfit(error)
            case RateLimited() | Refused():
                return passing(answer, row, now)
        ts = str(answer["ts"])
        if spot.thread_ts and _stands_elsewhere(answer, spot.thread_ts):
            return self._take_back(row, Astray(where, spot.channel, spot.thread_ts), ts)
        return Told(Landed(spot.channel, ts, spot.thread_ts or ts))

    def _take_back(self, row: Row, astray: Astray, ts: str) -> Outcome:
        """Delete what stands where it must not; that needs no lease, as it is wrong whoever has the lane."""
        now = self._clock()
        answer = ask(lambda: self._client.chat_delete(channel=astray.channel, ts=ts))
        match answer:
            case RateLimited(wait):
                return Later("ratelimited", now + wait, ambiguous=True)
            case NotSent(error) | Unclear(error):
                return Later(error, now + pause(row.attempts), ambiguous=True)
            case Refused(error) if is_about_token(error):
                return Later(error, now + pause(row.attempts), ambiguous=True)
            case Refused(error) if error != "message_not_found":
                return replace(astray, left=error)
        return astray

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

    def _look(self, row: Row, post: Post, spot: Spot, turn: Turn) -> Outcome | None:
        """What is known about a row that may be in Slack already; None if it is not there."""
        seen = self._find(row, spot, turn)
        if isinstance(seen, Landed):
            return Told(seen)
        if not isinstance(seen, Absent) or spot.thread_ts is None:
            return None if isinstance(seen, Absent) else seen
        astray = Astray(post.where, spot.channel, spot.thread_ts)
        strayed = self._find(row, Spot(spot.channel), turn)
        if isinstance(strayed, Landed):
            return self._take_back(row, astray, strayed.ts)
        if not isinstance(strayed, Absent):
            return strayed
        return astray if seen.thread_gone else None

    def _find(self, row: Row, spot: Spot, turn: Turn) -> Landed | Absent | Outcome:
        while turn.lasts():
            match seen := self._looking.page(row, spot):
                case Landed() | Absent():
                    return seen
                case More():
                    continue
                case trouble:
                    return passing(trouble, row, self._clock())
        return LeaseLost()

    def _is_still_the_bots(self, row: Row, turn: Turn) -> bool:
        """Looking and composing take their time: people may have taken the case over meanwhile."""
        fresh = self._outbox.next_row(turn.lease, self._clock())
        return fresh is not None and fresh.said.id == row.said.id and not fresh.owned_by_people


def _stands_elsewhere(answer: SlackResponse, thread_ts: str) -> bool:
    shown = answer.get("message")
    return isinstance(shown, dict) and shown.get("thread_ts") != thread_ts
