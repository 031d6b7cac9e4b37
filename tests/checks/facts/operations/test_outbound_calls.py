"""Which calls to other servers set no limit of time."""

from __future__ import annotations

import pytest

from checks.fact import Listing
from checks.facts.operations.outbound_calls import join, kind_of, read


def waiting(files: dict[str, str]) -> list[tuple[str, int]]:
    """The calls without a limit in *files*, with the line of each."""
    parts = {path: part for path, text in files.items() if (kind := kind_of(path)) and (part := read(text, kind))}
    return [(each.call, each.line) for calls in join(parts, Listing(())).files.values() for each in calls]


@pytest.mark.parametrize(
    ("path", "text", "call"),
    [
        ("a.py", "import requests\nrequests.post(url, json=x)\n", "requests.post"),
        ("a.py", "import requests\nrequests.get(url, timeout=None)\n", "requests.get"),
        ("a.py", "from urllib.request import urlopen\nurlopen(url)\n", "urlopen"),
        ("a.py", "import smtplib\nsmtplib.SMTP(host, 587)\n", "smtplib.SMTP"),
        ("a.py", "import aiohttp\naiohttp.ClientTimeout(total=None)\n", "aiohttp.ClientTimeout"),
        ("server/a.ts", "import x from 'y';\nawait fetch(`${BASE}/x`);\n", "fetch"),
        ("server/a.ts", "import x from 'y';\nconst api = axios.create({ baseURL: url });\n", "axios.create"),
        ("server/a.ts", "import x from 'y';\naxios.post(url, body, { headers });\n", "axios.post"),
    ],
)
def test_a_call_without_a_limit_is_seen(path: str, text: str, call: str) -> None:
    """Clients that wait by themselves, and limits that are switched off, are seen at their line."""
    assert waiting({path: text}) == [(call, 2)]


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "import requests\nrequests.get(url, **options)\n"},
        {"a.py": "import httpx\nhttpx.get(url)\n"},
        {"a.py": "import requests, socket\nsocket.setdefaulttimeout(9)\nrequests.get(url)\n"},
        {"server/a.ts": "await fetch('/api/x');\n"},
        {"server/a.ts": "await fetch(url, { signal });\n"},
        {"server/a.ts": "await fetch(url, options);\n"},
        {"server/a.ts": "axios.get(url, { timeout: 5 });\n", "server/b.ts": "axios.defaults.timeout = 5;\n"},
        {"src/a.ts": "'use client'\nawait fetch(process.env.NEXT_PUBLIC_URL);\n"},
        {"src/components/a.ts": "await fetch(process.env.URL);\n"},
        {"scripts/a.py": "import requests\nrequests.get(url)\n"},
    ],
)
def test_limits_and_browsers_are_left_alone(files: dict[str, str]) -> None:
    """A limit anywhere, options that cannot be read, and code for browsers are no finding."""
    assert waiting(files) == []
