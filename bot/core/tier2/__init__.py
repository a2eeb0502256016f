"""What specialists do with a case: at its card, in its thread and in forms."""
