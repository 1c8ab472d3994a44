"""Pages at the desk."""
