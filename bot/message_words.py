"""What a message of the outbox is and where it goes, in words: for lines of the log, and for people."""

from __future__ import annotations

from storage.model import Destination, Message

#: News by the name of its type (commands/news.py); a type that is missing here is called by its name.
WORDS = {
    "Said": "a sentence",
    "Card": "an app's card",
    "Registered": "the answer to a registration",
    "RegisterForm": "the form of an app",
    "OwnershipAsked": "the question whether somebody answers for an app",
    "NameSomebodyForm": "the question who answers for an app",
    "CheckStarted": "the word that a check has begun",
    "CheckProgress": "the progress of a check",
    "Checked": "a verdict",
    "Unchanged": "the word that a verdict is unchanged",
    "CheckRefused": "the word that a check could not be made",
    "PrivateAsked": "the question whether private code may be read",
    "ProbeAsked": "the question whether a running app may be looked at",
    "Details": "the details of a verdict",
    "FixPrompt": "a fix prompt",
    "Regressed": "the word that an app got worse",
    "Affected": "the word that an advisory concerns apps",
    "Paged": "a page",
    "PageLog": "the log of a page",
    "PageRehearsal": "the rehearsal of a page",
    "StillOnIt": "the question whether somebody is still on a page",
    "AppList": "a list of apps",
    "OnCallShown": "an on-call schedule",
}
_ROUTES = {"email": "by e-mail", "webhook": "by the webhook", "pagerduty": "by PagerDuty"}


def what(message: Message) -> str:
    """Return what *message* is: "a page", "a verdict"."""
    return WORDS.get(message.kind, f"a message ({message.kind})")


def about(message: Message) -> dict[str, str]:
    """Return the id of the page and the name of the app that *message* is about, for the log; empty where of none."""
    page, app = message.news.get("page"), message.news.get("app")
    page_id = message.told[0] if message.told else str(page.get("id", "")) if isinstance(page, dict) else ""
    return {"page": page_id, "app": str(app.get("name", "")) if isinstance(app, dict) else ""}


def where(to: Destination) -> str:
    """Return where a message goes: "to <@U0BO>" (of which commands.people.with_names makes names), "by PagerDuty"."""
    if to.route:
        return _ROUTES.get(to.route, f"by {to.route}")
    if to.person:
        return f"to <@{to.person}>"
    if to.channel:
        return f"to <#{to.channel}>"
    return "into the thread of its app"
