"""Notebook 13: real photographs, with consent."""
