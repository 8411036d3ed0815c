"""What others measured, printed, said and decided, with sources."""
