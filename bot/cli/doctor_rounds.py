"""What the doctor looks at, in order: settings, content, matcher, database, Slack, operators' channel, outbox."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.cli.progress import progress
from bot.content.entries.loading import entry_ids, load_entries, unknown_queues
from bot.content.faults import Fault
from bot.content.rules.loading import load_rules
from bot.core.rulebook.rules import Rules
from bot.errors import SettingsError, StoreError, Tier1Error, WeightsError
from bot.settings import SLACK_API_URL, load_matching, load_settings
from bot.slack.calls import web_client
from bot.slack.doctor import Finding, examine
from bot.store.condition import Condition, condition, may_be_made, room_beside
from bot.store.migrations import VERSION
from bot.store.probe import Probe
from bot.vectors.choosing import DEFAULT, chosen_for
from bot.vectors.semantic import INSTALL, installed_model

_TIGHT, _FULL = 500_000_000, 50_000_000  # bytes that the disk should have left, and must have
_PATIENCE = timedelta(seconds=2)
_LATE = timedelta(minutes=10)
_WAY_BACK = "for `default`, unset TIER1_MATCHER"


def rounds(options: argparse.Namespace, env: Mapping[str, str]) -> Iterator[Finding]:
    """Yield finding after finding, each as soon as it is known."""
    yield from _settings(env, http=options.http)
    with progress("Reading entries") as on_entry:
        entries = load_entries(options.kb, today=datetime.now(UTC).date(), on_entry=on_entry)
    rules = load_rules(options.rules, entry_ids=entry_ids(options.kb) if entries.value else None)
    unknown = unknown_queues(entries.value, rules.value) if entries.value and rules.value else ()
    served = _count(len(entries.value.entries), "entry", "entries") if entries.value else ""
    yield _content("knowledge base", [*entries.faults, *unknown], served, "tier1 kb check")
    served = ""
    if rules.value:
        served = f"{_count(len(rules.value.queues), 'queue')}, {_count(len(rules.value.triggers), 'trigger')}"
    yield _content("rules", rules.faults, served, "tier1 rules check")
    yield _matcher(env, options.database)
    database = Path(options.database)
    found = _condition(database)
    yield _database(database, found)
    if database.parent.is_dir():
        yield _disk(room_beside(database))
    yield from _slack(env, rules.value, http=options.http)
    if rules.value is not None:
        yield _operators(rules.value)
    if isinstance(found, Condition):
        yield from _outbox(found, datetime.now(UTC))
        yield from _paused(found)


def _settings(env: Mapping[str, str], *, http: bool) -> Iterator[Finding]:
    try:
        load_settings(env, http=http)
    except SettingsError as error:
        for problem in str(error).splitlines():
            what, _, do = problem.partition(": ")
            yield Finding("settings", "wrong", what, do)
    else:
        yield Finding("settings", "ok", f"all there, for {'HTTP' if http else 'Socket Mode'}")


def _content(check: str, faults: list[Fault] | tuple[Fault, ...], served: str, command: str) -> Finding:
    errors = [fault for fault in faults if fault.level == "error"]
    if errors or not served:
        first = f", first of all {errors[0].place}" if errors else ""
        return Finding(check, "wrong", f"{_count(len(errors), 'error')}{first}", f"`{command}` lists them all")
    if warnings := len(faults):
        return Finding(check, "warning", f"{served}, {_count(warnings, 'warning')}", f"`{command}` lists them all")
    return Finding(check, "ok", served)


def _matcher(env: Mapping[str, str], database: str) -> Finding:
    """Which matcher serves, and the way to the other: nothing else here says that there are two."""
    try:
        wanted = load_matching(env, database).matcher
        chosen = chosen_for(wanted)
    except SettingsError:
        return Finding("matcher", "warning", "not looked at: TIER1_MATCHER is wrong", "mend it, and run this again")
    except Tier1Error as error:
        return Finding("matcher", "wrong", str(error))
    if chosen.why_not:
        why, _, do = chosen.why_not.rpartition(": ")
        return Finding("matcher", "warning", f"`{wanted}` is wanted, `{chosen.name}` serves: {why}", do)
    serves = f"`{chosen.name}` serves (vectors {chosen.encoder.version})"
    return Finding("matcher", "ok", serves, _way_to_semantic() if chosen.name == DEFAULT else _WAY_BACK)


def _way_to_semantic() -> str:
    try:
        installed_model()
    except WeightsError:
        return f"for `semantic`, {INSTALL} and set TIER1_MATCHER=semantic"
    return "for `semantic`, set TIER1_MATCHER=semantic"


def _condition(path: Path) -> Condition | str:
    """What is to be known of the database, or why it cannot be; "" if there is none yet."""
    if not path.exists():
        return ""
    try:
        return condition(path)
    except StoreError as error:
        return str(error)


def _database(path: Path, found: Condition | str) -> Finding:
    check = "database"
    if isinstance(found, str):
        if found:
            return Finding(check, "wrong", found)
        if may_be_made(path):
            return Finding(check, "ok", f"there is no {path} yet: `tier1 run` makes it")
        what = f"there is no {path}, and it could not be made"
        return Finding(check, "wrong", what, "make its folder, and let this user write there")
    if found.faults:
        do = "stop the bot and restore the last sound backup (docs/operators.md)"
        return Finding(check, "wrong", f"{path} is damaged: {found.faults}", do)
    if why := Probe(path, patience=_PATIENCE).why_not_writable():
        return Finding(check, "wrong", why)
    version = f"version {found.version}" if found.version == VERSION else f"version {found.version}, soon {VERSION}"
    return Finding(check, "ok", f"{path}: {version}, {_count(found.cases, 'case')}, sound and writable")


def _disk(free: int) -> Finding:
    if free >= _TIGHT:
        return Finding("disk", "ok", f"{_size(free)} left")
    do = "free some space: without it customers' messages cannot be stored"
    return Finding("disk", "wrong" if free < _FULL else "warning", f"{_size(free)} left", do)


def _slack(env: Mapping[str, str], rules: Rules | None, *, http: bool) -> Iterator[Finding]:
    token, api_url = env.get("SLACK_BOT_TOKEN", ""), env.get("SLACK_API_URL") or SLACK_API_URL
    if not token:
        yield Finding("slack", "warning", "not asked: there is no SLACK_BOT_TOKEN", "set it, and run this again")
        return
    if not api_url.startswith(("http://", "https://")):
        yield Finding("slack", "warning", "not asked: SLACK_API_URL is no address", "mend it, and run this again")
        return
    client = web_client(token, api_url.rstrip("/") + "/")
    yield from examine(client, "" if http else env.get("SLACK_APP_TOKEN", ""), rules)


def _operators(rules: Rules) -> Finding:
    if rules.operator_channel:
        return Finding("operators", "ok", f"alarms go to {rules.operator_channel}")
    do = "set defaults.operator_channel in the rules"
    return Finding("operators", "warning", "no channel is named for alarms: they are in the log alone", do)


def _outbox(found: Condition, now: datetime) -> Iterator[Finding]:
    if found.parked:
        do = "`tier1 outbox list --state parked` says which and why; then resend or drop them"
        yield Finding("outbox", "warning", f"{_count(found.parked, 'row')} parked: refused by Slack for good", do)
    age = now - found.oldest_due if found.oldest_due else timedelta(0)
    if age > _LATE:
        what = f"{_count(found.due, 'row')} due, the oldest for {int(age.total_seconds() // 60)} minutes"
        yield Finding("outbox", "warning", what, "is the bot running? `tier1 outbox list` says what they wait for")
    elif not found.parked:
        yield Finding("outbox", "ok", f"nothing parked, {found.due} due")


def _paused(found: Condition) -> Iterator[Finding]:
    for pause in found.pauses:
        where = f"in {pause.channel}" if pause.channel else "everywhere"
        order = "#channel" if pause.channel else "everywhere"
        what = f"{where}, since {pause.since:%Y-%m-%d %H:%M} UTC, by {pause.by}: people answer instead of the bot"
        yield Finding("paused", "warning", what, f"`/tier1 resume {order}` in Slack lets it speak again")


def _count(number: int, what: str, many: str = "") -> str:
    return f"{number:,} {what if number == 1 else many or f'{what}s'}"


def _size(size: int) -> str:
    return f"{size / 1_000_000_000:,.1f} GB" if size >= 1_000_000_000 else f"{size / 1_000_000:,.1f} MB"  # noqa: PLR2004
