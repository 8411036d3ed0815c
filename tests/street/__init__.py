"""Tests of labkit.street."""
