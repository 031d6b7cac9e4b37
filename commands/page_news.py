"""What is said of pages: the page as it stands, its log, whom it would tell, and the question to whoever is on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.model import App, Page, Step


@dataclass(frozen=True, slots=True)
class Paged:
    """
    A page as it stands: what is wrong, who was told when, what comes next, who answered.

    *next_step* is who is told next and when, unless somebody answers; None once somebody did.
    """

    page: Page
    app: App
    target: str | None = None  # whom this copy is for, where it is for a person
    next_step: Step | None = None
    next_at: datetime | None = None
    may_answer: bool = True  # whoever reads this copy is on the page's path
    joined: bool = False  # in the answer to a page that was added to one that runs already


@dataclass(frozen=True, slots=True)
class PageLog:
    """
    A page's own log, whole: who was told as what, by which route, and what became of it.

    *next_step* and *next_at* as of Paged. Addresses in it are masked but for those who may read them.
    """

    page: Page
    app: App
    next_step: Step | None = None
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RehearsedPerson:
    """Somebody behind a step: *address* is where second routes reach them, *failed* why they cannot be told."""

    target: str
    address: str = ""
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """
    A step as it would be: *after* is when, counted from the page, and *people* whom it comes down to now.

    *goes_on* is why the next step follows at once, where it does although they are told.
    """

    step: Step
    after: timedelta
    people: tuple[RehearsedPerson, ...]
    goes_on: str = ""


@dataclass(frozen=True, slots=True)
class PageRehearsal:
    """
    Who would be told of a page for *app*, when and how; nobody was.

    *notes* are sentences on whom the chain leaves out. *second_routes* are used *second_after* a message that Slack
    does not take.
    """

    app: App
    steps: tuple[Rehearsed, ...]
    notes: tuple[str, ...]
    second_routes: tuple[str, ...]
    second_after: timedelta


@dataclass(frozen=True, slots=True)
class StillOnIt:
    """
    To whoever acknowledged a page: are they still on it? *opens_at* is when the page is open again without an answer.

    *answer* is what became of the question, once something did.
    """

    page: Page
    app: App
    opens_at: datetime | None = None
    answer: str = ""
