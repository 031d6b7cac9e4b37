"""Which request a page came of: what the clock does for it hours later goes by the same id in the log and the rows."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import structlog

from storage.model import Page


def this_request() -> str:
    """Return the id of the request that is being worked on, or an empty text."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def request_of(page: Page) -> AbstractContextManager[object]:
    """Have all that is written, said and logged inside the block go by the request that made *page*."""
    # A page of an older version has none; what is bound already is better than that.
    if not page.request_id:
        return nullcontext()
    return structlog.contextvars.bound_contextvars(request_id=page.request_id)
