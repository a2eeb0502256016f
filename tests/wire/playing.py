"""Play a conversation that is written in YAML through the real bot, and hold what happens against what is written.

A conversation is a list of turns. A turn has one actor with what they do, and what is seen of it:

    customer, colleague, guest, gold, dana, emil: TEXT      they write: customers where the conversation is (`at`),
                                                            specialists in the thread under the last card
    WHO sends: {FIELD: VALUE, …}                            the form they have open; a choice is named by its label
    WHO presses: LABEL                                      the newest button of that name that stands anywhere
    WHO commands: TEXT                                      /tier1 TEXT
    WHO edits: TEXT, WHO deletes: true                      their last message
    WHO archives: QUEUE | operators                         that team's channel
    WHO loses: thread                                       the thread of the conversation vanishes
    at: dm | help | quiet | closed | lobby                  where from now on; a channel's turn begins a thread
    thread: true                                            this turn goes on in that thread; in the DM, under what
                                                            they last wrote there

    bot: TEXT | null      one new message of the bot where the turn is, with these words in it | none
    buttons: [LABEL, …]   exactly these are under it
    edited: TEXT          a message of the bot there changed and has these words now
    reaction: NAME        the bot put it on the actor's message
    whisper: TEXT         only the actor was told so
    form: TEXT            the form that opened for the actor has these words
    queue: ID             a new card is in that queue's channel
    card: [TEXT, …]       the last card has all these words now
    note: TEXT            a new message of the bot in the card's thread has these words
    told: TEXT            specialists' turns: a new message of the bot where the customer is has these words
    dm: TEXT              wherever the conversation is: a new message of the bot in the customer's DM has these words
    operators: [TEXT, …]  a new card in the operators' channel has all these words
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.messages import Message
from tests.wire.house import (
    CLOSED,
    COLLEAGUE,
    CUSTOMER,
    DANA,
    EMIL,
    GOLD,
    GUEST,
    HELP,
    LOBBY,
    OPS,
    QUEUES,
    QUIET,
    House,
    Placed,
)

PEOPLE = {
    "customer": CUSTOMER, "colleague": COLLEAGUE, "guest": GUEST, "gold": GOLD, "dana": DANA, "emil": EMIL,
}  # fmt: skip
CHANNELS = {"help": HELP, "quiet": QUIET, "closed": CLOSED, "lobby": LOBBY}
SPECIALISTS = (DANA, EMIL)
SEEN = {
    "bot",
    "buttons",
    "edited",
    "reaction",
    "whisper",
    "form",
    "queue",
    "card",
    "note",
    "told",
    "dm",
    "operators",
    "at",
    "thread",
}

Turn = dict[str, Any]


@dataclass(slots=True)
class Play:
    house: House
    at: str = "dm"
    root: str = ""  # of the thread the conversation is in
    card: Placed | None = None
    asker: str = CUSTOMER
    last: dict[str, tuple[str, str]] = field(default_factory=dict)  # each person's last message: channel, ts

    def first_difference(self, turns: list[Turn]) -> str:
        """Play the turns up to the first that does not go as written; return it and what differs, "" if all do."""
        for number, turn in enumerate(turns, start=1):
            try:
                self._turn(turn)
            except (AssertionError, LookupError, TimeoutError) as error:
                return f"turn {number}, {turn}: {type(error).__name__}: {error}"
        return ""

    def _turn(self, turn: Turn) -> None:
        before = {placed.message.ts: placed for placed in self.house.everything()}
        who, whispers = self._act(turn)
        self.house.quiet()
        after = self.house.everything()
        new = [p for p in after if p.message.ts not in before and p.message.bot_id]
        changed = [
            p for p in after
            if p.message.bot_id and p.message.ts in before and _looks(p.message) != _looks(before[p.message.ts].message)
        ]  # fmt: skip
        cards = [p for p in new if p.channel in QUEUES.values() and not p.root]
        if cards:
            self.card = cards[-1]
        self._check(turn, who, new, changed, whispers)

    def _act(self, turn: Turn) -> tuple[str, int]:
        """Do what the turn says. Returns who did it, and how many whispers they had before."""
        (key,) = [key for key in turn if key not in SEEN]
        name, _, verb = key.partition(" ")
        who, what, slack = PEOPLE[name], turn[key], self.house.slack
        whispers = len(slack.ephemerals(who))
        if "at" in turn:
            self.at, self.root = turn["at"], ""
        if who not in SPECIALISTS and verb in ("", "commands") and not turn.get("thread"):
            self.asker = who
        match verb:
            case "":
                self._write(who, what, in_thread=bool(turn.get("thread")))
            case "presses":
                self._press(who, what)
            case "sends":
                slack.submit(who, slack.views(who)[-1].id, what)
            case "commands":
                slack.command(who, CHANNELS.get(self.at, slack.dm(who)), "/tier1", what)
            case "edits":
                slack.edit(who, *self.last[who], what)
            case "deletes":
                slack.delete(who, *self.last[who])
            case "archives":
                slack.archive({**QUEUES, "operators": OPS}[what])
            case "loses":
                slack.expire(CHANNELS[self.at], self.root)
            case _:
                raise LookupError(f"no such verb: {verb}")
        return who, whispers

    def _write(self, who: str, text: str, *, in_thread: bool) -> None:
        slack = self.house.slack
        if who in SPECIALISTS and self.card is not None:
            channel, thread = self.card.channel, self.card.message.ts
        else:
            if in_thread and self.at == "dm" and not self.root:
                self.root = self.last[who][1]
            channel, thread = CHANNELS.get(self.at) or slack.dm(who), self.root if in_thread else ""
        ts = slack.say(who, channel, text, thread_ts=thread or None)
        self.last[who] = (channel, ts)
        if who not in SPECIALISTS and self.at != "dm" and not in_thread:
            self.root = ts

    def _press(self, who: str, label: str) -> None:
        visible = [p for p in self.house.everything() if label in p.message.buttons]
        if not visible:
            raise LookupError(f"no button {label!r} anywhere")
        newest = max(visible, key=lambda placed: placed.message.ts)
        self.house.slack.press(who, newest.channel, newest.message.ts, label)

    def _check(self, turn: Turn, who: str, new: list[Placed], changed: list[Placed], whispers: int) -> None:
        here = self._here()
        anywhere = self.at == "dm" and not self.root  # commands and second questions have threads of their own there
        fresh = [p.message for p in new if p.channel == here[0] and (anywhere or p.root == here[1])]
        if "bot" in turn:
            _one_with(turn["bot"], fresh, "bot")
        if "told" in turn:
            _one_with(turn["told"], fresh, "told")
        if "dm" in turn:
            dm = self.house.slack.dm(self.asker)
            _one_with(turn["dm"], [p.message for p in new if p.channel == dm and turn["dm"] in p.message.shown], "dm")
        if "operators" in turn:
            (card,) = [p for p in new if p.channel == OPS and "New handoff" in p.message.shown]
            self.card = card
            for words in turn["operators"]:
                assert words in card.message.shown, card.message.shown
        if "buttons" in turn:
            assert [message.buttons for message in fresh] == [turn["buttons"]], [m.buttons for m in fresh]
        if "edited" in turn:
            _one_with(turn["edited"], [p.message for p in changed if p.channel == here[0]], "edited")
        if "reaction" in turn:
            channel, ts = self.last[who]
            marks = next(
                p.message.reactions for p in self.house.everything() if (p.channel, p.message.ts) == (channel, ts)
            )
            assert turn["reaction"] in marks, f"reactions are {dict(marks)}"
        if "whisper" in turn:
            # A whisper is marked as told before it is sent, so that it is never said twice.
            self.house.wait(lambda: len(self.house.slack.ephemerals(who)) > whispers)
            told = self.house.slack.ephemerals(who)[whispers:]
            _one_with(turn["whisper"], told, "whisper")
        if "form" in turn:
            view = self.house.slack.views(who)[-1]
            assert turn["form"] in view.shown, view.shown
        self._check_desk(turn, new)

    def _check_desk(self, turn: Turn, new: list[Placed]) -> None:
        if "queue" in turn:
            cards = [p for p in new if p.channel in QUEUES.values() and not p.root]
            assert [p.channel for p in cards] == [QUEUES[turn["queue"]]], [p.channel for p in cards]
        if "card" in turn or "note" in turn:
            assert self.card is not None, "there is no card yet"
        if "card" in turn and self.card is not None:
            card = next(p for p in self.house.everything() if p.message.ts == self.card.message.ts)
            for words in turn["card"]:
                assert words in card.message.shown, card.message.shown
        if "note" in turn and self.card is not None:
            notes = [p.message for p in new if p.root == self.card.message.ts]
            assert any(turn["note"] in note.shown for note in notes), [note.shown for note in notes]

    def _here(self) -> tuple[str, str]:
        if self.at == "dm":
            return (self.house.slack.dm(self.asker), self.root)
        return (CHANNELS[self.at], self.root)


def _one_with(words: str | None, messages: list[Message], what: str) -> None:
    shown = [message.shown for message in messages]
    if words is None:
        assert not shown, f"{what} should be nothing, and is {shown}"
        return
    assert sum(words in text for text in shown) == 1, f"{what} should be one with {words!r}, and is {shown}"


def _looks(message: Message) -> tuple[str, tuple[str, ...]]:
    return (message.shown, tuple(message.buttons))
