"""The schemas by which editors' programs complete keys: each key says what it is for, and slips are underlined."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import yaml

from bot.content.schema import FileSort, schema_of
from tests.content.small_files import ENTRY

SORTS: tuple[FileSort, ...] = ("entry", "site", "words", "rules")


def described(schema: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every key that the schema knows, however deep, with its description."""
    if isinstance(schema, list):
        for each in schema:
            yield from described(each, path)
    if not isinstance(schema, dict):
        return
    for key, inner in schema.get("properties", {}).items():
        yield f"{path}/{key}", inner.get("description", "")
        yield from described(inner, f"{path}/{key}")
    for word in ("items", "additionalProperties", "anyOf"):
        yield from described(schema.get(word), path)
    for name, inner in schema.get("$defs", {}).items():
        yield from described(inner, f"{path}${name}")


@pytest.mark.parametrize("sort", SORTS)
def test_every_key_says_in_one_plain_sentence_what_it_is_for(sort: FileSort) -> None:
    keys = dict(described(schema_of(sort)))

    assert len(keys) > 2
    assert [key for key, sentence in keys.items() if not sentence] == []
    assert [key for key, sentence in keys.items() if not sentence.endswith(".") or len(sentence) > 120] == []


@pytest.mark.parametrize(
    ("added", "fits"),
    [
        ("confusable_with: [billing/refund]", True),
        ("confusable_with: billing/refund", True),
        ("confusable_with: [Billing/Refund]", False),
        ("confusable_with: [refund]", False),
        ("follow_ups: [a/b, a/c, a/d, a/e]", False),  # one too many
        ("state: live", True),
        ("state: Live", False),
        ("language: pt-BR", True),
        ("language: english!", False),
        ("links: [{label: x, url: 'https://a.example'}]", True),
        ("links: [{label: x, url: 'http://a.example'}]", False),
        ("links: [{label: x}]", False),
        ("collect: [{field: serial_number, ask: Which one}]", True),
        ("collect: [{field: Serial number, ask: Which one}]", False),
        ("steps: {start: a, nodes: {a: {say: x, options: [{label: y, end: resolved}]}}}", True),
        ("steps: {start: a, nodes: {a: {say: x, options: [{label: y, end: a/b}]}}}", True),
        ("steps: {start: a, nodes: {a: {say: x, options: [{label: y, end: done}]}}}", False),
        ("steps: {start: a, nodes: {}}", False),
        ("channels: {allow: [C0123456789]}", True),
        ("channels: {allow: ['#help']}", False),
        ("flavour: sweet", False),
    ],
)
def test_what_a_program_underlines_in_an_entry(added: str, fits: bool) -> None:
    schema = jsonschema.Draft202012Validator(json.loads(json.dumps(schema_of("entry"))))

    assert schema.is_valid(yaml.safe_load(f"{ENTRY}{added}\n")) == fits


@pytest.mark.parametrize(
    ("written", "fits"),
    [
        ("variables: {portal_url: x}\nlink_hosts: ['*.example.com']", True),
        ("variables: {portal url: x}", False),
        ("link_hosts: ['https://example.com']", False),
    ],
)
def test_what_a_program_underlines_in_the_site(written: str, fits: bool) -> None:
    schema = jsonschema.Draft202012Validator(json.loads(json.dumps(schema_of("site"))))

    assert schema.is_valid(yaml.safe_load(written)) == fits
