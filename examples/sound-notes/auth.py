"""Sessions signed with SESSION_KEY; there is no fallback, so a missing key stops the start."""

import hashlib
import hmac
import os
import time

from fastapi import Header, HTTPException

_KEY = os.environ["SESSION_KEY"].encode()


def session_for(user: str, seconds: int = 8 * 3600) -> str:
    """Return a session of *user* that lasts *seconds*; the company's sign-in asks for it after checking the person."""
    claim = f"{user}.{int(time.time()) + seconds}"
    return f"{claim}.{_signature(claim)}"


def current_user(authorization: str = Header("")) -> str:
    """Return who sent the request; answers 401 where the session is missing, forged or over."""
    claim, _, signature = authorization.removeprefix("Bearer ").rpartition(".")
    user, _, until = claim.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(claim).encode()) or int(until) < time.time():
        raise HTTPException(401, "Please sign in")
    return user


def _signature(claim: str) -> str:
    return hmac.new(_KEY, claim.encode(), hashlib.sha256).hexdigest()
