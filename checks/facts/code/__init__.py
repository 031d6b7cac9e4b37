"""What source files say, whatever they are for: syntax, outlines, names and where they lead."""
