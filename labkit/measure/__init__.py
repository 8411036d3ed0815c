"""Scores, error rates, intervals and differences between groups."""
