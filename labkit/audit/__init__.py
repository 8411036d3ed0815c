"""A report on any matcher, from a table of scored pairs or from templates."""
