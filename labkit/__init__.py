"""A face-surveillance lab at a desk: invented people, a real matcher, honest error rates."""

__version__ = "0.1.0"
