"""What is said of a case, as data: the card, the transcript, the notice, an answer, and where."""
