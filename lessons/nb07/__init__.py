"""Notebook 07, "Can it be fixed?": remedies, who pays for them, and what none of them touches."""
