"""Notebook 11, "Following people": its exercises and the sentences that its numbers decide."""
