"""What no likeness can see, and what rules an entry out or makes it one to offer at most."""
