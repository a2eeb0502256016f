"""What editors write for people: placeholders, links, lengths, and what Slack would make of it. Pure."""
