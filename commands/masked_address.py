"""E-mail addresses as everybody may read them."""

from __future__ import annotations


def masked(address: str) -> str:
    """Return *address* with its name down to the first letter: a…@acme.example."""
    name, at, host = address.partition("@")
    return f"{name[:1]}…@{host}" if at else ""
