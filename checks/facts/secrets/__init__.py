"""Where secrets lie in files: by line and by kind, never by value."""
