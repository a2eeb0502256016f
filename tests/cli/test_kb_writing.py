"""`tier1 kb new` and `tier1 kb fmt`: the notes a newcomer finds, and what stands between them and a lost file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.cli import main
from bot.cli.kb_writing import _schema_for, _write
from bot.content.writing.drafting import drafted
from bot.content.writing.formatting import ENTRY_ORDER, formatted
from bot.errors import ContentError
from tests.content.small_files import ENTRY, RULES, kb, loaded

ROOT = Path(__file__).parents[2]
UNTIDY = ENTRY.replace("  - ", "- ")
_EXAMPLE = re.compile(r"^# (?=[a-z_]+:|  )", re.MULTILINE)  # a key that is written as a comment, or a line of its value


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("TIER1_KB", "TIER1_RULES", "TIER1_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    kb(tmp_path / "kb", accounts__reset=ENTRY)
    return tmp_path


def test_a_new_entry_has_a_note_on_every_key() -> None:
    text = drafted("office/projector")
    keys = re.findall(r"^(?:# )?([a-z_]+):", text, re.MULTILINE)

    assert tuple(keys) == ENTRY_ORDER


def test_every_example_in_it_is_good(tmp_path: Path) -> None:
    text = _EXAMPLE.sub(
        "", drafted("office/projector").replace("  # not_match", "  not_match").replace("  #   -", "    -")
    )
    neighbour = ENTRY.replace("my password", "the password")

    found = loaded(tmp_path, **{"office__projector": text, "accounts__reset-password": neighbour})

    assert found.errors == ()


def test_a_new_entry_is_in_the_one_form() -> None:
    text = drafted("office/projector", schema="../s.json")

    assert formatted(text, schema="../s.json") == text


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("@channel read this", "would call everybody"),
        ("x" * 200, "200 characters"),
        ("Hi {{customer.first_name}}", "cannot be filled"),
        ("bell \a rings", "control character"),
    ],
)
def test_a_title_that_could_not_be_served_is_refused(
    house: Path, title: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["kb", "new", "office/projector", "--title", title]) == 1
    assert told in capsys.readouterr().err
    assert not (house / "kb/office").exists()


def test_a_folder_that_cannot_be_made_is_told_of(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "kb/office").write_text("not a folder", encoding="utf-8")

    assert main(["kb", "new", "office/projector"]) == 1
    assert "kb/office: the folder cannot be made" in capsys.readouterr().err


def test_an_archived_entry_keeps_its_id(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = f"{ENTRY}state: archived\n"
    kb(house / "kb", office__fax=old)

    assert main(["kb", "new", "office/fax"]) == 1
    assert "ids are never used again" in capsys.readouterr().err
    assert (house / "kb/office/fax.yaml").read_text(encoding="utf-8") == old


def test_the_path_and_what_to_do_next(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kb", "new", "office/projector"]) == 0
    assert capsys.readouterr().out == (
        "kb/office/projector.yaml\nWrite it, and then:\n  tier1 kb check\n  tier1 kb test office/projector\n"
    )
    assert (house / "kb/office/projector.yaml").exists()


def test_what_to_do_next_names_the_folder_where_it_is_another(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "my practice").mkdir()

    assert main(["kb", "new", "office/projector", "--kb", "my practice"]) == 0
    assert capsys.readouterr().out == (
        "my practice/office/projector.yaml\nWrite it, and then:\n  tier1 kb check --kb 'my practice'\n"
        "  tier1 kb test office/projector --kb 'my practice'\n"
    )


@pytest.mark.parametrize(
    ("folder", "told"),
    [
        ("kbb", "kbb: no such folder -> did you mean `kb`? to begin a new knowledge base: mkdir kbb"),
        ("my practice", "to begin a new knowledge base: mkdir 'my practice'"),
        ("kb/accounts/reset.yaml", "kb/accounts/reset.yaml: this is a file, not a folder"),
    ],
)
def test_a_folder_that_is_not_there_is_not_made(
    house: Path, folder: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["kb", "new", "office/projector", "--kb", folder]) == 1
    assert told in capsys.readouterr().err
    assert [path.name for path in house.iterdir()] == ["kb"]


@pytest.mark.parametrize(
    ("routing", "routed"),
    [
        ("[{category: office, queue: it}]", True),
        ("[{entry: office/projector, queue: it}]", True),
        ("[{queue: it}]", True),  # all that is left over
        ("[{category: accounts, queue: it}]", False),
    ],
)
def test_whether_the_rules_have_a_route(
    house: Path, routing: str, routed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    (house / "escalation_rules.yaml").write_text(f"{RULES}routing: {routing}\n", encoding="utf-8")

    assert main(["kb", "new", "office/projector", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "id": "office/projector",
        "file": "kb/office/projector.yaml",
        "routed": routed,
    }


def test_programs_are_told_what_was_formatted(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kb(house / "kb", a__b=UNTIDY, a__broken="title: a: b\n")

    assert main(["kb", "fmt", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["files"], told["changed"]) == (3, ["kb/a/b.yaml"])
    assert [each["file"] for each in told["refused"]] == ["kb/a/broken.yaml"]
    assert "KB002" in told["refused"][0]["why"]


def test_a_link_stays_a_link(house: Path) -> None:
    kb(house / "kb", a__b=UNTIDY)
    link = house / "kb/a/c.yaml"
    link.symlink_to("b.yaml")

    assert main(["kb", "fmt", "a/c"]) == 0
    assert link.is_symlink()
    assert (house / "kb/a/b.yaml").read_text(encoding="utf-8") == ENTRY


def test_what_cannot_be_written_is_told_of_and_nothing_is_left_behind(house: Path) -> None:
    in_the_way = house / "kb/accounts"

    with pytest.raises(ContentError, match="kb/accounts: cannot be written"):
        _write(in_the_way, b"title: x")

    assert [path.name for path in (house / "kb").iterdir()] == ["accounts"]


def test_windows_ends_of_lines_and_a_byte_order_mark_go(house: Path) -> None:
    file = house / "kb/accounts/reset.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + ENTRY.replace("\n", "\r\n").encode())

    assert main(["kb", "fmt", "--check"]) == 1
    assert main(["kb", "fmt"]) == 0
    assert file.read_bytes() == ENTRY.encode()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("accounts/rest", "did you mean `accounts/reset`?"),
        ("kb/accounts/rest.yaml", "did you mean `kb/accounts/reset.yaml`?"),
        ("escalation_rules.yaml", "no file of the knowledge base"),  # its keys have another order
    ],
)
def test_only_files_of_the_knowledge_base_are_formatted(
    house: Path, name: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (house / "escalation_rules.yaml").write_text(RULES, encoding="utf-8")

    assert main(["kb", "fmt", name]) == 1
    assert told in capsys.readouterr().err


def test_the_schema_is_named_as_seen_from_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)

    assert _schema_for(Path("kb/accounts/new.yaml"), "entry") == "../../bot/content/entry.schema.json"
    assert _schema_for(ROOT / "kb" / "_site.yaml", "site") == "../bot/content/site.schema.json"
    assert _schema_for(tmp_path / "kb" / "a" / "b.yaml", "entry") == ""  # a path that holds on one machine only
