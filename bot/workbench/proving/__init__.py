"""The proof that rules keep their word over a year: who gets each case, when people are called, and where it ends."""
