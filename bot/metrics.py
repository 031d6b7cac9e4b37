"""
What the bot counts, for Prometheus: one declaration a metric, in a registry of our own.

    metrics.sent.labels("slack", "sent").inc()
    with metrics.timed(metrics.order_seconds.labels(metrics.order_label(order))): ...

No label is ever text from a person or a repository: a label's values are ours, or Slack's own words for its errors.
What waits is not counted along the way but asked of the registry when a scrape comes (bot/metrics_scrape.py).
docs/operate.md says what each is for; a test holds the two alike.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from commands.command import all_commands

disable_created_metrics()  # type: ignore[no-untyped-call]  # they would double the series, for what nobody asks
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)  # process_*: memory, file descriptors, CPU, start time
_BEFORE = "groundcrew_"
_SOON = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)  # Slack shows a failure after three seconds
_LONG = (1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0)
_WORD = re.compile(r"[a-z0-9_]{1,48}")
_MOST_ERRORS = 80  # Slack documents some sixty for what we call; an error text of somebody else's must not flood us


@dataclass(frozen=True, slots=True)
class Declared:
    """A metric as Prometheus names it, its labels, and what it tells."""

    name: str
    labels: tuple[str, ...]
    what: str


#: Every metric of ours, in the order in which docs/operate.md lists them.
DECLARED: list[Declared] = []


def _declare(name: str, what: str, labels: tuple[str, ...], ending: str = "") -> str:
    DECLARED.append(Declared(_BEFORE + name + ending, labels, what))
    return _BEFORE + name


def _counter(name: str, what: str, *labels: str) -> Counter:
    return Counter(_declare(name, what, labels, "_total"), what, labels, registry=REGISTRY)


def _gauge(name: str, what: str, *labels: str) -> Gauge:
    return Gauge(_declare(name, what, labels), what, labels, registry=REGISTRY)


def _histogram(name: str, what: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
    return Histogram(_declare(name, what, labels), what, labels, registry=REGISTRY, buckets=buckets)


# What comes in
inbox_received = _counter("inbox_received", "Things that came in and were kept, by kind", "kind")
inbox_repeated = _counter("inbox_repeated", "Things that came in a second time and were not done again", "kind")
inbox_waiting = _gauge("inbox_waiting", "Things that came in and are not worked off")
inbox_oldest_seconds = _gauge("inbox_oldest_seconds", "Seconds since the oldest of them came in")
acknowledgement_seconds = _histogram(
    "acknowledgement_seconds", "Seconds from taking something in to its acknowledgement", _SOON, "kind"
)
orders = _counter("orders", "Orders that were run; outcome is done, refused or failed", "order", "outcome")
order_seconds = _histogram("order_seconds", "Seconds that an order took", (*_SOON, *_LONG[2:6]), "order")
webhook = _counter("webhook", "Requests to the listener's webhooks, by what became of them", "outcome")
ears_connected = _gauge("ears_connected", "Connections on which Slack is heard now")

# What goes out
outbox_waiting = _gauge("outbox_waiting", "Messages that wait to be sent", "urgent")
outbox_oldest_due_seconds = _gauge(
    "outbox_oldest_due_seconds", "Seconds by which the message that waits longest is late"
)
sent = _counter(
    "sent", "Messages by route; outcome is sent, later, repeated (marked so), fallback or given_up", "route", "outcome"
)
slack_errors = _counter("slack_errors", "Errors that Slack answered, in Slack's words", "error")
rate_limited = _counter("rate_limited", "Answers in which Slack asked for a pause (HTTP 429)")

# Pages
pages_open = _gauge("pages_open", "Pages that are not resolved, by state", "state")
page_oldest_due_seconds = _gauge("page_oldest_due_seconds", "Seconds by which the latest step of a page is overdue")
escalations = _counter(
    "escalations", "Steps of pages that were to be told in Slack; those of other routes count in groundcrew_sent_total"
)
audit_faults = _counter("audit_faults", "Steps that the auditor found late or lost, and repaired")
dead_man_pings = _counter("dead_man_pings", "Pings of the dead man's switch; outcome is sent or failed", "outcome")

# Checks
checks_waiting = _gauge("checks_waiting", "Checks that were promised and do not run yet")
checks_running = _gauge("checks_running", "Checks that run now")
check_seconds = _histogram(
    "check_seconds",
    "Seconds that a check took; outcome is done, refused (it could not be read) or failed",
    _LONG,
    "outcome",
)
advisories_age_seconds = _gauge(
    "advisories_age_seconds", "Seconds since the newest known vulnerability was published; 0 before any is known"
)

# The bot itself
registry_up = _gauge("registry_up", "1 while the registry answers, else 0; what waits is then not told")
lead = _gauge("lead", "1 in the one process that sends and keeps time, else 0")
fault = _gauge("fault", "1 for each part of the bot that says it does not work", "part")
info = _gauge("info", "Always 1; the label is the version", "version")


def exposition() -> tuple[bytes, str]:
    """Return every metric in Prometheus' text form, and its content type."""
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST


@contextmanager
def timed(seconds: Histogram) -> Iterator[None]:
    """Measure into *seconds* how long the block took, however it ends."""
    start = time.monotonic()
    try:
        yield
    finally:
        seconds.observe(time.monotonic() - start)


def order_label(order: str) -> str:
    """Return *order* where it is one of ours, else `unknown`: a button's name comes from outside."""
    return order if order in all_commands() else "unknown"


def error_label(error: str) -> str:
    """Return Slack's word for an error as a label, and `other` for what is no such word or one too many."""
    if error in _errors:
        return error
    if _WORD.fullmatch(error) is None or len(_errors) >= _MOST_ERRORS:
        return "other"
    _errors.add(error)
    return error


_errors: set[str] = set()
