"""`escalation_rules.yaml`: its parts, and what is wrong between them."""
