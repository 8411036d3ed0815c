"""Crowds, passages and walks: drawn, photographed and described, for ``data/street``."""
