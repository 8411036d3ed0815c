"""The commands that make ``data/``, and the fingerprint of the code that made it."""
