"""A seed is refused where it could not be a workspace."""

from collections.abc import Callable

import pytest

from bot.sandbox.seed import BOT_USER, Channel, Person, Seed, Usergroup
from bot.sandbox.server import Sandbox

ALICE = Person("U0ALICE", "alice", "Alice")
HELP = Channel("C0HELP", "help", ("U0ALICE",))


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: Seed(people=(ALICE, ALICE)), "person U0ALICE more than once"),
        (lambda: Seed(people=(ALICE, Person("U0OTHER", "alice", "Other"))), "handle alice more than once"),
        (lambda: Seed(people=(Person("U0OTHER", "tier1", "Not the bot"),)), "handle tier1 more than once"),
        (lambda: Seed(people=(ALICE,), channels=(HELP, HELP)), "channel C0HELP more than once"),
        (lambda: Seed(channels=(HELP,)), "members of #help names U0ALICE"),
        (lambda: Seed(usergroups=(Usergroup("S1", "team", ("U0NOBODY",)),)), "users of @team names U0NOBODY"),
        (lambda: Seed(bot_in=("C0NONE",)), "bot_in names C0NONE"),
    ],
)
def test_a_seed_that_contradicts_itself_is_refused_with_the_place(build: Callable[[], Seed], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        build()


@pytest.mark.wire
@pytest.mark.parametrize(
    ("bot_in", "members"),
    [
        (None, {"C0HELP", "C0OTHER"}),  # everywhere, unless it says otherwise
        (("C0OTHER",), {"C0OTHER"}),
        ((), set()),
    ],
)
def test_the_bot_is_where_the_seed_puts_it(bot_in: tuple[str, ...] | None, members: set[str]) -> None:
    channels = (HELP, Channel("C0OTHER", "other", ("U0ALICE",)))

    with Sandbox(Seed(people=(ALICE,), channels=channels, bot_in=bot_in)) as sandbox:
        heard = set()
        for channel in channels:
            sandbox.say("alice", channel.id, f"<@{BOT_USER}>", raw=True)
        heard = {delivery.payload["event"]["channel"] for delivery in sandbox.deliveries("message")}

    assert heard == members
