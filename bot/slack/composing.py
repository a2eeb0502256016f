"""From what is written down to what Slack is sent: fetch the words, names and links, and have the blocks built."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass

from slack_sdk import WebClient

from bot.core.saying import Said, Whisper, Words
from bot.ports import Book, Outbox
from bot.slack.blocks import compose
from bot.slack.identity import BotIdentity
from bot.slack.outcomes import Composed
from bot.slack.troubles import NotSent, RateLimited, Refused, Unclear, ask


@dataclass(frozen=True, slots=True)
class Composer:
    """Implements `Compose`. `name_of` gives a user's name as far as it is known, "" otherwise, at once."""

    book: Book
    outbox: Outbox
    client: WebClient
    us: BotIdentity
    name_of: Callable[[str], str]

    def __call__(self, said: Said, *, plain: bool) -> Composed:
        words = self.book.words(_words_in(said.saying))
        text, blocks = compose(said, words=words, name_of=self.name_of, permalink_of=self.permalink_of, plain=plain)
        if isinstance(said.saying, Whisper) and said.saying.link_to:
            landed = self.outbox.landed(said.saying.link_to)
            link = self.permalink_of(landed.channel, landed.ts) if landed else None
            text = f"{text} {link}" if link else text
        return Composed(text, blocks)

    def permalink_of(self, channel: str, ts: str) -> str | None:
        """The address of a message; made by hand, as Slack's look, while Slack does not give it."""
        if not ts or channel.startswith("@"):
            return None
        match ask(lambda: self.client.chat_getPermalink(channel=channel, message_ts=ts)):
            case Refused() | RateLimited() | NotSent() | Unclear():
                return f"{self.us.url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}" if self.us.url else None
            case answer:
                return str(answer["permalink"])


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
