"""The knowledge base: each entry, what entries share, and what is wrong between them."""
