"""What editors write in the knowledge base, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Audience = Literal["staff", "customer", "partner"]
EntryState = Literal["draft", "trial", "live", "archived"]
Priority = Literal["p1", "p2", "p3", "p4"]


@dataclass(frozen=True, slots=True)
class Keywords:
    """Guards on a match: at least one of `any`, all of `all`, and none of `none` must be in the message."""

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Option:
    """One way out of a step. Exactly one of `goto` (a node) and `end` (`resolved`, `handoff` or an entry id) is set."""

    label: str
    goto: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    say: str
    ask: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Steps:
    start: str
    nodes: dict[str, Node]


@dataclass(frozen=True, slots=True)
class CollectField:
    field: str
    ask: str
    kind: Literal["text", "choice"] = "text"
    choices: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Escalate:
    policy: Literal["offer", "always", "never"] = "offer"
    queue: str | None = None
    priority: Priority | None = None
    after_failed: int | None = None


@dataclass(frozen=True, slots=True)
class AskTest:
    say: str
    among: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepsTest:
    choose: tuple[str, ...]
    ends: str


@dataclass(frozen=True, slots=True)
class EntryTests:
    match: tuple[str, ...] = ()
    ask: tuple[AskTest, ...] = ()
    not_match: tuple[str, ...] = ()
    steps: tuple[StepsTest, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One article. `id` is `<category>/<slug>`; `answer` is Markdown with `{{…}}` variables still in it."""

    id: str
    title: str
    phrasings: tuple[str, ...]
    answer: str
    summary: str = ""
    keywords: Keywords = Keywords()
    patterns: tuple[str, ...] = ()
    confusable_with: tuple[str, ...] = ()
    audience: frozenset[Audience] = frozenset({"staff", "customer"})
    allow_channels: tuple[str, ...] = ()
    deny_channels: tuple[str, ...] = ()
    language: str = "en"
    state: EntryState = "live"
    links: tuple[Link, ...] = ()
    steps: Steps | None = None
    collect: tuple[CollectField, ...] = ()
    follow_ups: tuple[str, ...] = ()
    private: Literal["auto", "always"] = "auto"
    escalate: Escalate = Escalate()
    owner: str = ""
    review_by: date | None = None
    tests: EntryTests = EntryTests()
    notes: str = ""
    source: str = ""

    @property
    def category(self) -> str:
        return self.id.partition("/")[0]

    @property
    def is_served(self) -> bool:
        """Whether it can be given as an answer: what was offered may have been taken back since."""
        return self.state not in ("draft", "archived")


@dataclass(frozen=True, slots=True)
class Site:
    """`kb/_site.yaml`: what all entries share."""

    variables: dict[str, str] = field(default_factory=dict)
    audience: frozenset[Audience] = frozenset({"staff", "customer"})
    link_hosts: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists that tell small talk from questions: the built-in ones with those of `kb/_words.yaml` added.

    Everything in lower case, as a person would type it.
    """

    synonyms: tuple[tuple[str, ...], ...] = ()
    opposites: tuple[tuple[str, str], ...] = ()
    greetings: tuple[str, ...] = ()
    thanks: tuple[str, ...] = ()
    confirmations: tuple[str, ...] = ()  # "that works now"
    rejections: tuple[str, ...] = ()  # "that is not it", "still broken"
    fillers: tuple[str, ...] = ()  # "pls help", "quick question"
    help: tuple[str, ...] = ()  # "help", "what can you do"
    human_words: tuple[str, ...] = ()  # count only as the whole message, polite words aside
    human_phrases: tuple[str, ...] = ()  # count anywhere, unless negated or quoted
    products: tuple[str, ...] = ()  # names the speller leaves alone
