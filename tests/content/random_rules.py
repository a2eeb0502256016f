"""Rules made up by chance, over few words, so that conditions often have to do with each other."""

from __future__ import annotations

import json
from datetime import date, datetime

from hypothesis import strategies as st

Json = dict[str, object]

CATEGORIES = ("a", "b")
ENTRIES = ("a/x", "a/y", "b/x")
CHANNELS = ("C0A", "C0B")
GROUPS = ("vip", "one", "board", "U0A", "U0B")
FEEDBACK = ("still_stuck", "did_not_work", "rejection")
WORDS = {"lost": ["lost laptop", "stolen"], "laptop": ["laptop", "stolen"], "mine": ["my laptop now"]}
AROUND: Json = {
    "queues": {"it": {"channel": "C0IT000001"}},
    "groups": {
        "vip": {"users": ["U0A", "U0B"]},
        "one": {"users": ["U0A"]},
        "board": {"email_domains": ["b.example.org"]},
    },
    "words": WORDS,
}


def some(*values: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)


def demands() -> st.SearchStrategy[Json]:
    """Conditions of one part."""
    return st.one_of(
        some("sure", "unsure", "none").map(lambda v: {"band": v}),
        some(*FEEDBACK).map(lambda v: {"feedback": v}),
        some(*CATEGORIES).map(lambda v: {"category": v}),
        some("a/*", *ENTRIES).map(lambda v: {"entry": v}),
        some("offer", "always", "never").map(lambda v: {"entry_policy": v}),
        some(*CHANNELS).map(lambda v: {"channel": v}),
        some(*GROUPS).map(lambda v: {"group": v}),
        some(*WORDS).map(lambda v: {"keywords": v}),
        st.sampled_from([1, 2, 3, "limit"]).map(lambda v: {"failed_attempts_gte": v}),
        st.tuples(st.integers(1, 9), st.integers(1, 3)).map(
            lambda v: {"repeat_contact": {"within": f"{v[0]}d", "count": v[1]}}
        ),
        st.tuples(st.sampled_from(["human_request", "has_file", "error", "after_hours"]), st.booleans()).map(
            lambda v: {v[0]: v[1]}
        ),
    )


def conditions() -> st.SearchStrategy[Json]:
    return st.recursive(
        demands(),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda v: {"any": v}),
            st.lists(inner, min_size=1, max_size=3).map(lambda v: {"all": v}),
            inner.map(lambda v: {"not": v}),
            st.tuples(demands(), inner).map(lambda v: {**v[0], **v[1]}),
        ),
        max_leaves=6,
    )


def triggers() -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries(
        {
            "id": st.just("t"),
            "when": conditions(),
            "also": st.sampled_from([False, False, False, True]),
            "then": st.sampled_from(["handoff", "offer", "refuse", "tag"]).map(lambda v: {"action": v}),
        }
    )


def as_text(written: list[Json]) -> str:
    """The file; the triggers stand in its last line."""
    around = "".join(f"{json.dumps(key)}: {json.dumps(value)}\n" for key, value in AROUND.items())
    return f'{around}"triggers": {json.dumps(written)}\n'


LENGTHS = st.integers(1, 200_000).map(lambda seconds: f"{seconds // 3600}h{seconds % 3600}s")
WORDS_OF_PEOPLE = st.text(
    st.characters(exclude_categories=("C", "Z"), include_characters=" {'\"#:,[]\\"), min_size=1, max_size=12
).filter(lambda text: text.strip() and "{{" not in text and "}}" not in text and "@" not in text and "<!" not in text)
PRIORITY = st.sampled_from(["p1", "p2", "p3", "p4"])
MOMENTS = st.datetimes(
    min_value=datetime(1980, 1, 1),  # noqa: DTZ001  the rules' own time zone is meant
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
).map(lambda at: at.isoformat(timespec="seconds"))
HOURS = st.sampled_from([[], ["09:00-17:00"], ["08:30-12:00", "13:00-17:15"], ["22:00-24:00"], ["20:00-02:00"]])
DATES = st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 1, 1)).map(date.isoformat)
QUEUE = st.sampled_from(["it", "hr"])


def keys(**values: st.SearchStrategy[object]) -> st.SearchStrategy[Json]:
    """Some of the keys, in any case those in capitals."""
    needed = {name.lower(): value for name, value in values.items() if name.isupper()}
    return st.fixed_dictionaries(needed, optional={name: v for name, v in values.items() if not name.isupper()})


def files() -> st.SearchStrategy[str]:
    """Whole files of rules without errors."""
    holidays = st.one_of(
        keys(DATE=DATES, name=WORDS_OF_PEOPLE),
        DATES.map(lambda day: {"from": day}),
        st.sampled_from([{"country": "DE", "subdivision": "BE"}, {"country": "gb"}]),
    )
    days = dict.fromkeys(("mon", "wed", "fri"), HOURS)
    calendars = st.one_of(
        keys(WEEKLY=keys(TUE=st.just(["09:00-10:00"]), **days), holidays=st.lists(holidays, max_size=2)),
        st.sampled_from([{}, {"always_open": True}, {"timezone": "Asia/Kathmandu"}]),
    )
    rungs = st.one_of(
        keys(AT=st.sampled_from(["80% first_response", "2h", "1d"]), DO=st.just("remind"), text=WORDS_OF_PEOPLE),
        keys(AT=LENGTHS, DO=st.just("notify_lead"), TO=some("vip", "U0A", "U0B"), priorities=st.lists(PRIORITY)),
        keys(AT=LENGTHS, DO=st.just("raise"), to=PRIORITY),
    )
    promises = keys(first_response=LENGTHS, next_response=LENGTHS, resolution=LENGTHS, business=st.booleans())
    queues = keys(
        CHANNEL=st.just("C0IT000001"),
        tier=st.integers(1, 9),
        role=WORDS_OF_PEOPLE,
        members=some("vip", "U0C", "S0D"),
        calendar=st.just("office"),
        sla=st.sampled_from(["fast", "standard"]),
        ladder=st.just("up"),
        priority_cap=PRIORITY,
        expectation=keys(open=WORDS_OF_PEOPLE, closed=WORDS_OF_PEOPLE),
        private=st.booleans(),
    )
    tests = keys(
        NAME=st.uuids().map(str),
        GIVEN=keys(
            text=WORDS_OF_PEOPLE,
            user=st.just("U0A"),
            history=st.lists(st.one_of(WORDS_OF_PEOPLE, keys(AT=MOMENTS, text=WORDS_OF_PEOPLE)), max_size=2),
            feedback=st.sampled_from(FEEDBACK),
            failed_attempts=st.integers(0, 9),
        ),
        EXPECT=keys(RULE=st.just("limit"), queue=QUEUE, due_first=MOMENTS),
    )
    routes = st.one_of(
        keys(CATEGORY=some(*CATEGORIES), PRIORITY=PRIORITY, queue=QUEUE),
        keys(ENTRY=some("a/*", *ENTRIES), QUEUE=QUEUE, category=some(*CATEGORIES)),
    )
    whole = keys(
        defaults=keys(
            timezone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"]),
            calendar=st.just("office"),
            queue=QUEUE,
            priority=PRIORITY,
            failed_attempts=st.integers(1, 9),
        ),
        channels=st.dictionaries(
            st.sampled_from(CHANNELS),
            keys(mode=st.sampled_from(["off", "all"]), audience=some("staff", "customer"), private=st.booleans()),
        ),
        CALENDARS=keys(OFFICE=calendars, other=calendars),
        GROUPS=st.just(AROUND["groups"]),
        QUEUES=keys(IT=queues, HR=queues),
        SLAS=keys(FAST=keys(p1=promises, p3=promises), standard=keys(p2=promises)),
        triggers=st.lists(triggers(), max_size=3).map(
            lambda found: [{**trigger, "id": f"t{number}"} for number, trigger in enumerate(found)]
        ),
        routing=st.lists(routes, max_size=3),
        LADDERS=keys(UP=st.lists(rungs, max_size=3)),
        duplicates=keys(
            same_user=keys(WINDOW=LENGTHS, SIMILARITY=st.sampled_from([0, 0.123456789, 1])), reopen_within=LENGTHS
        ),
        closing=keys(confirm_after=LENGTHS, survey=st.booleans(), resolve_codes=some("fixed", "gone")),
        permissions=keys(claim=some("vip", "U0E"), see_log=st.just([])),
        WORDS=st.dictionaries(WORDS_OF_PEOPLE.map(str.strip), some("phishing", "stolen")).map(
            lambda more: {**more, **WORDS}
        ),
        matching=keys(thresholds=st.just({"a": {"sure": 0.7}, "default": {"sure": 0.5, "unsure": 0.25}})),
        bots=keys(listen_to=st.just(["B0A"]), max_in_a_row=st.integers(1, 9)),
        opt_out=st.sampled_from(["!", ":shushing_face:", {"emoji": "x"}, {}]),
        edits_within=st.sampled_from(["0m", "15m"]),
        retention=st.sampled_from([{}, {"texts": 90, "files": "30d"}]),
        redaction=some("password", "iban", "email"),
        trial=keys(promote_after=st.integers(1, 9), window=LENGTHS),
        digest=st.sampled_from([{}, {"channel": "C0A", "at": "09:00"}, {"time": "23:59"}]),
        tests=st.lists(tests, max_size=2),
    )
    return whole.map(lambda tree: json.dumps(tree, ensure_ascii=False))
