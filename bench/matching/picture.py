"""Quality against time, as a picture: each set with the most phrasings it has, each method a dot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.matching.figures import Result

_COLUMNS = 2
_INCHES = (5.2, 3.9)  # a panel


def draw(results: Sequence[Result], path: Path) -> None:
    """Write a PNG, or what else the name's ending says. A line leads down to what typos leave."""
    from matplotlib.figure import Figure  # noqa: PLC0415  an extra, and slow to load
    from matplotlib.ticker import ScalarFormatter  # noqa: PLC0415

    panels = _panels(results)
    rows = -(-len(panels) // _COLUMNS)
    figure = Figure(figsize=(_COLUMNS * _INCHES[0], rows * _INCHES[1]), layout="constrained")
    axes = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for axis in axes[len(panels) :]:
        axis.set_visible(False)
    methods = list(dict.fromkeys(result.method for result in results))
    for axis, panel in zip(axes, panels, strict=False):
        for result in panel:
            shown, colour = result.figures, f"C{methods.index(result.method)}"
            if shown.top1 is None:
                continue
            axis.plot(shown.p50, shown.top1, "o", color=colour)
            axis.annotate(result.method, (shown.p50, shown.top1), (5, 4), textcoords="offset points", fontsize=8)
            if shown.typos is not None:
                axis.plot([shown.p50] * 2, [shown.top1, shown.typos], "-", color=colour, alpha=0.5)
                axis.plot(shown.p50, shown.typos, "_", color=colour)
        axis.set_title(f"{panel[0].set}, K={panel[0].k}: {panel[0].phrasings:,} phrasings", fontsize=10)
        axis.set(
            xscale="log",
            ylim=(0, 103),
            xlabel="ms a message (p50, one thread)",
            ylabel="top-1, %; the dash: with typos",
        )
        axis.xaxis.set_major_formatter(ScalarFormatter())
        axis.margins(x=0.2)
        axis.grid(visible=True, alpha=0.3)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=130)


def _panels(results: Sequence[Result]) -> list[list[Result]]:
    largest: dict[str, int] = {}
    for result in results:
        largest[result.set] = max(result.k, largest.get(result.set, 0))
    return [[each for each in results if (each.set, each.k) == panel] for panel in largest.items()]
