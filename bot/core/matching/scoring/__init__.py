"""How near a text is to each entry, and how far that can be trusted."""
