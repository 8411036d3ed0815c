"""Measurements of the renderer as an instrument; run with ``python benchmarks/instrument.py``."""
