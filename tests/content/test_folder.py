"""Which files are read, which are refused for where they stand, and what a folder's version depends on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.content.entries.loading import entry_ids, ids_to_name, load_entries
from bot.content.entries.words import built_in_words, load_words
from bot.content.rules.loading import load_rules
from tests.content.small_files import ENTRY, RULES, TODAY, kb, loaded, short


def codes(folder: Path) -> list[tuple[str, str]]:
    return [(Path(fault.place.file).name, fault.code) for fault in loaded(folder).faults]


@pytest.mark.parametrize(
    ("path", "code", "hint"),
    [
        ("accounts/Reset.yaml", "KB017", "small letters"),  # capitals
        ("accounts/reset password.yaml", "KB017", "small letters"),  # a blank
        ("accounts/-reset.yaml", "KB017", "small letters"),  # begins with a dash
        ("accounts/réset.yaml", "KB017", "small letters"),  # an accent
        ("accounts/_words.yaml", "KB017", "belongs in"),  # in the wrong folder
        ("Accounts/reset.yaml", "KB017", "small letters"),  # the folder is part of the id
        ("_sight.yaml", "KB017", "_site.yaml"),  # a shared file that nobody reads
        ("reset.yaml", "KB016", "one folder deep"),  # too high
        ("accounts/old/reset.yaml", "KB016", "one folder deep"),  # too low
        ("accounts/a/b/c/reset.yaml", "KB016", "one folder deep"),
        ("accounts/reset.yml", "KB015", "reset.yaml"),
        ("accounts/reset.YAML", "KB015", "reset.yaml"),
        ("accounts/old/reset.yml", "KB016", "one folder deep"),
        ("accounts/reset.yaml.txt", "KB015", "rename it to `reset.yaml`"),  # as Notepad saves it
        ("accounts/reset.YML.TXT", "KB015", "rename it to `reset.yaml`"),
        ("accounts/reset.yalm", "KB015", "rename it to `reset.yaml`"),  # a slip of the finger
        ("accounts/reset.yaml.bak", "KB033", "rename it to `reset.yaml` if it is to be served"),
        ("accounts/reset.yaml.orig", "KB033", "reset.yaml"),
        ("accounts/reset.yaml (1)", "KB033", "reset.yaml"),  # downloaded twice
        ("accounts/reset.yaml~", "KB033", "reset.yaml"),
        ("accounts/reset.yaml-old", "KB033", "reset.yaml"),
        ("_site.yaml.txt", "KB015", "rename it to `_site.yaml`"),
    ],
)
def test_a_file_that_stands_wrong_is_told_of(path: str, code: str, hint: str, tmp_path: Path) -> None:
    if code in ("KB016", "KB033") or path.startswith("_"):
        kb(tmp_path, accounts__fine=ENTRY)
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(ENTRY, encoding="utf-8")

    (fault,) = loaded(tmp_path).faults

    assert short(fault) == f"1:1 {code}"
    assert hint in fault.hint
    assert fault.place.file == file.as_posix()


def test_two_files_of_one_name_are_told_of_where_one_may_hold_the_newer_words(tmp_path: Path) -> None:
    kb(tmp_path, accounts__reset=ENTRY)
    (tmp_path / "accounts" / "reset.yaml.txt").write_text(ENTRY, encoding="utf-8")
    (tmp_path / "accounts" / "reset.yaml.bak").write_text(ENTRY, encoding="utf-8")  # a copy, as programs leave it

    (fault,) = loaded(tmp_path).faults

    assert Path(fault.place.file).name == "reset.yaml.txt"
    assert fault.hint == "`reset.yaml` is there too: keep one of them"


def test_names_of_every_length_are_looked_at(tmp_path: Path) -> None:
    kb(tmp_path, accounts__fine=ENTRY)
    (tmp_path / "accounts" / ("x" * 251 + ".yml")).write_text(ENTRY, encoding="utf-8")  # `.yaml` would be too long

    assert [code for _, code in codes(tmp_path)] == ["KB015"]


@pytest.mark.parametrize("name", ["reset.yml", "reset.yaml.txt", "reset.yaml.bak"])
def test_a_misnamed_entry_is_not_said_to_be_missing_where_others_name_it(name: str, tmp_path: Path) -> None:
    folder = kb(tmp_path, accounts__other=f"{ENTRY}confusable_with: [accounts/reset]\nfollow_ups: [accounts/reset]\n")
    (folder / "accounts" / name).write_text(ENTRY, encoding="utf-8")

    assert [file for file, _ in codes(folder)] == [name]
    assert ids_to_name(folder) == {"accounts/other", "accounts/reset"}
    assert entry_ids(folder) == {"accounts/other"}


def test_rules_with_a_longer_name_are_found(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml.txt").write_text(RULES, encoding="utf-8")

    (fault,) = load_rules(tmp_path / "rules.yaml").faults

    assert (fault.code, fault.hint) == ("RU001", "rename `rules.yaml.txt` to `rules.yaml`")


def test_what_is_no_yaml_is_passed_by(tmp_path: Path) -> None:
    kb(tmp_path, accounts__reset=ENTRY)
    for name in (
        "README.md",
        "accounts/photo.png",
        "accounts/reset.yaml~",
        ".git/x.yaml",
        "accounts/.#reset.yaml",
        "a/.keep",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"\xff\x00")

    found = loaded(tmp_path)

    assert found.faults == ()
    assert found.value is not None
    assert list(found.value.entries) == ["accounts/reset"]


def test_a_folder_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    (fault,) = loaded(tmp_path / "nowhere").faults

    assert fault.code == "KB001"
    assert entry_ids(tmp_path / "nowhere") == frozenset()


def test_a_folder_without_entries_is_served_with_a_warning(tmp_path: Path) -> None:
    found = loaded(tmp_path)

    assert [fault.code for fault in found.faults] == ["KB054"]
    assert found.value is not None


def test_links_may_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "secret.yaml"
    outside.write_text(ENTRY, encoding="utf-8")
    folder = kb(tmp_path / "kb", accounts__reset=ENTRY)
    (folder / "accounts" / "out.yaml").symlink_to(outside)
    (folder / "accounts" / "nowhere.yaml").symlink_to(folder / "gone.yaml")
    (folder / "accounts" / "round.yaml").symlink_to(folder / "accounts" / "round.yaml")
    (folder / "etc").symlink_to("/etc")

    assert codes(folder) == [
        ("nowhere.yaml", "KB014"),
        ("out.yaml", "KB014"),
        ("round.yaml", "KB014"),
        ("etc", "KB014"),
    ]


def test_links_inside_the_folder_are_read(tmp_path: Path) -> None:
    # The way a mounted configuration looks: names that lead into a hidden folder.
    folder = tmp_path / "kb"
    kb(folder / "..data", accounts__reset=ENTRY)
    (folder / "accounts").symlink_to(folder / "..data" / "accounts")
    kb(folder / "..data", other=ENTRY)
    (folder / "help").mkdir()
    (folder / "help" / "other.yaml").symlink_to(folder / "..data" / "other.yaml")

    assert entry_ids(folder) == {"accounts/reset", "help/other"}
    assert loaded(folder).errors == ()


def test_a_folder_that_leads_into_itself_ends(tmp_path: Path) -> None:
    kb(tmp_path, accounts__reset=ENTRY)
    (tmp_path / "accounts" / "again").symlink_to(tmp_path)
    (tmp_path / "loop").symlink_to(tmp_path)

    assert {code for _, code in codes(tmp_path)} <= {"KB016", "KB017", "KB014"}


@pytest.mark.timeout(20)  # nobody will ever write into the pipe
def test_a_folder_or_a_pipe_in_place_of_a_file_is_told_of(tmp_path: Path) -> None:
    kb(tmp_path, accounts__reset=ENTRY)
    (tmp_path / "accounts" / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "accounts" / "pipe.yaml")

    assert codes(tmp_path) == [("pipe.yaml", "KB001")]


def test_bytes_that_are_no_utf8_are_found_where_they_are(tmp_path: Path) -> None:
    kb(tmp_path, a__b=ENTRY)
    (tmp_path / "a" / "c.yaml").write_bytes(b"title: x\nanswer: gr\xc3\xbc\xdfe\n")

    (fault,) = loaded(tmp_path).faults

    assert short(fault) == "2:12 KB012"
    assert "0xdf" in fault.message


def test_utf16_and_binary_are_refused(tmp_path: Path) -> None:
    kb(tmp_path, a__b=ENTRY)
    (tmp_path / "a" / "c.yaml").write_bytes(ENTRY.encode("utf-16"))
    (tmp_path / "a" / "d.yaml").write_bytes(bytes(range(256)) * 100)

    assert codes(tmp_path) == [("c.yaml", "KB012"), ("d.yaml", "KB012")]


def test_a_byte_order_mark_and_windows_lines_are_no_faults(tmp_path: Path) -> None:
    kb(tmp_path, a__b=ENTRY)
    (tmp_path / "a" / "b.yaml").write_bytes(b"\xef\xbb\xbf" + ENTRY.replace("\n", "\r\n").encode())

    found = loaded(tmp_path)

    assert found.faults == ()
    assert found.value is not None
    assert found.value.entries["a/b"].title == "Reset a password"


def test_the_version_changes_with_any_word_and_with_nothing_else(tmp_path: Path) -> None:
    first = loaded(kb(tmp_path / "one", a__b=ENTRY, _site="variables: {x: y}\n")).version
    same = loaded(kb(tmp_path / "two", _site="variables: {x: y}\n", a__b=ENTRY)).version
    (tmp_path / "two" / "README.md").write_text("hello", encoding="utf-8")

    assert first == same == loaded(tmp_path / "two").version
    assert len(first) == 12
    others = [
        loaded(kb(tmp_path / "three", a__b=f"{ENTRY}\n", _site="variables: {x: y}\n")).version,  # a new line
        loaded(kb(tmp_path / "four", a__c=ENTRY, _site="variables: {x: y}\n")).version,  # another id
        loaded(kb(tmp_path / "five", a__b=ENTRY, _site="variables: {x: z}\n")).version,
        loaded(
            kb(tmp_path / "six", a__b="title: A: b\n", _site="variables: {x: y}\n")
        ).version,  # also of what is broken
    ]
    assert len({first, *others}) == 5


def test_words_can_be_loaded_by_themselves(tmp_path: Path) -> None:
    kb(tmp_path, a__b="title: A: b\n")
    without = load_words(tmp_path)
    kb(tmp_path, _words="greetings: [Moin]\n")
    with_own = load_words(tmp_path)
    kb(tmp_path, _words="greetings: [yes]\n")
    broken = load_words(tmp_path)

    assert (without.value, without.faults) == (built_in_words(), ())
    assert with_own.value is not None
    assert with_own.value.greetings == (*built_in_words().greetings, "moin")
    assert broken.value is None
    assert [fault.code for fault in broken.faults] == ["KB007"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("missing.yaml", "RU001"),
        ("rules.yml", "RU015"),
        ("folder.yaml", "RU001"),
        ("link.yaml", "RU014"),  # leads out of its folder
    ],
)
def test_a_rules_file_that_cannot_be_read_is_told_of(name: str, code: str, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    (folder / "folder.yaml").mkdir(parents=True)
    (folder / "rules.yml").write_text(RULES, encoding="utf-8")
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    (folder / "link.yaml").symlink_to(tmp_path / "rules.yaml")

    found = load_rules(folder / name)

    assert [fault.code for fault in found.faults] == [code]
    assert found.value is None


def test_each_entry_that_was_read_is_counted(tmp_path: Path) -> None:
    folder = kb(tmp_path, _site="variables: {x: y}\n", a__b=ENTRY, a__c="title: A: b\n", d__e=ENTRY)
    counted: list[tuple[int, int]] = []

    load_entries(folder, today=TODAY, on_entry=lambda done, of_all: counted.append((done, of_all)))

    assert counted == [(1, 3), (2, 3), (3, 3)]  # faulty ones too, and what is no entry is not


def test_nothing_is_counted_where_there_is_nothing(tmp_path: Path) -> None:
    counted: list[tuple[int, int]] = []

    load_entries(tmp_path / "nowhere", today=TODAY, on_entry=lambda done, of_all: counted.append((done, of_all)))

    assert counted == []
