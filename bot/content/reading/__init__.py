"""From the bytes of a file to values: YAML with places, and shapes that read it and tell every fault. Pure."""
