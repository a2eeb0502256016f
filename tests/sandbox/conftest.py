"""A small workspace to try the sandbox on, and a client and a socket of the app."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.sandbox.seed import Channel, Person, Seed, Usergroup
from bot.sandbox.server import Sandbox
from tests.sandbox.app import Ear

PEOPLE = (
    Person("U0ALICE", "alice", "Alice Adams", email="alice@example.com", title="Customer"),
    Person("U0BOB", "bob", "Bob Brown", email="bob@example.com", title="Technical Support"),
    Person("U0GUS", "gus", "Gus Guest", guest=True),
    Person("U0EVE", "eve", "Eve External", email="eve@other.example", team="T0OTHER"),
    Person("U0MAL", "mal", "Mal Met-Nowhere", team="T0OTHER"),
    Person("U0ROBOT", "robot", "Robot", bot=True),
)
CHANNELS = (
    Channel("C0HELP", "help", ("U0ALICE", "U0BOB", "U0GUS", "U0ROBOT"), topic="Ask here"),
    Channel("C0TIER2", "tier2", ("U0BOB",), private=True),
    Channel("C0SHARED", "shared", ("U0ALICE", "U0EVE")),
    Channel("C0ALONE", "alone", ("U0ALICE", "U0BOB")),
    Channel("C0SECRET", "secret", ("U0BOB",), private=True),
)
SEED = Seed(
    people=PEOPLE,
    channels=CHANNELS,
    usergroups=(Usergroup("S0SUPPORT", "support", ("U0BOB",)),),
    bot_in=("C0HELP", "C0TIER2", "C0SHARED"),
)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox in a hurry: it waits a fraction of the time that Slack does."""
    with Sandbox(SEED, ack_seconds=0.25, redelivery=(0.01, 0.01, 0.01)) as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> WebClient:
    """The bot's client, which tries everything only once."""
    return client_of(sandbox)


@pytest.fixture
def ear(sandbox: Sandbox) -> Iterator[Ear]:
    """One socket of the app, which acknowledges everything."""
    listening = Ear(sandbox)
    sandbox.wait_for(lambda: sandbox.connections)
    yield listening
    listening.close()


def client_of(sandbox: Sandbox) -> WebClient:
    """A client that tries everything only once."""
    return WebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
