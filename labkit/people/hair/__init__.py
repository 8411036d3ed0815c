"""Hair of the head and of the face, strand by strand, and as tubes."""
