"""What the doctor finds in Slack, asked over the local Slack's wire; and that nothing is changed by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from slack_sdk import WebClient

from bot.core.rulebook.rules import ChannelRules, Digest, Group, Queue, Rules, Rung
from bot.sandbox.seed import Channel, Person, Seed, Usergroup
from bot.sandbox.server import Sandbox
from bot.slack.calls import web_client
from bot.slack.doctor import Finding, channels_named, examine, users_named
from bot.slack.manifest import SCOPES

TECH, HELP, OPS = "C0TECH00001", "C0HELP00001", "C0OPS000001"
DANA, EMIL = "U0DANA00001", "U0EMIL00001"
ON_CALL, GOLD = "S0ONCALL001", "S0GOLD00001"
SEED = Seed(
    people=(
        Person(DANA, "dana", "Dana Reyes"),
        Person(EMIL, "emil", "Emil Okafor"),
        Person("U0EXTERN001", "eve", "Eve", team="T0OTHER"),
    ),
    channels=(
        Channel(TECH, "tier2-tech", (DANA,), private=True),
        Channel(HELP, "help", (DANA,)),
        Channel(OPS, "ops", (DANA,)),
    ),
    usergroups=(Usergroup(ON_CALL, "on-call", (DANA,)), Usergroup(GOLD, "gold", (EMIL,))),
)
RULES = Rules(
    queues={"tech": Queue("tech", TECH, members=("on_call", EMIL))},
    operator_channel=OPS,
    channels={HELP: ChannelRules("all"), "C0SILENT001": ChannelRules("off")},
    groups={"on_call": Group(usergroup=ON_CALL), "gold": Group(usergroup=GOLD), "leads": Group(users=(DANA,))},
)

wire = pytest.mark.wire


@pytest.fixture
def slack() -> Iterator[Sandbox]:
    with Sandbox(SEED, scopes=SCOPES) as running:
        yield running


def client_of(slack: Sandbox) -> WebClient:
    return web_client(slack.bot_token, slack.api_url)


def found(slack: Sandbox, rules: Rules | None = RULES, waited: list[float] | None = None) -> list[Finding]:
    waits = [] if waited is None else waited
    return [*examine(client_of(slack), slack.app_token, rules, wait=waits.append)]


def faults(slack: Sandbox, rules: Rules = RULES) -> list[Finding]:
    return [finding for finding in found(slack, rules) if finding.level != "ok"]


@wire
def test_where_all_is_well_every_check_says_so(slack: Sandbox) -> None:
    assert [(finding.check, finding.level, finding.what) for finding in found(slack)] == [
        ("slack", "ok", "reached, as @tier1 in Sandbox"),
        ("scopes", "ok", f"all {len(SCOPES)} granted"),
        ("app token", "ok", "Socket Mode takes it"),
        ("channels", "ok", "3 named, and the bot is in all of them"),
        ("user groups", "ok", "2 named, and none is empty"),
        ("people", "ok", "2 named, and all are here"),
    ]


@wire
def test_only_questions_are_asked(slack: Sandbox) -> None:
    found(slack)

    assert {call.method for call in slack.calls()} == {
        *("auth.test", "apps.connections.open", "conversations.info", "usergroups.users.list", "users.info")
    }
    assert slack.messages(TECH) == []


@wire
@pytest.mark.parametrize(
    ("act", "level", "what"),
    [
        (lambda slack: slack.leave(HELP), "wrong", f"#help, {HELP} (mode all), is without the bot"),
        (lambda slack: slack.leave(OPS), "wrong", f"#ops, {OPS} (operator_channel), is without the bot"),
        (lambda slack: slack.leave(TECH), "wrong", f"{TECH} (queue tech) is not there, or is private and"),
        (lambda slack: slack.archive(TECH), "wrong", f"#tier2-tech, {TECH} (queue tech), is archived"),
        (lambda slack: slack.join("eve", TECH), "warning", f"#tier2-tech, {TECH} (queue tech), is shared with another"),
        (lambda slack: slack.join("eve", HELP), "", ""),  # customers of other companies may ask there
    ],
)  # fmt: skip
def test_a_channel_that_does_not_serve_is_told_with_what_it_is_for(
    act: Callable[[Sandbox], object], level: str, what: str, slack: Sandbox
) -> None:
    act(slack)

    told = faults(slack)

    assert [finding.level for finding in told] == [level] * bool(level)
    assert all(finding.what.startswith(what) and finding.do for finding in told)


@wire
def test_where_people_mention_the_bot_it_need_not_be_yet(slack: Sandbox) -> None:
    slack.leave(HELP)

    (told,) = faults(slack, replace(RULES, channels={HELP: ChannelRules("mention")}))

    assert (told.level, told.do) == ("warning", "write `/invite @tier1` in it")


@wire
@pytest.mark.parametrize(
    ("groups", "level", "what"),
    [
        ({"on_call": Group(usergroup="S0NOBODY001")}, "wrong", "user group S0NOBODY001 (group on_call) is not there"),
        ({"on_call": Group(usergroup="S0EMPTY0001")}, "wrong", "user group S0EMPTY0001 (group on_call) is empty"),
        # The queue has somebody all the same.
        ({"on_call": Group(usergroup="S0EMPTY0001", users=(DANA,))}, "warning", "S0EMPTY0001 (group on_call) is empty"),
        ({"on_call": Group(users=(DANA,)), "gold": Group(usergroup="S0EMPTY0001")}, "warning", "(group gold) is empty"),
    ],
)
def test_a_user_group_that_is_gone_or_empty_is_told(groups: dict[str, Group], level: str, what: str) -> None:
    seed = replace(SEED, usergroups=(*SEED.usergroups, Usergroup("S0EMPTY0001", "empty")))
    with Sandbox(seed, scopes=SCOPES) as slack:
        (told,) = faults(slack, replace(RULES, groups=groups))

    assert told.level == level
    assert what in told.what


@wire
def test_people_who_left_or_never_were_are_told(slack: Sandbox) -> None:
    slack.deactivate("emil")

    told = faults(slack, replace(RULES, groups=RULES.groups | {"leads": Group(users=("U0NOBODY001",))}))

    assert [(finding.level, finding.what) for finding in told] == [
        ("wrong", "U0NOBODY001 (group leads) is nobody in this workspace"),
        ("wrong", f"{EMIL} (queue tech) has left: the account is deactivated"),
    ]


@wire
def test_scopes_that_were_not_granted_are_named() -> None:
    with Sandbox(SEED, scopes=[scope for scope in SCOPES if scope not in ("groups:read", "chat:write")]) as slack:
        told = faults(slack)

    assert told[0] == Finding("scopes", "wrong", "the token lacks chat:write, groups:read", told[0].do)
    assert "install the app again" in told[0].do
    # Only the private channel cannot be looked at; everything else is.
    assert [(finding.check, finding.level, finding.do) for finding in told[1:]] == [
        ("channels", "warning", "grant the scopes above")
    ]


@wire
def test_a_token_that_is_refused_does_not_keep_the_other_from_being_tried(slack: Sandbox) -> None:
    client = web_client("xoxb-wrong", slack.api_url)

    told = [*examine(client, slack.app_token, RULES)]

    assert [(finding.check, finding.level) for finding in told] == [("slack", "wrong"), ("app token", "ok")]
    assert told[0].what == "Slack does not accept SLACK_BOT_TOKEN (invalid_auth)"


@wire
def test_an_app_token_that_is_refused_is_told(slack: Sandbox) -> None:
    told = [*examine(client_of(slack), "xapp-wrong", RULES)]

    assert [finding.check for finding in told if finding.level == "wrong"] == ["app token"]
    assert "connections:write" in told[2].do


@wire
def test_over_http_no_app_token_is_tried(slack: Sandbox) -> None:
    checks = [finding.check for finding in examine(client_of(slack), "", RULES)]

    assert "app token" not in checks
    assert not slack.calls("apps.connections.open")


@wire
def test_trouble_in_one_check_does_not_stop_the_others(slack: Sandbox) -> None:
    slack.fail_next("conversations.info", "internal_error", times=1)
    slack.fail_next("users.info", "connection_lost", times=1)
    slack.fail_next("apps.connections.open", "service_unavailable", times=1)

    told = faults(slack)

    assert [(finding.check, finding.level) for finding in told] == [
        ("app token", "warning"), ("channels", "warning"), ("people", "warning"),
    ]  # fmt: skip
    assert "could not be looked at (internal_error)" in told[1].what


@wire
def test_when_slack_asks_for_patience_it_gets_it(slack: Sandbox) -> None:
    slack.fail_next("conversations.info", "ratelimited", times=2, retry_after=7)
    waited: list[float] = []

    told = found(slack, waited=waited)

    assert {finding.level for finding in told} == {"ok"}
    assert waited == [7, 7]


@wire
def test_a_slack_that_is_not_there_is_not_asked_for_ever(slack: Sandbox) -> None:
    client = client_of(slack)
    slack.stop()

    told = [*examine(client, "xapp-x", RULES)]

    assert (told[0].check, told[0].level) == ("slack", "wrong")
    assert "cannot be reached" in told[0].what
    assert "not asked" in told[-1].what
    assert {finding.level for finding in told} == {"wrong", "warning"}


@wire
def test_without_rules_the_app_alone_is_looked_at(slack: Sandbox) -> None:
    assert [finding.check for finding in found(slack, None)] == ["slack", "scopes", "app token"]


def test_every_channel_is_asked_for_once_whatever_it_is_for() -> None:
    rules = replace(RULES, editors_channel=OPS, digest=Digest(channel="C0DIGEST001"))

    named = channels_named(rules)

    assert {channel: [use.name for use in uses] for channel, uses in named.items()} == {
        TECH: ["queue tech"],
        HELP: ["mode all"],
        OPS: ["operator_channel", "editors_channel"],
        "C0DIGEST001": ["digest"],
    }


def test_people_are_found_wherever_the_rules_name_them() -> None:
    rules = replace(
        RULES,
        permissions={"claim": ("on_call", "U0CLAIMS001")},
        ladders={
            "steep": (Rung("notify_lead", to="U0LEAD00001", also_to=("leads", "W0ENTERPR01")), Rung("move", to="X"))
        },
    )

    assert users_named(rules) == {
        DANA: "group leads",
        EMIL: "queue tech",
        "U0CLAIMS001": "permission claim",
        "U0LEAD00001": "ladder steep",
        "W0ENTERPR01": "ladder steep",
    }
