"""What the product brings along: its knowledge base, its rules and its word lists."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.content import faults
from bot.content.entries.loading import KnowledgeFiles, unknown_queues
from bot.content.entries.words import built_in_words
from bot.content.schema import FileSort, schema_of
from bot.core.knowledge import Knowledge, Versions
from bot.core.matching import build_matcher
from bot.core.rulebook.handoff import destination
from bot.core.rulebook.rules import Rules
from bot.core.rulebook.triggers import Verdict
from bot.vectors.choosing import DEFAULT, encoder_for
from bot.wiring import matchers_like
from bot.workbench import entry_tests, rules_tests
from tests.content.small_files import RULES, loaded_rules
from tests.shipped import KB, ROOT, RULES_FILE, shipped_knowledge, shipped_rules

SORTS: tuple[FileSort, ...] = ("entry", "site", "words", "rules")
FILES = {
    "entry": sorted(KB.glob("*/*.yaml")),
    "site": [KB / "_site.yaml"],
    "words": [KB / "_words.yaml", ROOT / "bot" / "content" / "entries" / "words.yaml"],
    "rules": [RULES_FILE],
}


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeFiles:
    return shipped_knowledge()


@pytest.fixture(scope="module")
def rules() -> Rules:
    return shipped_rules()


@pytest.fixture(scope="module")
def served(knowledge: KnowledgeFiles, rules: Rules) -> Knowledge:
    matcher = build_matcher(knowledge.entries.values(), knowledge.words, rules.thresholds, encoder_for(DEFAULT))
    return Knowledge(knowledge.entries, knowledge.site, knowledge.words, rules, matcher, Versions("k", "r", "i"))


def test_every_entry_is_whole(knowledge: KnowledgeFiles) -> None:
    assert len(knowledge.entries) >= 60
    assert sum(entry.steps is not None for entry in knowledge.entries.values()) >= 8
    assert sum(bool(entry.collect) for entry in knowledge.entries.values()) >= 6
    for entry in knowledge.entries.values():
        assert 5 <= len(entry.phrasings) <= 10, entry.id
        assert entry.owner, entry.id
        assert entry.links, entry.id
        assert entry.tests.match, entry.id
        assert entry.tests.not_match, entry.id


@pytest.mark.long
def test_every_entry_keeps_what_its_own_tests_promise(served: Knowledge) -> None:
    ran = entry_tests.run(entry_tests.bench_for(served, matchers_like(served)))

    assert ran.failures == ()
    assert ran.untested == ()
    assert ran.tests >= 1_000


def test_entries_name_only_queues_that_there_are(knowledge: KnowledgeFiles, rules: Rules) -> None:
    assert unknown_queues(knowledge, rules) == ()


def test_the_four_roles_of_tier_2_and_a_tier_3_are_there(rules: Rules) -> None:
    assert {(queue.role, queue.tier) for queue in rules.queues.values()} == {
        ("Technical Support", 2),
        ("Product Expert", 2),
        ("Complaints Management", 2),
        ("Retention Specialist", 2),
        ("Tier 3", 3),
    }


def test_every_category_is_routed_to_a_queue(knowledge: KnowledgeFiles, rules: Rules) -> None:
    routed = {route.category for route in rules.routing}

    assert {entry.category for entry in knowledge.entries.values()} <= routed
    for entry in knowledge.entries.values():
        assert destination(rules, Verdict(None), entry, entry.category, "C0HELPDESK1").queue in rules.queues


def test_every_queue_is_reached_by_something(knowledge: KnowledgeFiles, rules: Rules) -> None:
    named = {route.queue for route in rules.routing} | {trigger.then.queue for trigger in rules.triggers}
    named |= {entry.escalate.queue for entry in knowledge.entries.values()}

    assert set(rules.queues) <= named


def test_the_rules_keep_their_own_tests(served: Knowledge) -> None:
    results = rules_tests.run(served)

    assert len(results) >= 20
    assert [result for result in results if not result.passed] == []


def test_the_smallest_rules_file_has_every_default(tmp_path: Path) -> None:
    loaded = loaded_rules(tmp_path, RULES)

    assert loaded.faults == ()
    rules = loaded.value
    assert rules is not None
    assert (rules.default_queue, rules.default_priority, rules.timezone, rules.calendar) == ("it", "p3", "UTC", None)
    assert rules.failed_attempts == 2
    queue = rules.queues["it"]
    assert (queue.role, queue.tier, queue.members, queue.ladder, queue.calendar) == ("IT", 2, (), None, None)
    assert rules.slas[queue.sla or ""] == shipped_rules().slas["standard"]
    assert rules.channel("C0ANYTHING1").mode == "mention"
    assert rules.permissions == {}


def test_no_words_are_built_in_twice() -> None:
    words = built_in_words()
    lists = (words.greetings, words.thanks, words.confirmations, words.rejections, words.fillers, words.help)
    counted = Counter(phrase for each in (*lists, words.human_words, words.human_phrases) for phrase in each)

    assert [phrase for phrase, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("name", ["greetings", "thanks", "rejections", "human_phrases"])
def test_the_built_in_lists_are_broad(name: str) -> None:
    assert len(getattr(built_in_words(), name)) >= 60


@pytest.mark.parametrize(
    "question",
    [
        "how do I add a person to a channel",
        "the antivirus agent uses all my memory",
        "the captcha says I am not a robot",
        "teams won't let me talk to my colleagues",
        "someone from support called and asked for my password",  # never to be waved through
        "how do I stop the bot from posting in my channel",
        "how do I chat with someone outside the company",
        "people can't call me on my phone",
        "is there a person responsible for parking",
        "install the monitoring agent please",
        "how do I hand in my old laptop",
    ],
)
def test_no_wish_for_a_human_is_seen_in_a_question(question: str) -> None:
    said = f" {question.lower()} "

    assert [phrase for phrase in built_in_words().human_phrases if f" {phrase} " in said] == []


@pytest.mark.parametrize("sort", SORTS)
def test_the_committed_schema_is_the_one_that_is_generated(sort: FileSort) -> None:
    committed = ROOT / "bot" / "content" / f"{sort}.schema.json"

    # After a change: tier1 kb schema KIND > bot/content/KIND.schema.json
    assert json.loads(committed.read_text(encoding="utf-8")) == json.loads(json.dumps(schema_of(sort)))


@pytest.mark.parametrize("sort", SORTS)
def test_the_shipped_files_fit_their_schema(sort: FileSort) -> None:
    schema = json.loads(json.dumps(schema_of(sort)))
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)

    for file in FILES[sort]:
        written = yaml.load(file.read_text(encoding="utf-8"), Loader=_AsEditorsSee)  # noqa: S506  a safe loader
        assert [error.message for error in check.iter_errors(written)] == [], file


class _AsEditorsSee(yaml.CSafeLoader):
    """YAML 1.2, as editors' programs read it: a date is text."""


_AsEditorsSee.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def test_no_code_is_given_twice() -> None:
    numbers = [kind.number for kind in faults.KINDS]

    assert len(numbers) == len(set(numbers)) > 40
    assert all(kind.meaning.endswith(".") for kind in faults.KINDS)
