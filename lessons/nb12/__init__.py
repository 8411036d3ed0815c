"""Notebook 12, "Decide": its exercises."""
