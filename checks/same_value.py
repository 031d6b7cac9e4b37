"""
Whether two findings hold the same secret value, without keeping the value: a keyed digest, only where a key is set.

A plain hash of a secret can be guessed; an HMAC under GROUNDCREW_FINGERPRINT_KEY cannot. The worker
has no environment, so its parent hands the key over and the worker sets it once, before anything is read.
"""

from __future__ import annotations

import hashlib
import hmac

_BYTES = 16  # 128 bits
_key: list[bytes] = []  # empty: no key is set


def set_key(key: bytes | None) -> None:
    """Use *key* from now on in this process; None: no digests."""
    _key[:] = [key] if key else []


def same_value(value: str) -> str | None:
    """Return the digest of *value* for `Finding.same_value`, or None where no key is set."""
    return _digest(value.encode("utf-8", "surrogatepass")) if _key else None


def key_name() -> str:
    """Return what names the key in use without telling it, for cache keys; empty where none is set."""
    return _digest(b"\0name of the key") if _key else ""


def _digest(data: bytes) -> str:
    return hmac.new(_key[0], data, hashlib.sha256).hexdigest()[: 2 * _BYTES]
