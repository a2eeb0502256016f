"""What runs and what happens while time passes: the deadlines of a case, its queue's ladder, and its closing."""
