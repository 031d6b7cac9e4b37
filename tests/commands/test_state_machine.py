"""
Apps and pages under whatever may happen, against a small model of who owns what and of what was promised.

Hypothesis draws what happens, and shrinks what fails. The environment variable GROUNDCREW_STATE_EXAMPLES says how many
examples are run, half of them on each engine; each ends with everything delivered, and then nothing may be lost,
doubled or out of order.
"""

import os
import shutil
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from commands.command import Refused
from commands.news import RegisterForm
from commands.page_news import Paged
from storage.model import Page, PageState
from tests.commands.crashing_town import MINUTE, PAGERS, Crash, CrashingTown, Known, KnownApp
from tests.world import ANN, BO, CY, DEE

_EXAMPLES = int(os.environ.get("GROUNDCREW_STATE_EXAMPLES", "24"))


class Pages(CrashingTown):
    """A town in which anything may happen in any order."""

    def teardown(self) -> None:
        """Let everything come to its end, see that it did, and remove the registry."""
        try:
            self.do(self.start())
            self.do(self.come_to_an_end())
        finally:
            self.do(self.stack.aclose())
            self.runner.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    # What people and machines do

    @initialize()
    def begin(self) -> None:
        """Begin with an app."""
        self.register(ANN, BO)

    @precondition(lambda self: len(self.model.apps) < 3)
    @rule(owner=st.sampled_from((ANN, BO)), backup=st.sampled_from((ANN, BO)))
    def register(self, owner: str, backup: str) -> None:
        """Register an app, whose owner and backup accept it."""
        name = f"app-{len(self.model.apps)}"
        if owner == backup:
            return
        words = f"{name} https://github.com/acme/{name} {owner} --backup {backup} --channel #apps"
        app = self.do(self.here.ask(CY, "register-app", words)).card.app
        self.model.apps[name] = KnownApp(app.id, owner, backup)
        for role, person in (("owner", owner), ("backup", backup)):
            self.do(self.here.ask(person, "accept-app", id=f"{app.id}:{role}"))

    @rule(number=st.integers(0, 2), owner=st.sampled_from((ANN, BO, CY, DEE)), crash=st.integers(0, 6))
    def transfer(self, number: int, owner: str, crash: int) -> None:
        """Have somebody else asked to own an app, wholly or not at all; pages under way keep the chain they have."""
        name, app = self.some_app(number)
        form = self.do(self.here.ask(DEE, "register-app", name))
        assert isinstance(form, RegisterForm)
        before = (app.owner, app.accepted)
        after = before if owner in {app.owner, app.backup} else (owner, owner == DEE)
        refused = False
        try:
            with self.crashing(crash):
                self.do(self.here.ask(DEE, "register-app", id=app.id, **dict(form.fields) | {"owner": owner}))
        except Refused:
            refused = True
        except Crash:
            self.do(self.start())
            assert self.do(self.owner_of(app.id)) in {before, after}, "half a transfer"
        assert not refused or owner == app.backup, "a transfer was refused"
        app.owner, app.accepted = self.do(self.owner_of(app.id))
        assert crash or (app.owner, app.accepted) == after, "a transfer was not made"

    @rule(number=st.integers(0, 2), by=st.sampled_from((ANN, BO, CY)))
    def accept(self, number: int, by: str) -> None:
        """Have somebody accept to own an app: whoever is asked may, once, and nobody else."""
        _, app = self.some_app(number)
        may = by == app.owner and not app.accepted
        try:
            self.do(self.here.ask(by, "accept-app", id=f"{app.id}:owner"))
        except Refused:
            assert not may, "whoever is asked was refused"
        else:
            assert may, "somebody accepted who was not asked"
        app.accepted = app.accepted or may
        assert self.do(self.owner_of(app.id)) == (app.owner, app.accepted)

    @rule()
    def restart(self) -> None:
        """End the bot and start it again, with nothing under way."""
        self.do(self.start())

    def some_app(self, number: int) -> tuple[str, KnownApp]:
        """Return one of the apps with its name, the same for the same number."""
        name = f"app-{number % len(self.model.apps)}"
        return name, self.model.apps[name]

    @rule(number=st.integers(0, 2), by=st.sampled_from(PAGERS), times=st.integers(1, 3), crash=st.integers(0, 6))
    def page(self, number: int, by: str, times: int, crash: int) -> None:
        """Page, delivered so often; the bot may die over it, and then takes it up from its inbox."""
        self.numbers += 1
        what = f"trouble {self.numbers:03} of {number}"
        name, app = self.some_app(number)
        typed = f"{name} {what}"
        key = f"slash:{self.numbers}"
        self.here.clock.time += MINUTE  # else it would join the page before
        self.latest = max(self.latest, self.here.clock.time)
        try:
            for _ in range(times):
                self.do(self.take(key, by, typed, crash))
        except Crash:
            self.do(self.start())
            self.do(self.take_up(key, by, typed))
        found = [one for one in self.do(self.all_pages()) if one.what == what]
        assert len(found) == 1, f"{len(found)} pages of {what!r}"
        assert [(one.role, one.target) for one in found[0].steps[:2]] == app.chain, "the page goes to others"
        self.model.pages[what] = Known(found[0].steps)

    @rule(which=st.integers(0, 9), order=st.sampled_from(("acknowledge-page", "resolve-page")), crash=st.integers(0, 6))
    def answer(self, which: int, order: str, crash: int) -> None:
        """Have two people answer a page at once: one of them wins, unless it was answered."""
        page = self.some_page(which)
        if page is None:
            return
        open_to = (
            {PageState.TRIGGERED} if order == "acknowledge-page" else {PageState.TRIGGERED, PageState.ACKNOWLEDGED}
        )
        try:
            with self.crashing(crash):
                both = self.do(self.both_answer(order, page.id))
        except Crash:
            self.do(self.start())
        else:
            won = [one for one in both if not isinstance(one, Refused)]
            assert len(won) == (page.state in open_to), f"{len(won)} answers won of a page that was {page.state}"
        after = self.some_page(which)
        assert after is not None
        if after.state is PageState.RESOLVED and self.model.pages[page.what].told_when_resolved is None:
            self.model.pages[page.what].told_when_resolved = len(after.told)

    @rule(minutes=st.integers(-120, 120), crash=st.integers(0, 8))
    def move_the_clock(self, minutes: int, crash: int) -> None:
        """Let time pass, or the clock be set back; what is due happens, unless the bot dies over it."""
        self.here.clock.time += minutes * MINUTE
        self.latest = max(self.latest, self.here.clock.time)
        try:
            with self.crashing(crash):
                self.do(self.happen())
        except Crash:
            self.do(self.start())

    @rule(posts=st.integers(1, 4))
    def die_while_sending(self, posts: int) -> None:
        """Die after a message arrived and before that is known."""
        try:
            self.do(self.deliver(posts))
        except Crash:
            self.do(self.start())

    def some_page(self, which: int) -> Page | None:
        """Return one of the pages, the same for the same number."""
        if not self.model.pages:
            return None
        what = sorted(self.model.pages)[which % len(self.model.pages)]
        return next((one for one in self.do(self.all_pages()) if one.what == what), None)

    # What must hold

    async def come_to_an_end(self) -> None:
        """Let what is due happen until nothing is, and look."""
        self.here.clock.time = self.latest  # a page waits as long as the clock was set back
        for _ in range(3):
            self.here.clock.time += 11 * MINUTE  # past whatever was put off
            await self.happen()
        found = {page.what: page for page in await self.all_pages()}
        assert found.keys() >= self.model.pages.keys(), "a page is lost"
        for what, known in self.model.pages.items():
            self.holds(found[what], known)

    def holds(self, page: Page, known: Known) -> None:
        """Say what is wrong with a page, if anything is."""
        assert page.steps == known.steps, "the chain of a page changed"
        reached = [one for one in page.told if not one.failed and not one.route]
        shown = Counter(
            one.place for one in self.here.chat if isinstance(one.news, Paged) and one.news.page.id == page.id
        )
        for place, number in Counter(one.target for one in reached).items():
            assert shown[place] <= number, f"{place} has {shown[place]} messages of a page that told it {number} times"
            if page.state is PageState.TRIGGERED:
                assert shown[place] == number, f"{place} was told {number} times and has {shown[place]} messages"
        order = [one.step for one in page.told]
        assert page.state is not PageState.TRIGGERED or order, "a page was told to nobody"
        if known.acknowledgements == 0 and page.acknowledged_at is None:
            assert order == sorted(order), f"steps went out of order: {order}"
        if known.told_when_resolved is not None:
            assert page.state is PageState.RESOLVED, "a resolved page is open again"
            assert len(page.told) == known.told_when_resolved, "somebody was told after the page was resolved"


@pytest.mark.parametrize("kind", ["file_registries", "postgres_registries"])
def test_pages_hold_whatever_happens(kind: str, request: pytest.FixtureRequest) -> None:
    """No page is lost or doubled, steps keep their order, one answer wins, and nobody is told after the end."""
    Pages.registries = request.getfixturevalue(kind)
    Pages.counted.clear()
    try:
        run_state_machine_as_test(
            Pages,
            settings=settings(
                max_examples=max(1, _EXAMPLES // 2),
                stateful_step_count=10,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        request.node.user_properties += Pages.counted.items()
