"""A new entry's file: everything in its place, words to be replaced, and a note on each key."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import date
from pathlib import Path

from bot.content.entries.shape import ENTRY
from bot.content.faults import quoted
from bot.content.folder import SLUG, shown
from bot.content.reading.reading import Reading, Unreadable
from bot.content.reading.scalars import reads_as
from bot.content.reading.source import parse_yaml
from bot.errors import ContentError

_PLAIN = re.compile(r"[^\W_](?:[\w ,;.()/?'+*-]|:(?=\S))*")
_ENTRY = """\
{schema}# A new entry. Replace the words below, and when it is good take out the line `state: draft`.
# Lines that begin with # are notes for you: the bot never reads them. Take them out when you need them no more.

# What the entry is called. People see it when the bot asks which of two was meant.
title: {title}

# One line for the notification. Without it the first sentence of the answer is taken.
# summary: How to do it yourself, in about two minutes.

# How people ask for it. Replace these three by what they really write, small letters and all; five to ten are good.
phrasings:
  - {first}
  - {second}
  - {third}

# Error codes and product numbers. A message that holds one gets this answer; * stands for any letters or digits.
# patterns: ["AB-44*"]

# Words that must not be in the message (none), or of which one (any) or each (all) must be.
# keywords: {{none: [broken], any: [], all: []}}

# Entries that are easily mixed up with this one, so that the bot may ask which was meant.
# confusable_with: [accounts/reset-password]

# Who may see it: staff, customer, partner. Without it, as kb/_site.yaml says.
# audience: [staff]

# In which channels only (allow), or not (deny); by id, which is at the bottom of a channel's About tab.
# channels: {{allow: [C0123456789]}}

# The language it is written in. Without it, English.
# language: en

# A draft is never answered. With trial the bot asks "Is this it?" first; with live, or without this line, it answers.
state: draft

# With always the answer goes into a direct message, wherever the question was asked.
# private: always

# Who answers for it, and the day on which it has to be read again.
# owner: "@your-team"
# review_by: 2027-06-01

# What people read. The way out comes first, in two to seven steps; **bold** and *italic* work.
# After the | the text goes on as long as its lines begin with two blanks.
answer: |
  Say in one sentence what to do, and how long it takes.

  1. The first step.
  2. The second step.

  Say what to do if it does not work.

# Buttons that lead to a page. https only.
# links:
#   - {{label: Open the portal, url: "https://portal.example.com"}}

# A guide, one step at a time, under the button *Walk me through it*. An option leads to a step (goto), or ends it:
# resolved, handoff (a person) or another entry.
# steps:
#   start: first
#   nodes:
#     first:
#       say: Do this first.
#       ask: Did it help?
#       options:
#         - {{label: "Yes", end: resolved}}
#         - {{label: "No", end: handoff}}

# What a person will want to know, asked before they take over.
# collect:
#   - {{field: device, ask: "Which device are you on?", kind: choice, choices: [Laptop, Phone]}}

# Up to three entries that people often need next.
# follow_ups: [accounts/reset-password]

# When people come in. offer: a button. always: at once. never: only if somebody asks for a person.
# escalate: {{policy: offer, queue: technical_support, priority: p3, after_failed: 2}}

# What must stay true; `tier1 kb test` tries it. match: this entry is the answer. not_match: it must never be.
tests:
  match:
    - {first}
  # not_match:
  #   - a question that sounds alike, and is about something else

# For editors only, never sent.
# notes: What only we need to know.
# source: Where the answer comes from.
"""


def check_new(entry_id: str, known: Collection[str]) -> None:
    """Raise `ContentError` for an id that cannot be given: badly written, or given already."""
    category, slash, slug = entry_id.partition("/")
    if not slash or "/" in slug:
        raise ContentError(f"{quoted(entry_id)} is no id -> write CATEGORY/NAME, as in accounts/reset-password")
    for what, name in (("category", category), ("name", slug)):
        if not SLUG.fullmatch(name):
            hint = "use small letters, digits, `-` and `_`, with a letter or a digit first"
            nearest = re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-_")
            raise ContentError(f"{quoted(name)} cannot be a {what} -> {hint}" + (f": {nearest}" if nearest else ""))
    if entry_id in known:
        raise ContentError(f"{quoted(entry_id)} is there already, and ids are never used again -> choose another name")


def drafted(entry_id: str, *, title: str = "", schema: str = "") -> str:
    """The file's text. Without a title the name gives one. Raises `ContentError` for a title that cannot be served."""
    words = entry_id.partition("/")[2].replace("-", " ").replace("_", " ").strip()
    written = " ".join(title.split()) or words[:1].upper() + words[1:]
    subject = written.rstrip(".!?").strip() or words
    said = subject[:1].lower() + subject[1:]
    text = _ENTRY.format(
        schema=f"# yaml-language-server: $schema={schema}\n" if schema else "",
        title=_scalar(written),
        first=_scalar(said),
        second=_scalar(f"{said}, how does that work?"),
        third=_scalar(f"I have a question, {said}"),
    )
    _check(text, entry_id)
    return text


def write_new(file: Path, text: str) -> None:
    """Write the file, and its folder if need be. What is there already stays as it is."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ContentError(f"{shown(file.parent)}: the folder cannot be made: {error.strerror}") from error
    try:
        with file.open("x", encoding="utf-8", newline="\n") as new:
            new.write(text)
    except FileExistsError as error:
        raise ContentError(f"{shown(file)}: there is something already -> choose another name") from error
    except OSError as error:
        raise ContentError(f"{shown(file)}: cannot be written: {error.strerror}") from error


def _scalar(words: str) -> str:
    """The words as YAML, in quotes if they need them."""
    is_plain = _PLAIN.fullmatch(words) and not words.endswith(" ") and not reads_as(words)
    return words if is_plain else json.dumps(words, ensure_ascii=False)


def _check(text: str, entry_id: str) -> None:
    """Raise what `kb check` would find wrong: only the title can be."""
    reading = Reading("KB", text.split("\n"), date.min)
    node = parse_yaml(text, f"{entry_id}.yaml", reading.report)
    try:
        if node is not None:
            ENTRY.read(node, reading)
    except Unreadable:
        pass
    if errors := [fault for fault in reading.faults if fault.level == "error"]:
        raise ContentError(f"this title cannot be used: {errors[0].message} -> {errors[0].hint or 'choose another'}")
