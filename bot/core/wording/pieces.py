"""Long words in pieces that fit into one message of Slack's each, cut between words. Pure."""

from __future__ import annotations

LONGEST = 8_900  # characters; Slack refuses a message at about 13,200 in all blocks


def pieces(words: str) -> tuple[tuple[int, int], ...]:
    """Return where each piece begins and ends; at least one, and together they are the whole."""
    cut = [0]
    while len(words) - cut[-1] > LONGEST:
        latest = cut[-1] + LONGEST
        blank = max(words.rfind(space, latest - LONGEST // 2, latest) for space in " \n")
        cut.append(blank + 1 if blank > 0 else latest)
    return tuple(zip(cut, [*cut[1:], len(words)], strict=True))
