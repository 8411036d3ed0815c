"""Head, features, ears, eyes and skin as meshes and maps."""
