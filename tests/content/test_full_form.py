"""A file with every key there is: nothing in it is refused, and each key ends where it belongs."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.content.entries.loading import KnowledgeFiles, entry_ids, load_entries, unknown_queues
from bot.content.rules.loading import load_rules
from bot.content.rules.promises import STANDARD_TARGETS
from bot.core.entries import (
    AskTest,
    CollectField,
    Entry,
    EntryTests,
    Escalate,
    Keywords,
    Link,
    Node,
    Option,
    Site,
    Steps,
    StepsTest,
)
from bot.core.rulebook.rules import (
    Bots,
    ChannelRules,
    Digest,
    Duplicates,
    Earlier,
    Group,
    Holiday,
    OptOut,
    Queue,
    RepeatContact,
    Route,
    Rules,
    Rung,
    SameUser,
    Surge,
    Targets,
    Then,
    Thresholds,
    Trial,
    Trigger,
    When,
)

FULL = Path(__file__).parent / "full"


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeFiles:
    loaded = load_entries(FULL / "kb", today=date(2026, 11, 20))
    assert loaded.faults == ()
    assert loaded.value is not None
    return loaded.value


@pytest.fixture(scope="module")
def rules() -> Rules:
    loaded = load_rules(FULL / "escalation_rules.yaml", entry_ids=entry_ids(FULL / "kb") | {"news/x"})
    assert [fault.code for fault in loaded.errors] == []
    assert loaded.value is not None
    return loaded.value


def test_an_entry_with_every_key(knowledge: KnowledgeFiles) -> None:
    assert knowledge.entries["help/everything"] == Entry(
        id="help/everything",
        title="Everything at once",
        summary="See {{site.portal_url}}, {{customer.first_name}}.",
        phrasings=("show me everything", "show the whole of it", "404: show everything"),
        answer="Hi {{customer.first_name}}, this is {{case.id}}. Call {{site.phone}}.\nThen wait.",
        keywords=Keywords(any=("whole", "everything"), all=("show",), none=("nothing",)),
        patterns=("0x80070005", "NL-44*"),
        confusable_with=("help/smallest",),
        audience=frozenset({"staff"}),
        allow_channels=("C0HELP00001",),
        deny_channels=("C0RANDOM001", "G0PRIVATE01"),
        language="en-GB",
        state="trial",
        links=(
            Link("Portal", "https://portal.example.org/all?x=1#top"),
            Link("Docs", "https://docs.example.net"),
        ),
        steps=Steps(
            start="one",
            nodes={
                "one": Node(
                    "Look at {{site.portal_url}}.",
                    "Is it there?",
                    (Option("Yes", end="resolved"), Option("No", goto="two")),
                ),
                "two": Node(
                    "Then look again.",
                    options=(
                        Option("Back to the start", goto="one"),
                        Option("Give up", end="handoff"),
                        Option("Read on", end="help/smallest"),
                    ),
                ),
            },
        ),
        collect=(
            CollectField("what_1", "What do you see?", "text", (), required=True),
            CollectField("where", "Where?", "choice", ("Here", "There")),  # choices make it a choice
        ),
        follow_ups=("help/smallest",),
        private="always",
        escalate=Escalate("always", "crew", "p2", 3),
        owner="@crew",
        review_by=date(2030, 1, 31),
        tests=EntryTests(
            match=("everything please",),
            ask=(AskTest("all or little", ("help/everything", "help/smallest")),),
            not_match=("nothing",),
            steps=(StepsTest(("Yes",), "resolved"), StepsTest(("No", "Read on"), "help/smallest")),
        ),
        notes="For editors.\nTwo lines.",
        source="case 12",
    )


def test_an_entry_with_the_least_keys_has_the_defaults(knowledge: KnowledgeFiles) -> None:
    assert knowledge.entries["help/smallest"] == Entry(
        id="help/smallest",
        title="The smallest entry",
        phrasings=("how small can it be", "is this the smallest", "the least of all"),
        answer="It has *three* keys. See [the guide](https://portal.example.org/guide).\n\nNo more.",
        summary="It has three keys.",
        audience=frozenset({"staff", "customer", "partner"}),  # from the site
    )


def test_what_entries_share(knowledge: KnowledgeFiles) -> None:
    assert knowledge.site == Site(
        {"portal_url": "https://portal.example.org", "phone": "0800 123"},
        frozenset({"staff", "customer", "partner"}),
        ("portal.example.org", "*.example.net"),
    )


def test_the_words_are_added_to_the_built_in_ones(knowledge: KnowledgeFiles) -> None:
    words = knowledge.words

    assert words.synonyms[-2:] == (("gizmo", "gadget"), ("lamp", "light"))
    assert words.opposites[-1] == ("dock", "undock")
    assert words.greetings[0] == "hi"
    assert words.greetings[-1] == "ahoy"  # as a person would type it
    assert words.thanks[-1] == "nice one cap'n"  # with a keyboard's apostrophe
    assert words.confirmations[-1] == "ship shape"
    assert words.rejections[-1] == "not the fish"
    assert words.fillers[-1] == "one moment cap'n"
    assert words.help[-1] == "what is aboard"
    assert words.human_words[-1] == "captain"
    assert words.human_phrases[-1] == "fetch the captain"
    assert words.products == ("lantern",)


def test_defaults_and_channels(rules: Rules) -> None:
    assert (rules.timezone, rules.calendar, rules.default_queue, rules.default_priority) == (
        "America/New_York",
        "deck",
        "crew",
        "p4",
    )
    assert (rules.operator_channel, rules.editors_channel, rules.failed_attempts) == ("C0OPERATOR1", "C0EDITORS01", 3)
    assert rules.channels["C0HELP00001"] == ChannelRules(
        "all", frozenset({"staff"}), ("help",), "en", "crew", private=True, test=True
    )
    assert rules.channels["C0RANDOM001"].mode == "off"
    assert rules.channels["G0PRIVATE01"] == ChannelRules()


def test_calendars(rules: Rules) -> None:
    deck = rules.calendars["deck"]

    assert deck.timezone == "America/New_York"  # the rules' own
    assert not deck.always_open
    assert deck.weekly[0] == ((time(9), time(12)),)
    assert deck.weekly[4] == ((time(8), time(10)), (time(22), time.max))  # in order, and up to midnight
    assert deck.weekly[5] == ((time(0), time(2)),)  # what Friday night left over
    assert deck.weekly[6] == ((time(20), time.max),)
    assert deck.holidays == (
        Holiday("Christmas", date(2026, 12, 25), date(2026, 12, 25)),
        Holiday("Break", date(2026, 12, 28), date(2026, 12, 31)),
        Holiday(country="US", subdivision="NY"),
    )
    assert rules.calendars["harbour"].timezone == "Asia/Kathmandu"
    assert rules.calendars["harbour"].always_open
    assert rules.calendars["lazy"].always_open  # without hours it is never closed


def test_groups_and_queues(rules: Rules) -> None:
    assert rules.groups["mates"] == Group("S0MATES0001", ("U0ANNA00001", "W0BEN000001"))
    assert rules.groups["owners"] == Group(
        email_domains=("owners.example.org",), audience=frozenset({"customer", "partner"})
    )
    # Ids where groups are asked for stand for groups of their own.
    assert rules.groups["S0DECK00001"] == Group("S0DECK00001")
    assert rules.groups["U0DORA00001"] == Group(users=("U0DORA00001",))
    assert rules.queues["crew"] == Queue(
        "crew",
        "C0CREW00001",
        tier=2,
        role="The Crew",
        members=("mates", "U0CARL00001", "S0DECK00001"),
        calendar="harbour",
        sla="quick",
        ladder="up",
        fallback="captains",
        priority_cap="p2",
        expect_open="{{queue.role}} answers by {{case.due}}.",
        expect_closed="Back {{calendar.next_open}} for {{case.id}}.",
        private=True,
        always_staffed=True,
    )
    assert rules.queues["captains"] == Queue(
        "captains", "C0CAPTAIN01", tier=3, role="Captains", calendar="deck", sla="standard"
    )


def test_promises(rules: Rules) -> None:
    quick = rules.slas["quick"]

    assert quick["p1"] == Targets(timedelta(seconds=90), timedelta(minutes=5), timedelta(minutes=90), business=False)
    assert quick["p2"].first_response == timedelta(minutes=10)
    assert quick["p2"].resolution == STANDARD_TARGETS["p2"].resolution  # what is not written is as usual
    assert quick["p4"] == STANDARD_TARGETS["p4"]
    assert rules.slas["standard"] == dict(STANDARD_TARGETS)
    assert rules.ladders["up"] == (
        Rung("remind", percent=80, of="first_response", text="{{case.id}}"),
        Rung("ping_group", 150, "next_response", to="mates", also_to=("U0CARL00001",), priorities=("p1",)),
        Rung("move", percent=100, of="resolution", to="captains"),
        Rung("raise", after=timedelta(hours=2), to="p1"),
        Rung("notify_lead", after=timedelta(days=1), to="owners", priorities=("p3", "p4")),
    )


def test_a_trigger_with_every_condition(rules: Rules) -> None:
    assert rules.triggers[0] == Trigger(
        "all-of-it",
        When(
            human_request=False,
            band=("none", "unsure"),
            failed_attempts_gte=2,
            feedback=("still_stuck", "did_not_work"),
            keywords=("storm",),
            category=("help",),
            entry=("help/*", "help/smallest"),
            entry_policy=("always", "never"),
            group=("owners", "U0DORA00001"),
            channel=("C0HELP00001",),
            repeat_contact=RepeatContact(timedelta(days=7), 3),
            after_hours=True,
            has_file=True,
            error=False,
            any=(When(band=("none",)), When(not_=When(all=(When(band=("sure",)), When(has_file=False))))),
        ),
        Then("handoff", "captains", "p1", 2, True, "{{queue.role}} is told.", True, ("storm", "urgent"), "sensitive"),
        also=True,
    )
    assert rules.triggers[1] == Trigger(
        "adds-only", When(failed_attempts_gte="limit"), Then("tag", tags=("lost",)), also=True
    )
    assert rules.triggers[2].then == Then("refuse", message="Not here.")


def test_the_other_sections(rules: Rules) -> None:
    assert rules.routing == (
        Route("captains", entry="help/smallest"),
        Route(priority="p3", category="help"),
        Route(priority="p3", category="news"),
        Route("crew"),
    )
    assert rules.duplicates == Duplicates(
        SameUser(timedelta(hours=1), 1.0), Surge(4, timedelta(minutes=20), 0.5, "captains"), timedelta(days=14)
    )
    assert rules.closing.survey
    assert rules.closing.resolve_codes == ("fixed", "gone")
    assert rules.closing.confirm_after == timedelta(hours=4)
    assert rules.permissions["claim"] == ("mates",)
    assert rules.permissions["resolve"] == ("mates",)
    assert rules.permissions["see_log"] == ()  # nobody, which is not the same as not written
    assert rules.words == {"storm": ("gale", "force 9"), "calm": ("breeze",)}
    assert rules.thresholds == {"help": Thresholds(0.7, 0.2), "default": Thresholds(0.6)}
    assert rules.bots == Bots(("B0PARROT001",), 5)
    assert rules.opt_out == OptOut("!", "anchor")
    assert rules.edits_within == timedelta(minutes=10)
    assert rules.retention == {"texts": 90, "files": 30}
    assert rules.redaction == ("password", "email")
    assert rules.trial == Trial(5, 2, timedelta(days=30))
    assert rules.digest == Digest("C0DIGEST001", time(8))


def test_a_test_of_the_rules(rules: Rules) -> None:
    (test,) = rules.tests

    assert test.given.at == datetime(2026, 11, 27, 15, tzinfo=ZoneInfo("America/New_York"))  # the rules' own zone
    assert test.given.history == (
        Earlier("my first question"),
        Earlier("last week's", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        Earlier(at=datetime(2026, 11, 21, 8, tzinfo=ZoneInfo("America/New_York"))),
    )
    assert test.expect.due_first == datetime(2026, 11, 27, 20, 15, tzinfo=UTC)
    assert (test.expect.rule, test.expect.action) == ("not-here", "refuse")


def test_queues_that_entries_name_are_looked_up_in_the_rules(knowledge: KnowledgeFiles, rules: Rules) -> None:
    fewer = Rules({"captains": rules.queues["captains"]})

    (fault,) = unknown_queues(knowledge, fewer)

    assert unknown_queues(knowledge, rules) == ()
    assert str(fault).endswith(
        "everything.yaml:35:35 KB060 error  no queue `crew` in the rules -> known here: captains"
    )
