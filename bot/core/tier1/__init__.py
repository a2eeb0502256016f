"""What the bot does by itself: it answers, asks back, asks for details, and brings in people."""
