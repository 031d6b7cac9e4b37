"""Why a route that seems open may be meant as it is, or may be guarded after all."""

from __future__ import annotations

from checks.facts.routes.harm import Harm
from checks.facts.routes.public_routes import Leave
from checks.facts.routes.served import Served
from checks.model import Confidence

#: What a handler does that reaches beyond who calls it, and what it gives away.
_ACTS = frozenset({"writes", "stores", "destroys", "runs", "wipes", "mails", "service_role", "hashes"})
_READS = frozenset({"reads", "looks_up", "keyed", "forwards", "environment", "hands_out"})
_UNSURE = Confidence.LOW
_SURE = Confidence.HIGH  # that no login is asked for


def doubt_of(route: Served, leave: Leave, harm: Harm) -> tuple[str, Confidence] | None:
    """Return why *route* may be meant as it is, or may be guarded after all: what to say, and how sure; or None."""
    anyone = f"anyone can {harm.what}"
    by_guard = {
        "unknown": (f"may answer without a login: {route.by} is defined outside this repository", Confidence.LOW),
        "elsewhere": (f"asks for no login itself: {route.by} must. Without it {anyone}", Confidence.MEDIUM),
        "layout": (
            f"asks for no login itself, only {route.by} does, and requests for its data may pass it by: then {anyone}",
            Confidence.MEDIUM,
        ),
        "behind": (f"asks for no login, only for {route.by}: with it {anyone}", Confidence.HIGH),
        "waived": (f"tells {route.by} to let everybody in: is it meant to be public? Then {anyone}", Confidence.HIGH),
    }
    # With the database's master key, what anybody's browser holds before it is no guard at all.
    acts = harm.grave or route.traits & {"writes", "stores"} or route.traits >= {"body", "reads"}
    bare = route.guard == "behind" and "service_role" in route.traits and acts
    if route.guard in by_guard and not bare:
        return by_guard[route.guard]
    by_trait = {
        "development": (
            f"answers without a login in development: make sure that production never serves it, or {anyone}",
            _SURE,
        ),
        "shelved": (
            f"answers without a login if its folder, of old code or of templates, is served: then {anyone}",
            Confidence.LOW,
        ),
        "answers_all": (
            f"is answered by one function, and no login was found in it: if it has none, {anyone}",
            _UNSURE,
        ),
        "page": (f"is a page that asks for no login, and no layout above it does: anyone can {harm.what}", _UNSURE),
        "uncalled": (
            f"would answer without a login if something called the function that registers it: then {anyone}",
            Confidence.LOW,
        ),
        "unmet": ("would answer without a login if a page used it: its file is marked 'use server'", Confidence.LOW),
    }
    for trait, doubt in by_trait.items():
        if trait in route.traits:
            return doubt
    if not route.resolved and not route.traits & {"listing", "generic"}:
        return f"seems to answer without a login, though its handler could not be found: {anyone}", Confidence.LOW
    slight = _slight(route)
    if slight:
        return f"answers without a login, and {slight}: {anyone}", _SURE
    if leave is Leave.ASK:
        return f"answers without a login: is it meant to be public? Then {anyone}", _SURE
    return None


def _slight(route: Served) -> str:
    """Return what little *route* does, where that is all it does."""
    if "measures" in route.traits and not route.traits & _ACTS:
        return "hands what it is sent on to a service that counts visits"
    if "sets_cookie" in route.traits and not route.traits & (_ACTS | _READS):
        return "only sets a cookie in its caller's own browser"
    return ""
