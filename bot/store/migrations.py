"""The tables and views of the database file, as steps that only ever add.

The file is made for people as well: it opens in Datasette and sqlite-utils as it is, and the views are named for the
measures. They leave out test traffic. Times are ISO 8601 in UTC, always with six decimals, so that text sorts as time.
"""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from bot.errors import StoreTooNew

VERSION = 9  # the number of steps below; the file carries it as `user_version`

_MIGRATIONS = Migrations("tier1")


def migrate(db: Database) -> None:
    """Bring the database up to this program: every step or none, and nothing if it is up to date.

    Two programs may do this at once: the second waits for the first. Raises `StoreTooNew` if a newer program was here.
    """
    if _version(db) == VERSION:
        return
    # Held over all steps: a half-made database must never be seen, and no step may run twice.
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        _MIGRATIONS.apply(db)
        db.conn.execute(f"PRAGMA user_version = {VERSION}")
        db.conn.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise


def _version(db: Database) -> int:
    version = int(db.conn.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise StoreTooNew(
            f"the database is of version {version} and this tier1 knows {VERSION}: start the newer tier1, or name"
            " another file in TIER1_DATABASE"
        )
    return version


def _run(db: Database, statements: tuple[str, ...]) -> None:
    for statement in statements:
        db.execute(statement)


@_MIGRATIONS()
def m001_tables(db: Database) -> None:
    _run(db, _TABLES)


@_MIGRATIONS()
def m002_views(db: Database) -> None:
    _run(db, _VIEWS)


@_MIGRATIONS()
def m003_machine(db: Database) -> None:
    db.execute("create table machine (boot text not null) -- the start of the machine that last opened the file")


@_MIGRATIONS()
def m004_pauses(db: Database) -> None:
    _run(db, _PAUSES)


@_MIGRATIONS()
def m005_silence_and_earlier_cases(db: Database) -> None:
    _run(db, _SILENCE_AND_EARLIER_CASES)


@_MIGRATIONS()
def m006_lists(db: Database) -> None:
    _run(db, _LISTS)


@_MIGRATIONS()
def m007_incidents(db: Database) -> None:
    _run(db, _INCIDENTS)


@_MIGRATIONS()
def m008_leads(db: Database) -> None:
    _run(db, _LEADS)


@_MIGRATIONS()
def m009_deadlines(db: Database) -> None:
    _run(db, _DEADLINES)


_TABLES = (
    """
    create table cases (
      id text primary key not null,
      team text not null,
      channel text not null,
      thread_ts text not null, -- '' at the root of a DM; 'pending:…' until the message it hangs under is in Slack
      requester text not null,
      state text not null, -- open, handed_off, claimed, closed
      outcome text,
      reason text, -- of the last handoff
      rule text,
      entry text, -- the last one answered
      queue text,
      priority text,
      owner text,
      opened_at text,
      handed_off_at text,
      claimed_at text,
      closed_at text,
      is_test integer not null default 0,
      version integer not null, -- position of the last event
      snapshot text not null -- JSON: the whole case as the last event left it
    )
    """,
    """
    create unique index one_open_case_per_place on cases (team, channel, thread_ts, requester) where closed_at is null
    """,
    "create index cases_closed_in_place on cases (team, channel, thread_ts, requester, closed_at)",
    "create index cases_of_requester on cases (team, requester, opened_at)",
    """
    create table events (
      id integer primary key,
      team text not null,
      "case" text references cases (id), -- NULL outside any case
      position integer, -- 1 is a case's first
      at text not null,
      kind text not null,
      actor text not null, -- a user id, or 'bot'
      slack_ts text,
      entry text,
      confidence real,
      rule text,
      reason text,
      kb_version text not null,
      rules_version text not null,
      index_version text not null,
      schema integer not null, -- of data
      data text not null, -- JSON: what else there is to say, never what people wrote
      unique ("case", position)
    )
    """,
    "create index events_by_kind on events (kind, at)",
    """
    create table texts (
      event integer primary key references events (id),
      text text not null -- what people wrote; nowhere else
    )
    """,
    """
    create table stimuli (
      "key" text primary key not null, -- the same on every repeat of the same thing
      team text not null,
      user text not null,
      at text not null,
      "case" text references cases (id)
    )
    """,
    "create index stimuli_of_user on stimuli (team, user, at)",
    """
    create table outbox (
      id text primary key not null, -- case-position-n
      seq integer not null unique, -- age: the order in a lane
      team text not null,
      lane text not null, -- a channel, or '@' and a user id
      "case" text references cases (id),
      position integer not null,
      kind text not null, -- Post, Update, Withdraw, React, Whisper
      content text, -- Line, AnswerSaid, Card, …
      urgent integer not null,
      payload text not null, -- JSON: the saying
      state text not null default 'due' check (state in ('due', 'told', 'parked', 'dropped')),
      attempts integer not null default 0,
      not_before text,
      ambiguous integer not null default 0, -- may be in Slack already
      plain integer not null default 0, -- as plain text
      depends_on text, -- the outbox id that must be in Slack first
      created_at text not null,
      told_at text,
      channel text,
      ts text,
      thread_ts text,
      error text
    )
    """,
    "create index outbox_due on outbox (lane, urgent desc, seq) where state = 'due'",
    "create index outbox_waiting on outbox (depends_on) where depends_on is not null",
    "create index outbox_landed on outbox (channel, ts) where ts is not null",
    """
    create table lanes (
      lane text primary key not null,
      holder text, -- NULL once it is handed back
      until text,
      held_until text
    )
    """,
    """
    create table dues (
      "case" text not null,
      position integer not null,
      at text not null,
      taken_until text,
      primary key ("case", position)
    )
    """,
    "create index dues_by_time on dues (at)",
    """
    create table people (
      team text not null,
      user text not null,
      fetched_at text not null,
      data text not null, -- JSON: the profile
      primary key (team, user)
    )
    """,
    """
    create table usergroups (
      team text not null,
      usergroup text not null,
      fetched_at text not null,
      users text not null, -- JSON: user ids
      primary key (team, usergroup)
    )
    """,
)

_PAUSES = (
    """
    create table pauses (
      team text not null,
      channel text not null, -- '' for everywhere
      event integer not null references events (id), -- which says since when, by whom and why
      primary key (team, channel)
    )
    """,
    """
    create table asides (
      id text not null, -- of the case that never began: sayings refer to words by it
      position integer not null,
      event integer not null references events (id),
      primary key (id, position)
    )
    """,
)

_SILENCE_AND_EARLIER_CASES = (
    "alter table dues add column kind text not null default 'again'",
    """create index unhelped_in_case on events ("case", entry) where kind = 'StillStuck'""",
)

# An incident is a case of nobody's: where cases are counted, it is none.
_INCIDENTS = (
    "create index cases_with_people on cases (team, handed_off_at) where closed_at is null and requester <> ''",
    "create index handoffs_in_order on events (team, id) where kind = 'HandedOff'",
    "drop view outcomes",
    """
    create view outcomes as
    select date(closed_at) as day, outcome, count(*) as cases
    from cases
    where closed_at is not null and is_test = 0 and requester <> ''
    group by day, outcome
    """,
    "drop view open_cases",
    """
    create view open_cases as
    select
      id, team, channel, thread_ts, requester, state, reason, rule, entry, queue, priority, owner, opened_at,
      handed_off_at, claimed_at
    from cases
    where closed_at is null and is_test = 0 and requester <> ''
    """,
    """
    create view incidents as
    select
      incident.id, incident.team, incident.state, incident.queue, incident.priority, incident.owner, incident.entry,
      incident.opened_at, incident.closed_at, count(distinct json_extract(joined.data, '$.member.requester')) as people
    from cases as incident left join events as joined on joined."case" = incident.id and joined.kind = 'MemberJoined'
    where incident.requester = '' and incident.is_test = 0
    group by incident.id
    """,
)

_VIEWS = (
    # Cases closed, by day and outcome.
    """
    create view outcomes as
    select date(closed_at) as day, outcome, count(*) as cases
    from cases
    where closed_at is not null and is_test = 0
    group by day, outcome
    """,
    # One row a handoff: a case may have several.
    """
    create view handoffs as
    select
      events.id as event, events.team, events."case", events.position, events.at,
      json_extract(events.data, '$.queue') as queue,
      json_extract(events.data, '$.priority') as priority,
      events.reason, events.rule,
      json_extract(events.data, '$.category') as category,
      events.entry, events.confidence, events.kb_version, events.rules_version
    from events join cases on cases.id = events."case"
    where events.kind = 'HandedOff' and cases.is_test = 0
    """,
    # What a person last said of a message of ours: the message, not the press, is what counts.
    """
    create view feedback as
    select event, team, "case", position, user, at, entry, said
    from (
      select
        events.id as event, events.team, events."case", json_extract(events.data, '$.position') as position,
        events.actor as user, events.at, events.entry,
        case events.kind
          when 'Fixed' then 'fixed'
          when 'StillStuck' then 'still_stuck'
          else json_extract(events.data, '$.label')
        end as said,
        row_number() over (
          partition by events."case", json_extract(events.data, '$.position'), events.actor order by events.id desc
        ) as newest
      from events join cases on cases.id = events."case"
      where events.kind in ('Fixed', 'StillStuck', 'Labelled') and cases.is_test = 0
    )
    where newest = 1
    """,
    # Labelled examples: `text` names the row in texts with the question, `continues` the one it was read together with.
    """
    create view picks as
    select
      picked.id as event, picked.team, picked."case", picked.at, picked.actor as user, asked.id as text,
      (
        select earlier.id from events as earlier
        where earlier."case" = asked."case" and earlier.position = json_extract(asked.data, '$.continues')
      ) as continues,
      picked.entry, picked.kb_version
    from events as picked
    join cases on cases.id = picked."case"
    join events as asked on asked."case" = picked."case" and asked.position = (
      select max(question.position) from events as question
      where question."case" = picked."case" and question.kind = 'Asked'
        and question.position < json_extract(picked.data, '$.position')
    )
    join texts on texts.event = asked.id
    where picked.kind = 'Picked' and cases.is_test = 0
    """,
    """
    create view open_cases as
    select
      id, team, channel, thread_ts, requester, state, reason, rule, entry, queue, priority, owner, opened_at,
      handed_off_at, claimed_at
    from cases
    where closed_at is null and is_test = 0
    """,
    # What became of each entry. `still_stuck` counts every kind of it: not helping and not being meant.
    """
    create view entry_use as
    select
      entry, sum(answered) as answered, sum(fixed) as fixed, sum(still_stuck) as still_stuck,
      sum(handed_off) as handed_off
    from (
      select events.entry, 1 as answered, 0 as fixed, 0 as still_stuck, 0 as handed_off
      from events join cases on cases.id = events."case"
      where events.kind = 'Answered' and cases.is_test = 0
      union all
      select entry, 0, said = 'fixed', said <> 'fixed', 0 from feedback
      union all
      select entry, 0, 0, 0, 1 from handoffs
    )
    where entry is not null
    group by entry
    """,
)

_LISTS = (
    "alter table cases add column due_first_at text",
    "create index cases_of_owner on cases (team, owner) where closed_at is null",
    # Which entries specialists sent, and from where.
    """
    create view reuses as
    select
      sent.id as event, sent.team, sent."case", sent.at, sent.actor as user, sent.entry, sent.confidence,
      json_extract(sent.data, '$.how') as how, sent.kb_version
    from events as sent join cases on cases.id = sent."case"
    where sent.kind = 'EntrySent' and cases.is_test = 0
    """,
)

_LEADS = ("alter table lanes add column leads_to text",)  # of '@' and a user id: the DM, once it is known

# What people see; until a case moves again, what an older program had told them.
_DEADLINES = (
    "alter table cases add column due_at text",  # NULL while nothing runs, or we wait for the customer
    "alter table cases add column due_of text",  # first_response, next_response, resolution
    """
    update cases set due_at = due_first_at, due_of = 'first_response'
    where closed_at is null and state in ('handed_off', 'claimed') and due_first_at is not null
      and json_extract(snapshot, '$.first_reply_at') is null
    """,
)
