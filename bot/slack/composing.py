"""From what is written down to what Slack is sent: fetch the words, names and links, and have the blocks built."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace

from slack_sdk import WebClient

from bot.core import sentences
from bot.core.saying import Fill, Line, Listing, Post, Publish, Said, Update, Whisper, Words
from bot.ports import Book, Outbox
from bot.slack import forms
from bot.slack.blocks import compose
from bot.slack.identity import BotIdentity
from bot.slack.outcomes import Composed
from bot.slack.troubles import NotSent, RateLimited, Refused, Unclear, ask
from bot.slack.wording import Known


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
        if isinstance(said.saying, Fill):
            known = Known(words, self._name_of, self.permalink_of)
            return Composed("…", view=forms.drawn(said.saying.content, said.case, said.position, known))
        said = self._linked(said)
        has_list = isinstance(said.saying, Whisper | Publish) and isinstance(said.saying.content, Listing)
        link_to = self.address_of if has_list else self.permalink_of
        text, blocks = compose(said, words=words, name_of=self._name_of, permalink_of=link_to, plain=plain)
        if isinstance(said.saying, Whisper) and said.saying.link_to:
            landed = self._outbox.landed(said.saying.link_to)
            link = self.permalink_of(landed.channel, landed.ts) if landed else None
            text = f"{text} {link}" if link else text
        return Composed(text, blocks)

    def _linked(self, said: Said) -> Said:
        """The same with the link that its line wants to have, if there is one to what it names."""
        saying = said.saying
        if not isinstance(saying, Post | Update) or not isinstance(line := saying.content, Line) or not line.link_to:
            return said
        landed = self._outbox.landed(line.link_to)
        link = self.permalink_of(landed.channel, landed.ts) if landed else None
        text = f"{line.text} <{link}|{sentences.OPEN_IT}>" if link else line.text
        return replace(said, saying=replace(saying, content=replace(line, text=text)))

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
        return self.address_of(channel, ts)

    def address_of(self, channel: str, ts: str) -> str | None:
        """The address of a message, made by hand: a list has more of them than may be asked for."""
        if not ts or channel.startswith("@"):
            return None
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
