"""From what is written down to what Slack is sent: fetch the words, names and links, and have the blocks built."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass

from slack_sdk import WebClient

from bot.core.saying import Said, Whisper, Words
from bot.ports import Book, Outbox
from bot.slack.blocks import compose
from bot.slack.identity import BotIdentity
from bot.slack.outcomes import Composed
from bot.slack.troubles import NotSent, RateLimited, Refused, Unclear, ask


class Composer:
    """Implements `Compose`. `name_of` gives a user's name as far as it is known, "" otherwise, at once."""

    def __init__(
        self,
        book: Book,
        outbox: Outbox,
        client: WebClient,
        us: BotIdentity,
        name_of: Callable[[str], str],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._book, self._outbox, self._client, self._us, self._name_of = book, outbox, client, us, name_of
        self._clock, self._not_before = clock, clock()

    def __call__(self, said: Said, *, plain: bool) -> Composed:
        words = self._book.words(_words_in(said.saying))
        text, blocks = compose(said, words=words, name_of=self._name_of, permalink_of=self.permalink_of, plain=plain)
        if isinstance(said.saying, Whisper) and said.saying.link_to:
            landed = self._outbox.landed(said.saying.link_to)
            link = self.permalink_of(landed.channel, landed.ts) if landed else None
            text = f"{text} {link}" if link else text
        return Composed(text, blocks)

    def permalink_of(self, channel: str, ts: str) -> str | None:
        """The address of a message; made by hand, as Slack's look, while Slack does not give it."""
        if not ts or channel.startswith("@"):
            return None
        if self._clock() >= self._not_before:
            match ask(lambda: self._client.chat_getPermalink(channel=channel, message_ts=ts)):
                case RateLimited(wait):
                    self._not_before = self._clock() + wait.total_seconds()
                case Refused() | NotSent() | Unclear():
                    pass
                case answer:
                    return str(answer["permalink"])
        return f"{self._us.url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}" if self._us.url else None


def _words_in(value: object) -> Iterator[Words]:
    """Every reference to somebody's words in a saying."""
    if isinstance(value, Words):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _words_in(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _words_in(getattr(value, field.name))
