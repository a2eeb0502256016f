"""What changed rules would have made of the cases in the log."""
