"""The invented people of Anytown and how they are photographed."""
