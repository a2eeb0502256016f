"""Files as editors should find them: drafted, formatted, with their comments kept."""
