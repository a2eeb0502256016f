"""Say one thing in Slack, and say what became of it.

Posts are made exactly once (`posting`). Changes, withdrawals and reactions may be repeated at will. A whisper is sent
at most once: it is the one thing that is marked as told before it is sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import assert_never

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient, WebhookResponse

from bot.core.saying import Fill, Post, Publish, React, Update, Whisper, Withdraw
from bot.ports import Outbox, Row
from bot.slack.limits import SECTION
from bot.slack.outcomes import (
    Anew,
    Compose,
    Composed,
    Hopeless,
    LeaseLost,
    Outcome,
    Paused,
    Settled,
    Told,
    Turn,
    Unfit,
    composed,
    passing,
)
from bot.slack.pacing import Buckets
from bot.slack.posting import Posting
from bot.slack.troubles import (
    NotSent,
    RateLimited,
    Refused,
    Trouble,
    Unclear,
    ask,
    is_about_place,
    is_about_token,
)

log = logging.getLogger(__name__)

_OK = 200
_CLOSED = frozenset({"not_found", "view_not_found", "expired_trigger_id"})
_NO_HOME = frozenset({"not_enabled", "user_not_found", "user_not_visible"})
_TOO_LATE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})


class Sending:
    def __init__(
        self,
        outbox: Outbox,
        client: WebClient,
        compose: Compose,
        *,
        clock: Callable[[], datetime],
        request_timeout: timedelta,
    ) -> None:
        self._outbox, self._client, self._compose, self._clock = outbox, client, compose, clock
        self._buckets = Buckets()
        self._posting = Posting(outbox, client, compose, self._buckets, clock=clock, request_timeout=request_timeout)

    def send(self, row: Row, turn: Turn) -> Outcome:
        """Make one attempt, unless something speaks against it. Raises `StoreError` only."""
        match row.said.saying:
            case Post() as post:
                return self._posting.post(row, post, turn)
            case Update() as update:
                return self._update(row, update, turn)
            case Withdraw() as withdraw:
                return self._withdraw(row, withdraw, turn)
            case React() as react:
                return self._react(row, react, turn)
            case Whisper() as whisper:
                return self._whisper(row, whisper, turn)
            case Fill() as fill:
                return self._fill(row, fill, turn)
            case Publish() as publish:
                return self._publish(row, publish, turn)
        assert_never(row.said.saying)

    def _update(self, row: Row, update: Update, turn: Turn) -> Outcome:
        landed = self._outbox.landed(update.outbox)
        if landed is None:
            return Told()
        words = composed(self._compose, row)
        if isinstance(words, Unfit):
            return words
        if not turn.lasts():
            return LeaseLost()
        answer = ask(
            lambda: self._client.chat_update(channel=landed.channel, ts=landed.ts, text=words.text, blocks=words.blocks)
        )
        match answer:
            case Refused(error) if error in _TOO_LATE and update.or_else is not None:
                return Anew(Post(where=update.or_else, content=update.content, as_bot=update.as_bot))
            case Refused(error) if error in _TOO_LATE or is_about_place(error):
                log.warning("%s: %s cannot be changed any more (%s)", row.said.id, update.outbox, error)
            case Refused(error) if not is_about_token(error):
                return Unfit(error)
            case RateLimited() | NotSent() | Unclear() | Refused():
                return passing(answer, row, self._clock())
        return Told()

    def _withdraw(self, row: Row, withdraw: Withdraw, turn: Turn) -> Outcome:
        landed = self._outbox.landed(withdraw.outbox)
        if landed is None:
            return Told()
        if not turn.lasts():
            return LeaseLost()
        answer = ask(lambda: self._client.chat_delete(channel=landed.channel, ts=landed.ts))
        match answer:
            case Refused(error) if error == "message_not_found" or is_about_place(error):
                log.warning("%s: %s cannot be reached any more (%s)", row.said.id, withdraw.outbox, error)
            case Refused(error) if not is_about_token(error):
                return Hopeless(error)  # the words still stand there: people have to know
            case RateLimited() | NotSent() | Unclear() | Refused():
                return passing(answer, row, self._clock())
        return Told()

    def _react(self, row: Row, react: React, turn: Turn) -> Outcome:
        if not turn.lasts():
            return LeaseLost()
        change = self._client.reactions_remove if react.remove else self._client.reactions_add
        answer = ask(lambda: change(channel=react.channel, timestamp=react.ts, name=react.name))
        match answer:
            # A scope that only reactions need must not silence everything else.
            case Refused(error) if error == "missing_scope" or not is_about_token(error):
                log.info("%s: the reaction %s was not changed (%s)", row.said.id, react.name, error)
            case RateLimited() | NotSent() | Unclear() | Refused():
                return passing(answer, row, self._clock())
        return Told()

    def _fill(self, row: Row, fill: Fill, turn: Turn) -> Outcome:
        words = composed(self._compose, row)
        if isinstance(words, Unfit):
            return Hopeless(words.error)
        if not turn.lasts():
            return LeaseLost()
        view = words.view or {}
        answer = ask(lambda: self._client.views_update(view_id=fill.view, view=view))
        match answer:
            case Refused(error) if error in _CLOSED:
                log.info("%s: the form was closed before it was filled (%s)", row.said.id, error)
            case Refused(error) if not is_about_token(error):
                return Hopeless(error)
            case RateLimited() | NotSent() | Unclear() | Refused():
                return passing(answer, row, self._clock())
        return Told()

    def _publish(self, row: Row, publish: Publish, turn: Turn) -> Outcome:
        words = composed(self._compose, row)
        if isinstance(words, Unfit):
            return words
        if not turn.lasts():
            return LeaseLost()
        blocks = words.blocks or [{"type": "section", "text": {"type": "mrkdwn", "text": words.text[:SECTION]}}]
        home = {"type": "home", "blocks": blocks}
        answer = ask(lambda: self._client.views_publish(user_id=publish.user, view=home))
        match answer:
            case Refused(error) if error in _NO_HOME:
                log.warning("%s: there is no Home tab to publish (%s)", row.said.id, error)
            case Refused(error) if not is_about_token(error):
                return Unfit(error)
            case RateLimited() | NotSent() | Unclear() | Refused():
                return passing(answer, row, self._clock())
        return Told()

    def _whisper(self, row: Row, whisper: Whisper, turn: Turn) -> Outcome:
        now = self._clock()
        in_channel = not whisper.response_url
        if in_channel and (free_at := self._buckets.free_at(row.lane, now)) > now:
            return Paused(free_at)
        words = composed(self._compose, row)
        if not turn.lasts():
            return LeaseLost()
        self._outbox.told(row, None, self._clock())
        if isinstance(words, Unfit):
            error = words.error
        elif in_channel:
            self._buckets.take(row.lane, self._clock())
            error = self._whisper_in_channel(whisper, words)
        else:
            error = self._answer_by_url(whisper, words)
        if error:
            log.warning("%s: a whisper did not arrive (%s)", row.said.id, error)
        return Settled()

    def _whisper_in_channel(self, whisper: Whisper, words: Composed) -> str:
        answer = ask(
            lambda: self._client.chat_postEphemeral(
                channel=whisper.channel,
                user=whisper.user,
                thread_ts=whisper.thread_ts,
                text=words.text,
                blocks=words.blocks,
            )
        )
        return _why(answer) if isinstance(answer, Trouble) else ""

    def _answer_by_url(self, whisper: Whisper, words: Composed) -> str:
        """A `response_url` is a secret of its own: it is not logged."""
        client = self._client
        hook = WebhookClient(
            whisper.response_url, client.timeout, ssl=client.ssl, proxy=client.proxy, retry_handlers=[]
        )
        answer = ask(
            lambda: hook.send(text=words.text, blocks=words.blocks, response_type="ephemeral", replace_original=False)
        )
        if not isinstance(answer, WebhookResponse):
            return _why(answer)
        return "" if answer.status_code == _OK else f"http_{answer.status_code}"


def _why(trouble: Trouble) -> str:
    return "ratelimited" if isinstance(trouble, RateLimited) else trouble.error
