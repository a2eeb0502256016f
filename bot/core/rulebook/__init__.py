"""How the rules act: when they hold, where they send a case, and what they promise by when."""
