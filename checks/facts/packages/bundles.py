"""
What well-known packages of Python have brought with every release since 2020: a list without it is not whole.

A requirements file may be complete (`pip freeze` writes such) or name only what the app asks for; nothing in it says
which. But where it names a package and not what that one always needs, the rest is settled anew at each build.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

_BRINGS = {
    "aiohttp": "yarl",
    "alembic": "mako",
    "anthropic": "httpx",
    "beautifulsoup4": "soupsieve",
    "boto3": "botocore",
    "celery": "kombu",
    "django": "sqlparse",
    "djangorestframework": "django",
    "fastapi": "starlette",
    "flask": "werkzeug",
    "flask-cors": "flask",
    "httpx": "httpcore",
    "jinja2": "markupsafe",
    "matplotlib": "pillow",
    "pandas": "numpy",
    "paramiko": "cryptography",
    "pytest": "pluggy",
    "requests": "urllib3",
    "scikit-learn": "joblib",
    "scipy": "numpy",
    "streamlit": "tornado",
    "transformers": "tokenizers",
    "uvicorn": "h11",
}


def first_missing(names: Iterable[str], known: Collection[str]) -> tuple[str, str] | None:
    """Return (package, what it brings) of the first of *names* whose company is not among *known*; all normalised."""
    return next(((name, _BRINGS[name]) for name in names if name in _BRINGS and _BRINGS[name] not in known), None)
