"""What a site answered when it was asked: values that travel from the parent to the worker and are stored nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: Headers that are told; any other, a cookie above all, may hold what nobody needs to see.
TOLD = frozenset(
    {
        *("content-type", "location", "server", "x-powered-by", "www-authenticate"),
        *("strict-transport-security", "content-security-policy", "content-security-policy-report-only"),
        *("x-content-type-options", "x-frame-options", "referrer-policy"),
    }
)
_OK = range(200, 300)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Reply:
    """
    The answer to a GET of *path* (with its query): *status*, the *headers* of `TOLD` in small letters, the *body*.

    *cut* says why the body is not whole; *trouble* why there is no answer at all, *status* then being 0.
    """

    path: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: str = ""
    trouble: str = ""

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")

    @property
    def is_page(self) -> bool:
        """Whether it is a page for people, by its type or its beginning."""
        start = self.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        return "html" in self.headers.get("content-type", "").lower() or start.startswith((b"<!doctype", b"<html"))

    @property
    def is_there(self) -> bool:
        """Whether what was asked for came."""
        return self.status in _OK

    @property
    def is_redirect(self) -> bool:
        """Whether it sends on to another address."""
        return self.status in _REDIRECTS and "location" in self.headers


@dataclass(frozen=True, slots=True)
class Certificate:
    """
    What the site showed for its TLS: *fault* says why a browser would not trust it, empty where one would.

    *days_left* counts whole days until it ends, None where that is not known.
    """

    fault: str = ""
    days_left: int | None = None


@dataclass(frozen=True, slots=True)
class Front:
    """
    The front door of the app where it runs.

    *given* is the address that was given; empty: none was. *untold* says why nothing is known of it. *base* is the
    scheme, host and port that answered, *folder* the path below which the app lies, with a slash at both ends. *page*
    is the answer after redirects of the same host, *elsewhere* another host that it sends visitors to. *missing* is the
    answer to a path that nothing has. *plain* is what the same host answers without TLS, None where that was not asked.
    *asks_routes*: the app's owner lets its routes be asked.
    """

    given: str = ""
    untold: str = ""
    base: str = ""
    folder: str = "/"
    page: Reply = Reply("/")
    elsewhere: str = ""
    missing: Reply = Reply("/")
    certificate: Certificate | None = None
    plain: Reply | None = None
    asks_routes: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Paths to be asked of the site at *base*; of each answer no more than *largest* bytes are wanted."""

    base: str
    paths: tuple[str, ...]
    largest: int
