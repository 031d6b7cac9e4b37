"""
What GitHub knows of a repository: the rules of its default branch, how changes were reviewed, and whether CI passed.

It is asked once a check, only where a token was given and may be used, and only about the host that the token belongs
to; all of it has one deadline. What is not told in time, or not at all, stays None beside the sentence that says why.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from checks.fact import Missing
from checks.facts.delivery.code_host import CodeHost
from checks.gather.answers import Subject
from checks.gather.ci_runs import Runs, runs_of
from checks.gather.code_host_leave import why_not_asked
from checks.gather.github import Untold, connected
from checks.gather.reviews import Protection, Recent, protection_of, recent_of

_T = TypeVar("_T")


async def answer(subject: Subject, question: bytes) -> bytes:
    """
    Return, as JSON, what the code host tells about *subject*; what it does not tell is said in the answer.

    There is one *question*, null, so that a worker gone bad cannot have the code host asked over and over.
    """
    if question != b"null":
        raise Missing("the question about the code host could not be understood")
    return msgspec.json.encode(await told_about(subject))


async def told_about(subject: Subject) -> CodeHost:
    """Return what the code host tells about *subject*."""
    why = why_not_asked(subject.engine, subject.address, subject.revision, with_token=subject.with_token)
    if why or subject.address is None or subject.revision is None:
        return CodeHost(reviews_untold=why, ci_untold=why, asked=False)
    deadline = _Deadline(asyncio.get_running_loop().time() + subject.engine.limits.answer_s, subject)
    try:
        async with connected(subject.engine, subject.address.path) as github, asyncio.TaskGroup() as group:
            protection = group.create_task(deadline.kept(protection_of(github)))
            recent = group.create_task(deadline.kept(recent_of(github, subject.revision)))
            runs = group.create_task(deadline.kept(runs_of(github, subject.revision)))
    except Untold as none:
        return CodeHost(reviews_untold=str(none), ci_untold=str(none))
    return _together(protection.result(), recent.result(), runs.result())


@dataclass(frozen=True, slots=True)
class _Deadline:
    at: float  # by the loop's clock
    subject: Subject

    async def kept(self, asked: Awaitable[_T]) -> _T | Untold:
        """Return what *asked* brings in time, or why it brings nothing."""
        try:
            async with asyncio.timeout_at(self.at):
                return await asked
        except TimeoutError:
            seconds = self.subject.engine.limits.answer_s
            return Untold(f"GitHub did not tell within {seconds:.0f} s: check again later")
        except Untold as why:
            return why


def _together(protection: Protection | Untold, recent: Recent | Untold, runs: Runs | Untold) -> CodeHost:
    rules = Protection(untold=str(protection)) if isinstance(protection, Untold) else protection
    newest = Recent(untold=str(recent)) if isinstance(recent, Untold) else recent
    ci = Runs(untold=str(runs)) if isinstance(runs, Untold) else runs
    return CodeHost(
        rules.required,
        rules.protected,
        ci.passed,
        None if ci.untold and not ci.ran else ci.ran,
        None if ci.untold and not ci.ran else ci.workflows,
        ci.failed,
        newest.commits,
        newest.approved,
        "; ".join(dict.fromkeys(filter(None, (rules.untold, newest.untold)))),
        ci.untold,
    )
