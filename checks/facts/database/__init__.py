"""The database behind the app: its SQL as migrations leave it, its policies, and Firebase's rules."""
