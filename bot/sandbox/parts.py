"""The parts that a sandbox is made of, as its rooms hand them round."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.calls import Arguments, Calls
from bot.sandbox.conversations import Conversations
from bot.sandbox.delivery import Deliveries
from bot.sandbox.faults import Faults
from bot.sandbox.granted import Granted
from bot.sandbox.interactions import Interactions
from bot.sandbox.passes import Passes
from bot.sandbox.sockets import Sockets
from bot.sandbox.state import Workspace
from bot.sandbox.views import Views
from bot.sandbox.wire import Json


@dataclass(frozen=True, slots=True)
class Tokens:
    """The secrets of one start: the bot's and the app's token, and what signs and marks payloads."""

    bot: str
    app: str
    signing_secret: str
    verification: str


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything behind the Web API, the people and the page."""

    tokens: Tokens
    granted: Granted
    workspace: Workspace
    deliveries: Deliveries
    conversations: Conversations
    views: Views
    passes: Passes
    interactions: Interactions
    sockets: Sockets
    faults: Faults
    calls: Calls


Method = Callable[[Parts, Arguments], Json]
