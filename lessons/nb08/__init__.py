"""Notebook 08, "One face in a million": searches among many, and what an alert is worth."""
