"""Who the invented people are, what they wear, how they are photographed: numbers, no pictures."""
