"""What somebody's own cases are: a customer's requests, a specialist's queue, and Home."""
