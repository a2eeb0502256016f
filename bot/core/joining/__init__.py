"""Cases that belong together: the same customer twice, and many with one problem."""
