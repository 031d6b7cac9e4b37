"""Checks a repository from end to end: gather, read in the worker, judge. What `groundcrew check` and the bot call."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime

from checks import policy, verdict
from checks.ahead import Ahead, worker_ahead
from checks.bytecode import compiled
from checks.engine import Engine, prepare_home
from checks.front_page import front_page
from checks.gather.advisories import describe
from checks.gather.answers import Subject
from checks.gather.live import Live
from checks.gather.target import Target, opened
from checks.interview import Interview, Progress, Stage
from checks.masking import masked
from checks.model import CheckError, Context, Report
from checks.shelf import shelf

__all__ = ["Engine", "Progress", "Stage", "Target", "check_repository"]


async def check_repository(
    target: Target,
    context: Context,
    engine: Engine,
    progress: Callable[[Progress], None],
    *,
    with_token: bool = False,
    only: frozenset[str] = frozenset(),
    live: Live | None = None,
    ahead: Ahead | None = None,
) -> Report:
    """
    Return the report on *target*, judged in *context*.

    *progress* is called at once and then at every step. The engine's token is sent only where *with_token* is true.
    *only* names the checks to ask (empty: all); where it does, the report's verdict is not to be shown.
    *live* is where the app runs, and what may be asked there (None: nobody gave an address). *ahead* is a worker that
    was started already (None: it is started now).
    Raises CheckError with a sentence where the repository cannot be checked at all, PolicyError where the policy is
    wrong. When cancelled it leaves no process behind.
    """
    began, at = time.monotonic(), datetime.now(UTC)
    progress(Progress(Stage.FETCHING))
    try:
        async with AsyncExitStack() as opening:
            ahead = ahead or await opening.enter_async_context(worker_ahead())
            await opening.enter_async_context(compiled())
            rules = policy.load(engine.policy)
            prepare_home(engine.home)
            tree = await opening.enter_async_context(opened(target, engine, with_token=with_token))
            with shelf(engine.home) as cache:
                subject = Subject(engine, target.address, tree.revision, with_token, replace(live or Live()))
                interview = Interview(tree, cache, subject, progress, only, ahead)
                results = await interview.hold()
                cache.prune()
    except CheckError as error:
        error.args = tuple(map(masked, error.args))  # git names branches and files in what it says
        raise
    progress(Progress(Stage.JUDGING))
    return Report(
        tree.name,
        tree.revision,
        at,
        round(time.monotonic() - began, 3),
        results,
        verdict.judge(results, context, rules),
        context,
        describe(engine.home),
        tuple(map(masked, (*tree.listing.missing, *tree.notes))),
        interview.suppressed,
        interview.packages,
        masked(first) if (first := front_page(tree.listing.paths)) else None,
        tuple(sorted(only)),
    )
