"""The words for a page's steps and what became of them, in messages, logs and rehearsals alike."""

from __future__ import annotations

from bot.views.text import channel, esc, person, when
from storage.model import NO_ROUTE, Page, Step, StepKind, Told

_ROLES = {
    "owner": "the owner",
    "backup": "the backup",
    "channel": "the app's channel",
    "reliability": "the reliability channel",
}
ROUTES = {"": "Slack", "email": "e-mail", "webhook": "the webhook", "pagerduty": "PagerDuty"}


def role(step: Step) -> str:
    """Say as what the target of *step* is told; the name of a user group mentions nobody."""
    if step.kind is StepKind.GROUP:
        return esc(step.name) or "a user group"
    if step.kind is StepKind.SCHEDULE:
        return f"on call for {esc(step.name)}"
    return _ROLES.get(step.role, esc(step.role))


def target(step: Step) -> str:
    """Name whom *step* tells."""
    if step.kind is StepKind.GROUP:
        return f"everybody in {role(step)}"
    if step.kind is StepKind.SCHEDULE:
        return f"whoever is on call for {esc(step.name)}"
    named = person(step.target) if step.kind is StepKind.PERSON else channel(step.target)
    return f"{named} ({role(step)})"


def told_whom(page: Page, one: Told) -> str:
    """Name whom the entry *one* of a page's log is of, and as what they were told."""
    step = page.steps[one.step] if one.step < len(page.steps) else None
    if step is None:
        return esc(one.target)
    if one.target == one.route:
        return ROUTES.get(one.route, esc(one.route))
    if one.target == step.target and step.kind in {StepKind.GROUP, StepKind.SCHEDULE}:
        return f"the schedule {esc(step.name)}" if step.kind is StepKind.SCHEDULE else role(step)
    named = channel(one.target) if step.kind is StepKind.CHANNEL else person(one.target)
    return f"{named} ({role(step)})"


def outcome(one: Told) -> str:
    """Say what became of the entry *one*: Slack tells no bot whether a message was read, and mail neither."""
    if one.route == NO_ROUTE:
        return f"not told: {esc(one.failed)}"
    if one.seen_at is not None:
        return f"seen {when(one.seen_at)}"
    if one.delivered_at is not None:
        taken = "handed to the mail server" if one.route == "email" else "delivered"
        return f"{taken} {when(one.delivered_at)}"
    return f"not reached, {esc(one.failed)}" if one.failed else "not delivered yet"
