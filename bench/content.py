"""How long a large knowledge base takes to load, to check and to test, beside what YAML alone takes.

`make bench-content` runs it with 1,000 entries, `make bench-content ENTRIES=10000` with as many as you like.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from time import perf_counter

import yaml

from bot.cli.kb_checks import faults_of
from bot.content.entries.loading import load_entries
from bot.wiring import load_knowledge, matchers_like
from bot.workbench.entry_tests import bench_for, run

BARS = {("load", 1_000): 3.0, ("check", 1_000): 5.0, ("test", 1_000): 10.0}  # seconds

_THINGS = """
account agreement alarm antenna archive authenticator backup badge barcode barrier battery beacon boiler bookmark
browser calendar camera canteen card certificate charger chat cloud compiler compressor contract conveyor dashboard
database desk dialler discount display dock domain door drive elevator envelope export fan firewall folder forklift
form furnace generator guest headset heating hub invoice keyboard label lamp laptop ledger licence locker mailbox
map meeting meter microscope mirror monitor mouse newsletter notebook order outlet pallet parcel parking passport
payslip pension phone plan player portal printer profile projector proxy pump quota receipt recorder refund report
roster router scale scanner schedule screen sensor server shelf signature socket speaker spreadsheet sprinkler stamp
stapler subscription survey switch tablet telescope template terminal thermostat ticket timer timesheet token
toolbox training translator turnstile uniform vault vehicle voucher wallet warranty webinar whiteboard wiki window
workshop
"""
_SYLLABLES = "bar cor del fen gal hol jun kel lum mar nor pel quin ros sol tar ulm ven wil zan"
_TROUBLES = """
renew: how do i renew the {}; my {} has run out; extend the {} for another year; {} expires next month
repair: the {} is broken; who repairs the {}; get the {} mended; there is a fault in the {}
buy: how do i order a {}; buy a second {}; request a new {}; what does a {} cost
return: i want to give the {} back; where do i return the {}; hand in the {}; who collects the old {}
unlock: how do i unlock the {}; i am locked out of the {}; {} says too many attempts; wrong code on the {}
share: let a colleague use the {}; how do i share the {}; add somebody to the {}; who else sees the {}
move: move the {} to another floor; carry the {} over; relocate my {}; take the {} with me
rename: rename the {}; the {} has a wrong name; call the {} something else; spelling of the {}
print: print the {}; i need the {} on paper; {} as a pdf; paper copy of the {}
connect: connect the {} to the network; {} is offline; {} finds no signal; pair the {} by bluetooth
clean: clean the {}; the {} is dirty; stains on the {}; which cloth for the {}
lose: i lost the {}; my {} was stolen; cannot find the {} any more; {} has disappeared
cancel: cancel the {}; stop the {} at once; get rid of the {}; end my {} early
speed: the {} is slow; {} takes ages; {} hangs all the time; make the {} faster
update: update the {}; newest version of the {}; {} is outdated; install the patch for the {}
import: import data into the {}; load a file into the {}; upload to the {}; fill the {} from excel
delete: delete the {}; remove everything from the {}; wipe the {}; empty the {}
approve: who approves the {}; approval of the {} is missing; sign off the {}; my boss has to confirm the {}
measure: {} shows wrong numbers; calibrate the {}; readings of the {} are off; check the figures of the {}
learn: course about the {}; how does the {} work; manual of the {}; explain the {} to me
"""
_ENTRY = """\
title: How to {trouble} the {name} {thing}
phrasings:
{phrasings}
keywords: {{none: [{other}]}}
owner: "@{thing}-team"
review_by: 2030-01-31
answer: |
  You can {trouble} the **{name} {thing}** yourself in about {minutes} minutes.

  1. Open {{{{site.portal_url}}}}, then *{name}* and *{thing}*.
  2. Choose *{trouble}* and look at the preview.
  3. Confirm. You get an e-mail with the number of your request.

  **It does not work?** Note what the screen says and choose *Talk to a person*.
links:
  - {{label: All about the {name}, url: "https://portal.example.com/{thing}/{name}"}}
collect:
  - {{field: label, ask: "Which number is on the {thing}?", kind: text, required: false}}
escalate: {{policy: offer, priority: p{priority}}}
tests:
  match:
    - {said}
    - please help, {said}
  not_match:
    - the {other} in the meeting room is on fire
    - my {other} is green
"""


def write_entries(folder: Path, count: int) -> None:
    """Fill the folder with so many entries, the same ones each time."""
    draw = random.Random(count)
    things, syllables = _THINGS.split(), _SYLLABLES.split()
    names = ["".join(parts) for parts in product(syllables, repeat=3)]
    ways = [(line.partition(": ")[0], line.partition(": ")[2].split("; ")) for line in _TROUBLES.strip().split("\n")]
    (folder / "_site.yaml").write_text("variables: {portal_url: https://portal.example.com}\n", encoding="utf-8")
    # A name for every two entries, things and troubles that many share: about as words lie in a real one.
    for number in range(count):
        trouble, said_of = ways[number % len(ways)]
        name, thing = names[number // 2 % len(names)], draw.choice(things)
        other = draw.choice([each for each in things if each != thing])
        said = [way.format(f"{name} {thing}") for way in said_of]
        path = folder / thing / f"{trouble}-{name}-{number}.yaml"
        path.parent.mkdir(exist_ok=True)
        text = _ENTRY.format(
            phrasings="\n".join(f"  - {way}" for way in said),
            trouble=trouble,
            name=name,
            thing=thing,
            other=other,
            minutes=draw.randint(2, 30),
            priority=draw.randint(1, 4),
            said=draw.choice(said),
        )
        path.write_text(text, encoding="utf-8")


def main(count: int) -> int:
    with tempfile.TemporaryDirectory(prefix="tier1-bench-") as name:
        folder = Path(name)
        write_entries(folder, count)
        timed = {what: _seconds(work) for what, work in _works(folder).items()}
    print(f"{count:,} entries     seconds  times YAML        bar")
    missed = False
    for what, seconds in timed.items():
        bar = BARS.get((what, count))
        missed = missed or (bar is not None and seconds >= bar)
        verdict = "" if bar is None else f"< {bar:g} s {'held' if seconds < bar else 'MISSED'}"
        print(f"{what:<14} {seconds:>10.2f} {seconds / timed['yaml.load']:>11.1f}  {verdict:>14}".rstrip())
    return 1 if missed else 0


def _works(folder: Path) -> dict[str, Callable[[], object]]:
    today = datetime.now(UTC).date()
    no_rules = folder / "no-rules.yaml"
    return {
        "yaml.load": lambda: [_parsed(path) for path in folder.rglob("*.yaml")],
        "load": lambda: load_entries(folder, today=today),
        "check": lambda: faults_of(folder, no_rules, today),
        "test": lambda: _tested(folder, no_rules),
    }


def _parsed(path: Path) -> object:
    return yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


def _tested(folder: Path, no_rules: Path) -> object:
    """All that `tier1 kb test` does but print."""
    knowledge = load_knowledge(folder, no_rules, rules_needed=False)
    return run(bench_for(knowledge, matchers_like(knowledge)))


def _seconds(work: Callable[[], object]) -> float:
    since = perf_counter()
    work()
    return perf_counter() - since


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000))
