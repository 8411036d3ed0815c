"""Exercises and their answers, the journal, sentences for learners."""
