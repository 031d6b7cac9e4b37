"""How the files of a program hang together: what each offers, what it wants of the others, and what starts it."""
