"""Small rules that hold all through the year, to be broken one way or another, and their knowledge."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.core.knowledge import Knowledge
from tests.content.small_files import loaded_rules
from tests.core.situations import KNOWLEDGE

SOUND = """\
defaults: {timezone: Europe/Berlin, calendar: office, queue: tech}
calendars:
  office:
    weekly: {mon: "09:00-17:00", tue: "09:00-17:00", wed: "09:00-17:00", thu: "09:00-17:00", fri: "09:00-13:00"}
    holidays: [{country: DE, subdivision: BE}]
  around_the_clock: {always_open: true}
groups:
  techs: {users: [U0TECH00001]}
  on_call: {users: [U0ONCALL001]}
  vip: {users: [U0VIP000001]}
queues:
  tech: {channel: C0TECH00001, members: [techs], ladder: up, priority_cap: p2}
  care: {channel: C0CARE00001, ladder: up, priority_cap: p2}
  on_call: {channel: C0ONCALL001, members: [on_call], calendar: around_the_clock, ladder: call, always_staffed: true}
words:
  theft: [stolen]
  anger: [lawyer, unacceptable]
triggers:
  - {id: theft, when: {keywords: theft}, then: {action: handoff, queue: on_call, priority: p1}}
  - {id: vip, also: true, when: {group: vip}, then: {action: tag, raise_priority: 1}}
  - {id: night, also: true, when: {after_hours: true}, then: {action: tag, tags: [night]}}
  - {id: angry, when: {keywords: anger}, then: {action: handoff, queue: care, priority: p2}}
  - {id: picture, when: {has_file: true, band: none}, then: {action: offer}}
  - {id: lost, when: {failed_attempts_gte: limit}, then: {action: handoff}}
routing:
  - {category: network, queue: care, priority: p3}
ladders:
  up:
    - {at: "80% first_response", do: remind}
    - {at: "150% first_response", do: move, to: on_call, priorities: [p2]}
    - {at: "1d", do: raise, priorities: [p4]}
  call:
    - {at: "100% first_response", do: ping_group, to: techs}
"""


def with_tests(text: str, tests: tuple[str, ...]) -> str:
    return "\n".join((text.rstrip(), "tests:", *tests, ""))


def knowing(folder: Path, text: str) -> Knowledge:
    """What is served with these rules."""
    rules = loaded_rules(folder, text).value
    assert rules is not None
    return replace(KNOWLEDGE, rules=rules)
