"""Networks that are trained on nobody's face: ``python -m labkit make nets``."""
