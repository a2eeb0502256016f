"""Which links Markdown makes, and where they may lead."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.texts.links import links_in, objection, without_code
from tests.content.small_files import ENTRY, loaded, short

SITE = """\
variables:
  portal_url: https://help.example.com/portal
  host: help.example.com
link_hosts: [help.example.com, '*.docs.example.com', Big.Example.com]
"""


@pytest.mark.parametrize(
    ("markdown", "addresses"),
    [
        (
            "See [the portal](https://a.example/x_(y)) now",
            ["https://a.example/x_(y)"],
        ),  # brackets in pairs belong to it
        ('See [it](<https://a.example/x y> "title")', ["https://a.example/x y"]),
        ('See [it](https://a.example "a title")', ["https://a.example"]),
        ("![a picture](http://a.example/x.png)", ["http://a.example/x.png"]),
        ("[x](javascript:alert)", ["javascript:alert"]),
        ("[x]()", [""]),
        ("[x](portal)", ["portal"]),  # relative to nothing
        ("See [the portal][1].\n\n[1]: ftp://a.example/x", ["ftp://a.example/x"]),
        ("Go to <https://a.example>, or <https://b.example|there>.", ["https://a.example", "https://b.example"]),
        ("Go to https://a.example/x. Or (see https://b.example/y).", ["https://a.example/x", "https://b.example/y"]),
        ("**https://a.example**, _https://b.example_", ["https://a.example", "https://b.example"]),
        ("[https://a.example](https://b.example)", ["https://b.example", "https://a.example"]),
        ("tel: 4400, write to <mailto:a@b.example> or a@b.example", ["mailto:a@b.example"]),
        ("file:///etc and smb://a/b", ["file:///etc", "smb://a/b"]),  # of any scheme
        ("The address begins with https:// and ends in /", []),
        ("Use `http://a.example` or ``http://b`c``", []),  # code
        ("```\nhttp://a.example\n```\nhttps://b.example", ["https://b.example"]),
        ("- ~~~ sh\n  http://a.example\n  ~~~\n", []),
        ("one ` tick http://a.example", ["http://a.example"]),  # nothing closes it
        ("one ` tick\nanother ` http://a.example", ["http://a.example"]),
        ("\\`http://a.example\\`", ["http://a.example\\"]),  # no code: its ticks are escaped
        ("[x] (https://a.example)", ["https://a.example"]),
        ("Costs 5 < 6: no link, see [x]", []),
    ],
)
def test_what_is_a_link(markdown: str, addresses: list[str]) -> None:
    assert [link.address for link in links_in(markdown)] == addresses


@given(st.text("`~[](<>):/ahtps.\n\\", max_size=60))
def test_any_markdown_can_be_looked_through(markdown: str) -> None:
    assert len(without_code(markdown)) == len(markdown)
    for link in links_in(markdown):
        assert not link.address or markdown[link.at.start : link.at.stop] == link.address


@pytest.mark.parametrize(
    ("address", "way_out"),
    [
        ("http://help.example.com/x", "write `https://help.example.com/x`"),
        ("HTTP://help.example.com", "write `https://help.example.com`"),
        ("www.example.com/x", "write `https://www.example.com/x`"),
        ("ftp://help.example.com", "backticks"),
        ("javascript:alert(1)", "backticks"),
        ("file:///etc/passwd", "backticks"),
        ("", "round brackets"),
        ("https://", "https"),
        ("https://[help", "https"),
        ("https://help.example.com\\@evil.example", "https"),  # where it leads depends on who reads it
        ("https://help.example.com@evil.example", "link_hosts"),
        ("https://evil.example/help.example.com", "link_hosts"),
        ("https://docs.example.com", "link_hosts"),  # `*.docs.example.com` is what is below it
        ("https://help.example.com.evil.example", "link_hosts"),
    ],
)
def test_an_address_that_may_not_be_sent_comes_with_a_way_out(address: str, way_out: str) -> None:
    wrong = objection(address, ("help.example.com", "*.docs.example.com"), in_text=True)

    assert wrong is not None
    assert way_out in wrong.hint


@pytest.mark.parametrize(
    "address",
    [
        "https://help.example.com",
        "HTTPS://Help.Example.COM/x?y=1#z",
        "https://help.example.com:8443/x",
        "https://a.b.docs.example.com/",
        "https://big.example.com",  # hosts are listed in any case
        "mailto:help@anywhere.example",
        "tel:+44123456",
    ],
)
def test_an_address_that_may_be_sent(address: str) -> None:
    assert objection(address, ("help.example.com", "*.docs.example.com", "Big.Example.com"), in_text=True) is None


def test_mail_is_no_address_for_the_list_of_links() -> None:
    assert objection("mailto:help@help.example.com", None, in_text=False) is not None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("See http://help.example.com first.", "8:7 KB044"),
        ("`http://a.example` but http://a.example", "8:26 KB044"),  # the second, as the first is code
        ("Open [it](https://evil.example/x).", "8:13 KB044"),
        ("Open [it]({{site.portal_url}}/../x), {{site.portal_url}}", ""),
        ("Open https://{{site.host}}/x", ""),  # known once it is filled in
        ("Open http://{{site.host}}/x", "8:8 KB044"),
        ("Open {{site.portal_url}}.evil.example/x", ""),  # still a path of ours
        ("Open https://{{site.host}}.evil.example/x", "8:8 KB044"),
        ("Open [it]({{site.host}}/x)", "8:13 KB044"),
        ("[mail us](mailto:a@b.example), [call](tel:4400)", ""),
        ("Open [it](ftp://{{site.host}}/x) or `ftp://x`", "8:13 KB044"),
        ("Open [it]()", "8:11 KB044"),
    ],
)
def test_links_of_an_answer_are_looked_at_once_filled_in(line: str, expected: str, tmp_path: Path) -> None:
    answer = f"answer: |\n  First this.\n  {line}\n"

    found = loaded(
        tmp_path, _site=SITE, a__b=ENTRY.replace("answer: Open the portal and choose *Forgot password*.\n", answer)
    )

    assert [short(fault) for fault in found.faults] == ([expected] if expected else [])


def test_links_of_steps_and_summaries_are_looked_at(tmp_path: Path) -> None:
    entry = f"""{ENTRY}\
summary: See http://a.example
steps:
  start: a
  nodes:
    a:
      say: >
        This is folded
        over many lines,
        and then there is
        [a link](https://a.example).
      options: [{{label: x, end: resolved}}]
"""

    found = loaded(tmp_path, _site=SITE, a__b=entry)

    assert [short(fault) for fault in found.faults] == ["7:14 KB044", "16:18 KB044"]


def test_a_variable_with_a_bad_link_is_told_of_where_it_is_written_and_only_there(tmp_path: Path) -> None:
    site = f"{SITE}".replace(
        "link_hosts", "  old: See http://help.example.com\n  other: https://a.example/x\nlink_hosts"
    )
    entry = ENTRY.replace("Open the portal", "Open {{site.old}} or [it]({{site.other}}) or {{site.other}}/y")

    found = loaded(tmp_path, _site=site, a__b=entry)

    assert [(Path(fault.place.file).name, short(fault)) for fault in found.faults] == [
        ("_site.yaml", "4:12 KB044"),
        ("_site.yaml", "5:10 KB044"),
        ("b.yaml", "6:54 KB044"),  # what is added to it is the entry's own
    ]


def test_a_secret_in_a_link_is_not_repeated(tmp_path: Path) -> None:
    found = loaded(tmp_path, a__b=ENTRY.replace("Open the portal", "Open http://bob:hunter2@a.example"))

    assert [short(fault) for fault in found.faults] == ["6:25 KB043"]
    assert "hunter2" not in str(found.faults)


def test_variables_in_the_address_of_a_link_below_the_answer_are_told_of(tmp_path: Path) -> None:
    found = loaded(tmp_path, _site=SITE, a__b=ENTRY + "links: [{label: x, url: '{{site.portal_url}}/x'}]\n")

    assert [short(fault) for fault in found.faults] == ["7:25 KB044"]
    assert "variables are filled in texts only" in found.faults[0].hint
