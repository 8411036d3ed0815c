"""What each notebook asks and says: exercises and sentences, no statistics."""
