"""The history of the registry's tables; storage/migrate.py runs it."""
