"""How the matcher reads a text: cut into words, mended, in sentences and parts, with what is denied marked."""
