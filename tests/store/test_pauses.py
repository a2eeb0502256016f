"""Where the bot is paused: every program on the database knows at once, and of two who change it one is first."""

from __future__ import annotations

import pytest

from bot.core.case import Case
from bot.core.events import Paused, Resumed
from bot.core.saying import Words
from bot.errors import StaleCase
from bot.ports import Book
from tests.store.conftest import Database
from tests.store.samples import HOME, NOON, SAM, TEAM, append, chapter, message


def pause(book: Book, channel: str, key: str, words: str = "") -> None:
    event = Paused(at=NOON, actor=SAM, channel=channel, words=words, asked_in="C9")
    append(book, chapter(Case(f"T-{key}", HOME), event), stimulus=message(key))


def resume(book: Book, channel: str, key: str) -> None:
    append(book, chapter(Case("", HOME), Resumed(at=NOON, actor=SAM, channel=channel)), stimulus=message(key))


def test_at_first_it_is_paused_nowhere(book: Book) -> None:
    assert book.paused_in(TEAM) == frozenset()


def test_what_one_program_pauses_is_paused_for_the_others_at_once(database: Database) -> None:
    other = database.program()
    pause(database.here.book, "C1", "m1")
    pause(database.here.book, "", "m2")

    assert other.book.paused_in(TEAM) == {"C1", ""}


def test_a_pause_outlives_the_program(database: Database) -> None:
    pause(database.here.book, "C1", "m1")
    database.here.close()

    assert database.program().book.paused_in(TEAM) == {"C1"}


def test_a_pause_counts_for_its_team_alone(book: Book) -> None:
    pause(book, "", "m1")

    assert book.paused_in("T2") == frozenset()


def test_resuming_ends_the_pause_of_that_place_alone(book: Book) -> None:
    pause(book, "C1", "m1")
    pause(book, "", "m2")

    resume(book, "", "m3")

    assert book.paused_in(TEAM) == {"C1"}


def test_of_two_who_pause_at_once_the_second_decides_again(database: Database) -> None:
    pause(database.here.book, "C1", "m1")

    with pytest.raises(StaleCase):
        pause(database.here.book, "C1", "m2")

    assert database.rows("select count(*) as n from events") == [{"n": 1}]  # and nothing is written of it


def test_of_two_who_resume_at_once_the_second_decides_again(database: Database) -> None:
    pause(database.here.book, "C1", "m1")
    resume(database.here.book, "C1", "m2")

    with pytest.raises(StaleCase):
        resume(database.here.book, "C1", "m3")

    assert database.rows("select count(*) as n from events") == [{"n": 2}]


def test_why_stands_with_the_words_of_people_and_can_be_quoted(database: Database) -> None:
    pause(database.here.book, "C1", "m1", "it says nonsense")

    assert database.here.book.words([Words("T-m1", 1)]) == {Words("T-m1", 1): "it says nonsense"}
    assert database.rows("""select "case", position, actor from events""") == [
        {"case": None, "position": None, "actor": SAM}
    ]
    assert "nonsense" not in str(database.rows("select data from events"))
