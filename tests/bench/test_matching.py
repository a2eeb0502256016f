"""What the bench of matching reads, and what it makes of it: small sets, and cases that can be counted by hand."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from bench.matching.__main__ import main
from bench.matching.bars import bars_for, verdicts
from bench.matching.figures import Figures, Result, figures_of, job_for, mean, result, sampled
from bench.matching.measures import (
    Bin,
    Found,
    Judged,
    Operating,
    auroc,
    calibration_error,
    in_first,
    merged,
    operating,
    quantile,
    reliability,
    right_within,
)
from bench.matching.methods import NAMES, build
from bench.matching.running import Job, Run, run
from bench.matching.scale import grown
from bench.matching.sets import Draw, MatchSet, Message, load_sets
from bench.matching.wrappers import WRAPPERS, wrapped
from bot.core.entries import Entry
from bot.core.matches import Band
from bot.errors import Tier1Error

PHRASINGS = '{"entry": "vpn", "phrasing": "the vpn is down"}\n{"entry": "badge", "phrasing": "i lost my badge"}\n'
MESSAGES = '{"text": "vpn down again", "entry": "vpn"}\n{"text": "is there cake", "entry": null}\n'
ENTRIES = (
    Entry("badge", "", ("i lost my badge", "new badge please"), ""),
    Entry("printer", "", ("the printer has no paper", "printer jammed"), ""),
    Entry("vpn", "", ("the vpn is down", "cannot connect from home"), ""),
)
SET = MatchSet(
    "made",
    (Draw(2, 0, ENTRIES),),
    test=(Message("vpn is down", "vpn"), Message("my badge is lost", "badge"), Message("is there cake", None)),
    typos=(Message("vpn is dwon", "vpn"), Message("my bagde is lost", "badge"), Message("is tehre cake", None)),
    kinds={"far": (Message("is there cake", None),)},
)


def write(folder: Path, files: Mapping[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        written = text.encode()
        (folder / name).write_bytes(gzip.compress(written) if name.endswith(".gz") else written)
    return folder


def judged(*cases: tuple[str | None, str, float]) -> list[Judged]:
    return [Judged(meant, Found((best,), score)) for meant, best, score in cases]


def told(meant: str | None, band: Band, best: str, offered: Sequence[str] = ()) -> Judged:
    return Judged(meant, Found(tuple(dict.fromkeys((best, *offered))), 0.5, band, tuple(offered)))


# --- what is in the folder --------------------------------------------------------------------------------------------


def test_sets_are_found_by_what_is_in_their_folders(tmp_path: Path) -> None:
    write(tmp_path / "b", {"kb-k1-seed0.jsonl": PHRASINGS, "test.jsonl": MESSAGES, "README.md": "about b"})
    write(tmp_path / "a", {"kb-k1-seed3.jsonl.gz": PHRASINGS, "test.jsonl.gz": MESSAGES, "test-typos.jsonl": MESSAGES})
    write(tmp_path / "no set", {"notes.jsonl": "{}"})

    first, second = load_sets(tmp_path)

    assert (first.name, second.name) == ("a", "b")
    assert first.test == first.typos == (Message("vpn down again", "vpn"), Message("is there cake", None))
    assert [(draw.k, draw.seed, draw.phrasings) for draw in first.draws] == [(1, 3, 2)]
    assert [entry.id for entry in first.draws[0].entries] == ["badge", "vpn"]
    assert load_sets(tmp_path, ["b"]) == (second,)
    assert load_sets(tmp_path / "b") == (second,)


def test_draws_are_chosen_by_seed_and_come_by_k(tmp_path: Path) -> None:
    names = ("kb-k10-seed0.jsonl", "kb-k10-seed1.jsonl", "kb-k5-seed0.jsonl", "kb-k5-seed9.jsonl")
    write(tmp_path, dict.fromkeys(names, PHRASINGS) | {"test.jsonl": MESSAGES})

    (found,) = load_sets(tmp_path)

    drawn = found.draws_by_k([0, 1])
    assert {k: [draw.seed for draw in draws] for k, draws in drawn.items()} == {5: [0], 10: [0, 1]}
    assert list(drawn) == [5, 10]


def test_titles_and_answers_belong_to_their_entries(tmp_path: Path) -> None:
    title = '{"entry": "vpn", "title": "VPN trouble", "answer": "Restart it."}\n'
    write(tmp_path, {"kb-k1-seed0.jsonl": PHRASINGS, "test.jsonl": MESSAGES, "titles.jsonl": title})

    (found,) = load_sets(tmp_path)

    assert [(entry.title, entry.answer) for entry in found.draws[0].entries] == [
        ("", ""),
        ("VPN trouble", "Restart it."),
    ]


@pytest.mark.parametrize(
    ("files", "kinds", "asked"),
    [
        # each message says it
        ({"test.jsonl": '{"text": "a", "entry": "vpn", "kind": "short"}'}, {"short": 1}, 1),
        # its file says it, and all files together are the test
        ({"test-near.jsonl": MESSAGES, "test-plain.jsonl.gz": MESSAGES}, {"near": 2, "plain": 2}, 4),
        # beside a test of its own they are more to look at
        ({"test.jsonl": MESSAGES, "test-near.jsonl": MESSAGES}, {"near": 2}, 2),
        # slips of the finger are no kind
        ({"test.jsonl": MESSAGES, "test-typos.jsonl": MESSAGES}, {}, 2),
    ],
)
def test_messages_may_be_of_kinds(
    files: Mapping[str, str], kinds: Mapping[str, int], asked: int, tmp_path: Path
) -> None:
    write(tmp_path, {"kb-k1-seed0.jsonl": PHRASINGS, **files})

    (found,) = load_sets(tmp_path)

    assert {kind: len(messages) for kind, messages in found.kinds.items()} == kinds
    assert len(found.test) == asked


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "has no sets"),  # nothing at all
        ({"test.jsonl": MESSAGES}, "has no sets"),  # messages, but nothing to find
        ({"kb-k1-seed0.jsonl": PHRASINGS}, "has no test.jsonl"),  # nothing to ask
        ({"kb-k1-seed0.jsonl": PHRASINGS, "test.jsonl": ""}, "has no test.jsonl in which a message means an entry"),
        ({"kb-k1-seed0.jsonl": "", "test.jsonl": MESSAGES}, "kb-k1-seed0.jsonl: is empty"),
        ({"kb-k1-seed0.jsonl": PHRASINGS + "oops\n", "test.jsonl": MESSAGES}, "kb-k1-seed0.jsonl:3: not JSON"),
        ({"kb-k1-seed0.jsonl": '["vpn"]', "test.jsonl": MESSAGES}, "kb-k1-seed0.jsonl:1: not an object"),
        ({"kb-k1-seed0.jsonl": '{"entry": "vpn"}', "test.jsonl": MESSAGES}, "seed0.jsonl:1: needs `phrasing`, a text"),
        ({"kb-k1-seed0.jsonl": '{"phrasing": "x", "entry": 7}', "test.jsonl": MESSAGES}, "needs `entry`, a text"),
        # whoever forgets the entry did not say that there is none
        ({"kb-k1-seed0.jsonl": PHRASINGS, "test.jsonl": '{"text": "a"}'}, "test.jsonl:1: needs `entry`, the one"),
        ({"kb-k1-seed0.jsonl": PHRASINGS, "test.jsonl": '{"text": "a", "entry": "wifi"}'}, "has the entry wifi"),
        # a message that cannot be found would count against every method
        ({"kb-k1-seed0.jsonl": PHRASINGS, "test.jsonl": MESSAGES, "test-typos.jsonl": "{}"}, "typos.jsonl:1: needs"),
    ],
)
def test_a_folder_that_is_not_as_it_must_be_is_refused_in_a_sentence(
    files: Mapping[str, str], sentence: str, tmp_path: Path
) -> None:
    write(tmp_path, files)

    with pytest.raises(Tier1Error) as refused:
        load_sets(tmp_path)

    assert sentence in str(refused.value)
    assert str(tmp_path) in str(refused.value)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (b"not gzipped", "cannot be read"),
        (gzip.compress(PHRASINGS.encode(), mtime=0)[:-12], "cannot be read"),  # the copy was cut off
        (gzip.compress("übel".encode("latin-1"), mtime=0), "not UTF-8"),
    ],
)
def test_a_damaged_file_is_refused_in_a_sentence(written: bytes, sentence: str, tmp_path: Path) -> None:
    write(tmp_path, {"test.jsonl": MESSAGES})
    (tmp_path / "kb-k1-seed0.jsonl.gz").write_bytes(written)

    with pytest.raises(Tier1Error, match=f"kb-k1-seed0.jsonl.gz.*{sentence}"):
        load_sets(tmp_path)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "make bench-match DATA=DIR"),
        (["--data", "nowhere"], "nowhere is not a folder"),
        (["--data", "DATA", "--sets", "made,up"], "has no set made: there are "),
        (["--data", "DATA", "--methods", "ours,luck"], "there is no method luck"),
        (["--data", "DATA", "--seeds", "0,x"], "x is no number"),
        (["--data", "DATA", "--seeds", "7"], "leave out KS= or SEEDS="),
    ],
)
def test_what_the_bench_cannot_do_it_says_in_a_sentence(
    words: Sequence[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"kb-k1-seed0.jsonl": PHRASINGS, "test.jsonl": MESSAGES})

    assert main([str(tmp_path) if word == "DATA" else word for word in words]) == 2

    assert sentence in capsys.readouterr().err


# --- measures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("places", "percent"),
    [
        (1, 25.0),
        (2, 50.0),
        (3, 75.0),  # what is not found at all stays a miss
    ],
)
def test_the_entry_meant_counts_if_it_is_among_the_first(places: int, percent: float) -> None:
    found = [Found(("a", "b", "c"), 0.9)] * 3 + [Found((), 0.0), Found(("a",), 0.9)]
    meant = ["a", "b", "c", "a", None]

    assert in_first([Judged(*pair) for pair in zip(meant, found, strict=True)], places) == percent


def test_out_of_scope_nothing_can_be_among_the_first() -> None:
    assert in_first(judged((None, "a", 0.9)), 1) is None


@pytest.mark.parametrize(
    ("inside", "outside", "percent"),
    [
        ([0.9, 0.8], [0.1, 0.2], 100.0),  # told apart
        ([0.1, 0.2], [0.9, 0.8], 0.0),  # the wrong way round
        ([0.5, 0.5], [0.5], 50.0),  # all alike: a toss
        ([0.9, 0.4], [0.5, 0.1], 75.0),  # of four pairs one is the wrong way round
        ([0.9, 0.5], [0.5, 0.1], 87.5),  # and here one is a tie
        ([0.9], [], None),
    ],
)
def test_auroc_counts_the_pairs_that_are_the_right_way_round(
    inside: Sequence[float], outside: Sequence[float], percent: float | None
) -> None:
    cases = [("a", "b", score) for score in inside]

    assert auroc(judged(*cases, *((None, "b", score) for score in outside))) == percent


def test_the_operating_point_counts_what_is_answered_and_what_is_offered() -> None:
    found = operating(
        [
            told("a", "sure", "a"),
            told("a", "sure", "b"),
            told("a", "unsure", "b", ["b", "a"]),
            told("a", "unsure", "a", []),  # the right one, but not shown to anybody
            told("a", "none", "a"),
            told(None, "sure", "a"),
            told(None, "unsure", "a", ["a"]),  # asking is no answer
            told(None, "none", "a"),
            told(None, "none", "b"),
        ]
    )

    assert found == Operating(right=20.0, wrong=20.0, offered=20.0, helped=40.0, out=25.0)


def test_a_method_that_is_never_sure_has_no_operating_point() -> None:
    assert operating(judged(("a", "a", 12.0))) == Operating()


@pytest.mark.parametrize(
    ("scores", "percent"),
    [
        # from the best down: right, right, wrong, right; one wrong in four is 25 %
        ([("a", 0.9), ("a", 0.8), ("b", 0.7), ("a", 0.6)], 75.0),
        # two wrong in four are too many, so the line is above the second
        ([("b", 0.9), ("a", 0.8), ("b", 0.7), ("a", 0.6)], 25.0),
        # what is alike is answered all or none
        ([("a", 0.9), ("b", 0.5), ("b", 0.5), ("a", 0.5)], 25.0),
        # out of scope it is another measure's business
        ([("a", 0.9), ("a", 0.8), ("b", 0.7), ("a", 0.6), (None, 1.0)], 75.0),
    ],
)
def test_hindsight_draws_the_line_where_it_is_wrong_as_often_as_it_may_be(
    scores: Sequence[tuple[str | None, float]], percent: float
) -> None:
    cases = [("a" if best else None, best or "a", score) for best, score in scores]

    assert right_within(judged(*cases), wrong=25.0) == percent


def test_reliability_compares_what_confidence_said_with_what_was() -> None:
    bins = reliability(judged(("a", "a", 0.92), ("a", "b", 0.98), ("a", "a", 1.0), ("a", "a", 0.3), (None, "a", 0.0)))

    assert len(bins) == 10
    assert [(at, each.count) for at, each in enumerate(bins) if each.count] == [(0, 1), (3, 1), (9, 3)]
    assert bins[9].said == pytest.approx((92 + 98 + 100) / 3)
    assert bins[9].was == pytest.approx(200 / 3)
    assert bins[3] == Bin(1, 30.0, 100.0)
    assert bins[0] == Bin(1, 0.0, 0.0)


@pytest.mark.parametrize(
    ("bins", "error"),
    [
        ([Bin(10, 80.0, 80.0)], 0.0),  # as said
        ([Bin(30, 90.0, 80.0), Bin(10, 20.0, 50.0), Bin(0, 0.0, 0.0)], 15.0),  # 30 are 10 off, 10 are 30 off
        ([Bin(10, 90.0, 100.0), Bin(10, 60.0, 50.0)], 10.0),  # too careful and too bold do not cancel out
        ([], 0.0),
    ],
)
def test_the_calibration_error_is_how_far_off_a_message_is_on_average(bins: Sequence[Bin], error: float) -> None:
    assert calibration_error(bins) == pytest.approx(error)


def test_bins_of_several_runs_are_merged_by_their_messages() -> None:
    assert merged([[Bin(30, 90.0, 80.0)], [Bin(10, 94.0, 100.0)], [Bin(0, 0.0, 0.0)]]) == (Bin(40, 91.0, 85.0),)


def test_a_quantile_is_a_value_that_was_there() -> None:
    assert quantile([5.0, 1.0, 4.0, 2.0, 3.0], 0.5) == 3.0
    assert quantile([float(value) for value in range(100)], 0.95) == 95.0
    assert quantile([7.0], 0.95) == 7.0


# --- figures and bars -------------------------------------------------------------------------------------------------


def run_of(found: Mapping[str, Found]) -> Run:
    """Everything else is found to be about the VPN, without much confidence."""
    texts = job_for(SET, SET.draws[0], "ours", "default").texts
    return Run(
        {text: found.get(text, Found(("vpn",), 0.25, "none")) for text in texts}, (1.0, 2.0, 9.0), 0.5, 0.75, 40.0
    )


def test_a_job_has_what_is_timed_first_and_every_text_once() -> None:
    job = job_for(SET, SET.draws[0], "ours", "default")

    assert job.texts[: job.timed] == ("vpn is down", "my badge is lost", "is there cake")
    assert job.texts[job.timed : job.timed + 3] == tuple(message.text for message in SET.typos)
    assert len(job.texts) == len(set(job.texts)) == 8  # and the two in scope with a story around them


def test_figures_are_counted_over_the_messages_they_are_about() -> None:
    found = figures_of(
        SET,
        run_of(
            {
                "vpn is down": Found(("vpn",), 0.75, "sure"),
                "my badge is lost": Found(("badge", "vpn"), 0.5, "unsure", ("badge", "vpn")),
            }
        ),
    )

    assert (found.top1, found.top3, found.typos) == (100.0, 100.0, 50.0)
    assert found.wrapped == 50.0  # in its story the badge was not found
    assert (found.right, found.wrong, found.offered, found.helped, found.out) == (50.0, 0.0, 50.0, 100.0, 0.0)
    assert found.ece == pytest.approx((25 + 50 + 25) / 3)
    assert (found.auroc, found.p50, found.p95, found.build, found.memory) == (100.0, 2.0, 9.0, 0.5, 40.0)


def test_several_seeds_are_averaged_where_there_is_a_figure() -> None:
    one, other = (figures_of(SET, run_of({"vpn is down": Found((best,), 0.75)})) for best in ("vpn", "badge"))

    together = mean([one, other])

    assert (one.top1, other.top1, together.top1) == (50.0, 0.0, 25.0)
    assert together.out is None


def test_a_sample_leaves_texts_and_their_typos_together() -> None:
    many = tuple(Message(f"message {number}", "vpn") for number in range(100))
    with_slips = tuple(Message(f"mesage {number}", "vpn") for number in range(100))

    few = sampled(MatchSet("many", SET.draws, many, with_slips), 30)

    assert len(few.test) == 25
    assert [each.text.replace("ss", "s") for each in few.test] == [each.text for each in few.typos]


def test_a_result_tells_kinds_apart() -> None:
    answered = run_of({"is there cake": Found(("vpn",), 0.9, "sure")})

    found = result(SET, SET.draws, "ours", [answered])

    assert (found.set, found.k, found.phrasings, found.seeds) == ("made", 2, 6, (0,))
    assert (found.kinds["far"].messages, found.kinds["far"].out, found.kinds["far"].top1) == (1, 100.0, None)
    assert sum(each.count for each in found.bins) == 3


def test_known_sets_have_bars_and_others_only_those_of_speed() -> None:
    known = {bar.figure: bar for bar in bars_for("stackfaq", 1, 125, "semantic")}

    assert (known["top3"].must, known["top3"].stretch) == (97.5, 99.0)
    assert {bar.figure for bar in bars_for("made", 2, 6, "default")} == {"p50", "p95", "build", "memory"}
    assert bars_for("made", 2, 6_000, "default") == ()


@pytest.mark.parametrize(
    ("name", "k", "figure", "value", "is_held"),
    [
        ("clinc150", 10, "top1", 87.0, True),  # no less than
        ("clinc150", 10, "top1", 86.9, False),
        ("clinc150", 10, "out", 5.0, True),  # no more than
        ("clinc150", 10, "out", 5.1, False),
    ],
)
def test_a_bar_is_held_at_its_limit(name: str, k: int, figure: str, value: float, is_held: bool) -> None:
    measured: dict[str, Any] = dict.fromkeys(field.name for field in fields(Figures)) | {figure: value}
    found = Result(name, k, 9_999, "ours", (0,), Figures(**measured), {}, ())

    (verdict,) = verdicts([found], "ours", "default")

    assert verdict.bar.figure == figure
    assert verdict.is_held is is_held
    assert verdicts([found], "bm25", "default") == ()  # nobody asks it of the others


def test_bars_may_be_for_one_kind_of_messages() -> None:
    helpdesk = replace(SET, name="harbour", draws=(Draw(6, 0, ENTRIES),))
    answered = run_of({"is there cake": Found(("vpn",), 0.9, "sure")})

    judged_by = verdicts([result(helpdesk, helpdesk.draws, "ours", [answered])], "ours", "default")

    assert [(each.value, each.is_held) for each in judged_by if each.bar.figure == "out:far"] == [(100.0, False)]
    assert "out:near" not in {each.bar.figure for each in judged_by}  # there are no such messages


# --- methods, wrappers, and all of it together ------------------------------------------------------------------------


@pytest.mark.parametrize("method", NAMES)
def test_every_method_finds_a_phrasing_again_and_survives_any_text(method: str) -> None:
    if method == "bm25":
        pytest.importorskip("bm25s")
    find = build(method, ENTRIES, "default")

    assert find("the printer has no paper").best == "printer"
    assert find("i lost my badge").best == "badge"
    for text in ("", "?!", "\N{GRINNING FACE}", "zzzz qqqq", "\ud800"):
        found = find(text)
        assert set(found.entries) <= {"badge", "printer", "vpn"}
        assert len(set(found.entries)) == len(found.entries)


def test_there_are_forty_stories_and_each_keeps_the_question() -> None:
    asked = ["how do i reset my password?", "vpn down", "where is my parcel "] * 20

    told = wrapped(asked)

    assert len(set(WRAPPERS)) == 40
    assert all(wrapper.count("{}") == 1 for wrapper in WRAPPERS)
    assert all(text.rstrip() in story and story != text for text, story in zip(asked, told, strict=True))
    assert wrapped(asked) == told
    assert len(set(wrapped(["vpn down"] * 40))) == 40


def test_a_large_knowledge_base_is_grown_from_small_sets() -> None:
    draw, messages = grown([SET], 100)

    said = [phrasing for entry in draw.entries for phrasing in entry.phrasings]
    ids = [entry.id for entry in draw.entries]
    assert len(said) == len(set(said)) == draw.phrasings == 100
    assert len(ids) == len(set(ids)) == 50
    assert {message.entry for message in messages} <= set(ids)
    assert {"made/vpn", "made/badge"} < {message.entry for message in messages}
    assert len({message.text for message in messages}) == len(messages)
    assert grown([SET], 100) == (draw, messages)
    assert grown([SET], 7)[0].phrasings == 7


def test_a_large_knowledge_base_has_no_entry_twice_under_two_names() -> None:
    again = Entry("tunnel", "", ("the vpn is down", "the tunnel is shut"), "")
    other = MatchSet("other", (Draw(2, 0, (again,)),), (Message("tunnel shut", "tunnel"),))

    draw, _ = grown([SET, other], 8)

    # After the three entries of the first set begin the places, though the other set has one more.
    assert sum("-" not in entry.id for entry in draw.entries) == 3


@pytest.mark.long
def test_a_process_says_how_long_it_took_until_it_could_answer() -> None:
    before = time.perf_counter()

    found = run(Job("token-sort", "default", ENTRIES, ("printer jammed",), 1))

    assert 0 < found.build_seconds < found.ready_seconds < time.perf_counter() - before + 0.02
    assert found.found["printer jammed"].best == "printer"
    assert len(found.took) == 1


@pytest.mark.long
def test_the_bench_compares_methods_and_writes_what_it_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib")
    write(tmp_path / "made", {"kb-k1-seed0.jsonl": PHRASINGS, "test.jsonl": MESSAGES})
    file, picture = tmp_path / "figures.json", tmp_path / "picture" / "of.png"
    words = ["--methods", "ours,token-sort", "--seeds", "0", "--json", str(file), "--picture", str(picture)]

    main(["--data", str(tmp_path), *words])

    shown = capsys.readouterr().out
    assert "made K=1: 2 phrasings, seeds 0" in shown
    assert [line.split()[:2] for line in shown.splitlines() if line.startswith("token-sort")] == [
        ["token-sort", "100.0"]
    ]
    found = json.loads(file.read_text(encoding="utf-8"))
    assert [each["method"] for each in found["results"]] == ["ours", "token-sort"]
    assert {each["bar"]["figure"] for each in found["bars"]} == {"p50", "p95", "build", "memory"}
    assert 10 < found["results"][0]["figures"]["memory"] < 1000
    assert picture.read_bytes().startswith(b"\x89PNG")
