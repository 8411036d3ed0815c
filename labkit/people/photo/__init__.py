"""Light, camera and view: from a dressed person to a picture."""
