"""Shirts, coverings and glasses."""
