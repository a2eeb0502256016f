"""Many people at once at the support desk, by chance: customers who ask and press, specialists who claim and answer.

Nobody here knows what the bot will do: what came of it all is judged afterwards, by `judging`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from random import Random

from bot.sandbox.messages import Message
from bot.sandbox.seed import Channel, Person, Seed
from bot.sandbox.server import Sandbox
from tests.wire.house import DANA, EMIL, HELP, OPS, QUEUES

_NAMES = """
    Ada Bela Cleo Dora Egon Fred Gina Hugo Ines Jose Kara Lino Mona Nils Olga Paul Rita Sven Tina Ugo Vera Wido Xena
    Yves Zora Abel Bodo Cora Dirk Elsa Finn Gesa Hans Ilka Jens Kuno
"""
CUSTOMERS = tuple(
    Person(f"U0CROWD{n:04}", name.lower(), f"{name} Smith") for n, name in enumerate(_NAMES.split(), start=1)
)
# Each of them writes now and then, in a DM of theirs, and does nothing else.
STRANGERS = tuple(Person(f"U0STRANGE{n}", f"stranger{n}", f"Stranger{n} Jones") for n in range(1, 7))
SPECIALISTS = (Person(DANA, "dana", "Dana Reyes"), Person(EMIL, "emil", "Emil Okafor"))
FLOORS = ("C0FLOOR0001", "C0FLOOR0002", "C0FLOOR0003")  # channels that no rule names: the bot answers where mentioned
_EVERYBODY = tuple(person.id for person in (*CUSTOMERS, *SPECIALISTS))
CROWD = Seed(
    people=(*CUSTOMERS, *STRANGERS, *SPECIALISTS),
    channels=(
        Channel(HELP, "help", _EVERYBODY),
        *(Channel(floor, f"floor-{n}", _EVERYBODY) for n, floor in enumerate(FLOORS, start=1)),
        *(Channel(channel, f"tier2-{queue}", _EVERYBODY) for queue, channel in QUEUES.items()),
        Channel(OPS, "operators", (DANA,)),
    ),
)

KNOWN = ("i forgot my password", "how do i connect to the vpn", "my account is locked", "where can i download lantern")
UNSURE = ("problem with my account", "there is something about my account")
WISHES = ("talk to a human", "i will call my lawyer", "i want to cancel my contract", "i want to change my contract")
HUMAN = "Talk to a person"
_AT_ONCE = 12  # customers who are about at the same time
_A_SECOND = 9.0  # things that they do


class Crowd:
    """`at` is how far the day has gone, from 0 to 1: new customers come in the course of it, as lanes get stuck."""

    def __init__(self, slack: Sandbox, chance: Random) -> None:
        self._slack, self._chance = slack, chance
        self._numbers = count(1)
        self._threads: list[tuple[str, str, str]] = []  # who began it, the channel, its root
        self.did: Counter[str] = Counter()
        self.at = 0.0

    def act(self) -> None:
        """Let one of them do something."""
        acts: dict[str, tuple[int, Callable[[], None]]] = {
            "asked in a DM": (30, self._ask),
            "asked in a channel": (9, self._ask_in_channel),
            "wrote in a thread": (9, self._follow_up),
            "wrote beneath the bot's words in a DM": (6, self._follow_up_in_dm),
            "pressed a button": (24, self._press),
            "gave a command": (8, self._command),
            "worked at a card": (18, self._work),
            "sent a form": (6, self._fill_in),
        }
        weights = [weight for weight, _ in acts.values()]
        (name,) = self._chance.choices(list(acts), weights)
        with suppress(LookupError):  # what they reached for is gone
            acts[name][1]()
            self.did[name] += 1

    def pause(self) -> float:
        """Seconds until the next act: often several people act at once."""
        return 0.0 if self._chance.random() < 0.4 else self._chance.expovariate(0.6 * _A_SECOND)

    def customer(self) -> str:
        first = int(self.at * (len(CUSTOMERS) - _AT_ONCE))
        return self._chance.choice(CUSTOMERS[first : first + _AT_ONCE]).id

    def words(self) -> str:
        """What a customer says; what nobody knows an answer to is said once only."""
        kind = self._chance.choices(("known", "unsure", "unknown", "wish", "hello"), (55, 13, 15, 13, 4))[0]
        match kind:
            case "known":
                return self._chance.choice(KNOWN)
            case "unsure":
                return self._chance.choice(UNSURE)
            case "wish":
                return self._chance.choice(WISHES)
            case "hello":
                return "hello"
        return f"the flurb {next(self._numbers)} is broken"

    def _ask(self) -> None:
        who = self.customer()
        self._slack.say(who, self._slack.dm(who), self.words())

    def _ask_in_channel(self) -> None:
        who, channel = self.customer(), self._chance.choice((HELP, *FLOORS))
        begins = "" if channel == HELP else "@tier1 "
        self._threads.append((who, channel, self._slack.say(who, channel, begins + self._chance.choice(KNOWN))))

    def _follow_up(self) -> None:
        """In a thread of their own; or in somebody else's, which makes it a case of theirs."""
        who, channel, root = self._chance.choice(self._threads[-8:])
        if self._chance.random() < 0.3:
            who = self.customer()
        self._slack.say(who, channel, f"@tier1 {self.words()}", thread_ts=root)

    def _follow_up_in_dm(self) -> None:
        who = self.customer()
        dm = self._slack.dm(who)
        roots = [message for message in self._slack.messages(dm) if message.bot_id][-3:]
        self._slack.say(who, dm, self.words(), thread_ts=self._chance.choice(roots).ts)

    def _press(self) -> None:
        who = self.customer()
        dm = self._slack.dm(who)
        places = [(dm, None), *((dm, root.ts) for root in self._slack.messages(dm))]
        places += [(channel, root) for starter, channel, root in self._threads if starter == who]
        buttons = [
            (channel, message.ts, label)
            for channel, root in places
            for message in self._slack.messages(channel, root)
            for label in message.buttons
            if label != HUMAN or self._chance.random() < 0.1
        ]
        self._slack.press(who, *self._chance.choice(buttons))

    def _command(self) -> None:
        who = self.customer()
        where = self._chance.choice((HELP, self._slack.dm(who)))
        self._slack.command(who, where, "/tier1", self._chance.choice(KNOWN))

    def _work(self) -> None:
        """A specialist claims, answers, notes, resolves or hands back."""
        channel = self._chance.choice(list(QUEUES.values()))
        card = self._chance.choice([message for message in self._slack.messages(channel) if _is_card(message)][-6:])
        who = self._chance.choice(SPECIALISTS).id
        if "Claim" in card.buttons and self._chance.random() < 0.8:
            self._slack.press(who, channel, card.ts, "Claim")
            return
        match self._chance.choices(("answer", "note", "Resolve", "Back to the bot"), (60, 15, 15, 10))[0]:
            case "answer":
                text = f"@tier1 please restart the flurb {next(self._numbers)}"
                self._slack.say(who, channel, text, thread_ts=card.ts)
            case "note":
                self._slack.say(who, channel, f"looks like flurb {next(self._numbers)}", thread_ts=card.ts)
            case label:
                self._slack.press(who, channel, card.ts, label)

    def _fill_in(self) -> None:
        """A specialist sends the form that they opened a while ago, unless the bot has not filled it yet."""
        who, view = self._chance.choice([(p.id, view) for p in SPECIALISTS for view in self._slack.views(p.id)])
        if view.body.get("submit"):
            words = f"a new flurb {next(self._numbers)}"
            self._slack.submit(who, view.id, {"code": "fixed", "words": words})


def _is_card(message: Message) -> bool:
    return bool(message.bot_id and message.metadata)
