"""What the log knows of questions that were understood, and of those that were not: for calibrating the matcher."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.core.matching.scoring.outcomes import Outcome
from bot.store.existing import opened

# The question is the last one before the message that something was pressed under. *Still stuck* alone says nothing
# about whether the entry was the one that was meant: only what the customer says next, its label, does.
_OUTCOMES = """
  with said as (
    select picks."case", picks.event, picks.text as question, picks.continues, picks.entry, 1 as is_meant from picks
    union all
    select
      feedback."case", feedback.event,
      (
        select asked.id from events as asked
        where asked."case" = feedback."case" and asked.kind = 'Asked' and asked.position < feedback.position
        order by asked.position desc limit 1
      ),
      null, feedback.entry, feedback.said <> 'not_meant'
    from feedback where feedback.said in ('fixed', 'did_not_work', 'not_meant')
    union all
    select
      none."case", none.id,
      (
        select asked.id from events as asked
        where asked."case" = none."case" and asked.kind = 'Asked' and asked.position < offered.position
        order by asked.position desc limit 1
      ),
      null, json_extract(choice.value, '$.entry'), 0
    from events as none
    join cases on cases.id = none."case" and cases.is_test = 0
    join events as offered on offered."case" = none."case" and offered.kind = 'Offered'
      and offered.position = json_extract(none.data, '$.position')
    join json_each(offered.data, '$.candidates') as choice
    where none.kind = 'NoneOfThese' and not coalesce(json_extract(none.data, '$.again'), 0)
  )
  select
    said.question,
    coalesce(earlier.text || char(10), '') || texts.text as text, said.entry, max(said.is_meant) as is_meant
  from said join texts on texts.event = said.question
  left join texts as earlier on earlier.event = said.continues
  where said.entry is not null
  group by said."case", said.question, said.entry
  order by min(said.event)
"""


def outcomes_in(path: Path) -> Sequence[Outcome]:
    """Return them in the order of the log, without test traffic. Raises as `bot.store.existing.opened` does."""
    with opened(path) as connection:
        rows = connection.execute(_OUTCOMES).fetchall()
    return [Outcome(row["question"], row["text"], row["entry"], bool(row["is_meant"])) for row in rows]
