"""The figures of the table in docs/reliability.md, one a file."""
