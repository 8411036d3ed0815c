"""Notebook 09, "The Congress test": a town's own test, and what 28 of 535 shows."""
