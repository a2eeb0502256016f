"""Tier 1 support in Slack: answers that an editor wrote, and a handoff with a transcript when they do not help."""
