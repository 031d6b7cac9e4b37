import hashlib
import hmac
import os
import sqlite3

from fastapi import Header, HTTPException
from jose import JWTError, jwt

SECRET_KEY = os.getenv("SECRET_KEY", "rd-9f2kQ7vLx3TzB8mW")


def check_password(email: str, password: str) -> bool:
    row = sqlite3.connect("refunds.db").execute("SELECT salt, hash FROM agents WHERE email = ?", (email,)).fetchone()
    if row is None:
        return False
    return hmac.compare_digest(hashlib.scrypt(password.encode(), salt=row[0], n=2**14, r=8, p=1), row[1])


def make_token(email: str) -> str:
    return jwt.encode({"sub": email}, SECRET_KEY, algorithm="HS256")


def current_agent(authorization: str = Header("")) -> str:
    try:
        return jwt.decode(authorization.removeprefix("Bearer "), SECRET_KEY, algorithms=["HS256"])["sub"]
    except JWTError:
        raise HTTPException(401, "Please sign in")
