"""Figures and explorers: what a number looks like."""
