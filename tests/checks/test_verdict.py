"""How results become a place, what holds an app back, and the way up."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from checks.model import Audience, Context, DataClass, Exposure, Finding, Outcome, Placement, Result, Severity, Verdict
from checks.policy import Exemption, Policy, load
from checks.verdict import judge
from tests.checks.results import finding, policy, result

KNOWN = Context(DataClass.INTERNAL, Audience.TEAM, Placement.PRODUCTION, owner_accepted=True, exposure=Exposure.LOGIN)
CHECKS = tuple(sorted(load().checks | load().asks_for(Placement.PRODUCTION)))


def sound(**changed: Result) -> list[Result]:
    """Return a pass of every check there is, but for *changed*."""
    own = {answer.check: answer for answer in changed.values()}
    return [own.get(check, result(check)) for check in CHECKS]


def test_everything_passed_is_production() -> None:
    """An app whose every check passed, with an owner, may go to production, and nothing is said to hold it back."""
    verdict = judge(sound(), KNOWN, load())
    assert verdict.placement is Placement.PRODUCTION
    assert (verdict.held_back, verdict.way_up, verdict.assumed) == ((), (), ())
    assert verdict.here.startswith("Production")


def test_a_failed_check_caps_at_what_it_allows() -> None:
    """A blocking finding holds the app at the place that its check allows, and says where the fault is."""
    verdict = judge([result("a", Outcome.FAILED, finding("POST /x is open", "api.py", 7))], KNOWN, policy("a"))
    assert verdict.placement is Placement.SANDBOX
    assert verdict.held_back[0].reason == "POST /x is open (api.py:7)"
    assert "api.py:7" in verdict.way_up[0]


def test_advice_holds_nothing_back() -> None:
    """A failed check whose findings are all advice leaves the placement alone."""
    verdict = judge([result("a", Outcome.FAILED, finding(blocking=False))], KNOWN, policy("a"))
    assert verdict.placement is Placement.PRODUCTION
    assert verdict.held_back == ()


def test_a_finding_may_be_weaker_than_its_check() -> None:
    """A finding that allows more than its check is judged by itself, until a full-strength one joins it."""
    weak = finding(allows=Placement.ISOLATED)
    assert judge([result("a", Outcome.FAILED, weak)], KNOWN, policy("a")).placement is Placement.ISOLATED
    assert judge([result("a", Outcome.FAILED, weak, finding())], KNOWN, policy("a")).placement is Placement.SANDBOX


def test_what_could_not_be_looked_at_counts_as_failed() -> None:
    """A check that was not looked at caps where it would had it failed, and its reason is passed on."""
    unseen = result("a", Outcome.NOT_CHECKED, reason="connect the code host")
    verdict = judge([unseen], KNOWN, policy("a"))
    assert verdict.placement is Placement.SANDBOX
    assert verdict.held_back[0].outcome is Outcome.NOT_CHECKED
    assert verdict.way_up == ("Make it possible to look at a: connect the code host",)


def test_a_check_that_did_not_run_is_missed() -> None:
    """A check that a place asks for and that gave no result at all counts as not looked at."""
    asked = policy("a", "b", looked_at={Placement.ISOLATED: ("b",)})
    verdict = judge([result("a")], KNOWN, asked)
    assert verdict.placement is Placement.SANDBOX
    assert [(held.check, held.outcome) for held in verdict.held_back] == [("b", Outcome.NOT_CHECKED)]


def test_a_failure_that_was_only_partly_seen_counts_at_full_strength() -> None:
    """A weak finding beside a file that could not be read does not hide what the file may hold."""
    partly = result("a", Outcome.FAILED, finding(allows=Placement.ISOLATED), reason="also not seen: b.py")
    verdict = judge([partly], KNOWN, policy("a"))
    assert verdict.placement is Placement.SANDBOX
    assert {held.outcome for held in verdict.held_back} == {Outcome.FAILED, Outcome.NOT_CHECKED}


def test_nobody_accepted_caps_at_sandbox() -> None:
    """Without an owner who accepted it the best is the sandbox, and that comes out as a reason of its own."""
    verdict = judge(sound(), replace(KNOWN, owner_accepted=False), load())
    assert verdict.placement is Placement.SANDBOX
    assert [held.check for held in verdict.held_back] == ["owner"]
    assert verdict.held_back[0].reason == "nobody has accepted this app"


def test_what_was_not_asked_is_said() -> None:
    """Missing context counts as the strictest and each missing word of it is named; a missing owner caps nothing."""
    verdict = judge(sound(), Context(), load())
    assert verdict.placement is Placement.PRODUCTION
    assert len(verdict.assumed) == 4
    assert "payment" in verdict.assumed[0]


def test_held_back_names_what_stands_before_the_asked_place_only() -> None:
    """Findings that leave the asked place open are not listed; the others come worst first."""
    answers = [
        result("mild", Outcome.FAILED, finding(), allows=Placement.ISOLATED),
        result("unseen", Outcome.NOT_CHECKED, allows=Placement.SANDBOX),
        result("grave", Outcome.FAILED, finding(), severity=Severity.CRITICAL),
        result("bad", Outcome.FAILED, finding()),
    ]
    names = policy("mild", "unseen", "grave", "bad")
    asked = judge(answers, replace(KNOWN, wanted=Placement.ISOLATED), names)
    assert [held.check for held in asked.held_back] == ["grave", "bad", "unseen"]
    allowed = judge(answers, replace(KNOWN, wanted=Placement.SANDBOX), names)
    assert (allowed.placement, allowed.held_back, allowed.way_up) == (Placement.SANDBOX, (), ())


def test_the_way_up_leads_to_the_next_place_only() -> None:
    """The steps are those that lift the app by one place, one a check, with the places of all its findings."""
    live = [finding("a key", "a.py", line, allows=None) for line in (1, 2, 3, 4)]
    answers = [
        result("key", Outcome.FAILED, *live, allows=Placement.NOWHERE),
        result("later", Outcome.FAILED, finding(), allows=Placement.ISOLATED),
    ]
    verdict = judge(answers, KNOWN, policy("key", "later"))
    assert verdict.way_up == ("Mend key: a key (a.py:1, a.py:2, a.py:3 and 1 more)",)


def test_a_clone_alone_is_isolated_with_only_not_checked() -> None:
    """A sound app whose reviews cannot be seen is isolated, and what holds it back is only what to connect."""
    unseen = result("no-review", Outcome.NOT_CHECKED, allows=Placement.ISOLATED, reason="connect a token")
    verdict = judge(sound(no_review=unseen), Context(), load())
    assert verdict.placement is Placement.ISOLATED
    assert {held.outcome for held in verdict.held_back} == {Outcome.NOT_CHECKED}
    assert "connect a token" in verdict.way_up[0]


def test_a_finding_says_by_itself_how_far_an_app_may_go() -> None:
    """By default the data class, also one that was not asked, makes no finding worse than its own evidence."""
    weak = finding(allows=Placement.SANDBOX)
    answers = sound(route=result("open-route", Outcome.FAILED, weak, allows=Placement.NOWHERE))
    for data in (None, *DataClass):
        assert judge(answers, replace(KNOWN, data=data), load()).placement is Placement.SANDBOX
    grave = sound(route=result("open-route", Outcome.FAILED, weak, finding(), allows=Placement.NOWHERE))
    assert judge(grave, replace(KNOWN, data=DataClass.NONE), load()).placement is Placement.NOWHERE


def test_a_team_may_be_stricter_on_personal_data() -> None:
    """A stricter exception of a team's own holds from its data class upwards, and where that was not asked."""
    strict = Exemption("open-route", Placement.NOWHERE, DataClass.PERSONAL, None, "Anyone could read it.")
    rules = replace(load(), stricter=(strict,))
    answers = sound(route=result("open-route", Outcome.FAILED, finding()))
    assert judge(answers, KNOWN, rules).placement is Placement.SANDBOX
    assert judge(answers, replace(KNOWN, data=DataClass.PERSONAL), rules).placement is Placement.NOWHERE
    assert judge(answers, replace(KNOWN, data=None), rules).placement is Placement.NOWHERE


findings = st.builds(
    Finding,
    st.just("a fault"),
    line=st.integers(1, 9),
    blocking=st.booleans(),
    allows=st.none() | st.sampled_from(Placement),
)


@st.composite
def results(draw: st.DrawFn) -> Result:
    """Draw a result as the engine makes it: findings no stronger than the check, reasons where the model has them."""
    outcome, allows = draw(st.sampled_from(Outcome)), draw(st.sampled_from(Placement))
    found = draw(st.lists(findings, min_size=1, max_size=3)) if outcome is Outcome.FAILED else []
    capped = tuple(replace(one, allows=max(one.allows or allows, allows, key=lambda p: p.rank)) for one in found)
    said = draw(st.booleans()) if outcome is Outcome.FAILED else outcome is not Outcome.PASSED
    return Result(
        draw(st.sampled_from(CHECKS)), "f", outcome, Severity.HIGH, allows, "why" if said else None, capped, "t"
    )


several = st.lists(results(), min_size=1, max_size=6, unique_by=lambda one: one.check).map(
    lambda drawn: sound(**{one.check: one for one in drawn})
)
contexts = st.builds(
    Context,
    st.none() | st.sampled_from(DataClass),
    st.none() | st.sampled_from(Audience),
    st.sampled_from(Placement),
    st.sampled_from([None, True, False]),
    st.none() | st.sampled_from(Exposure),
)
exemptions = st.builds(
    Exemption,
    st.sampled_from(CHECKS[:3]),
    st.sampled_from(Placement),
    st.none() | st.sampled_from(DataClass),
    st.none() | st.sampled_from(Audience),
    st.just(""),
    st.none() | st.sampled_from(Exposure),
)
policies = st.one_of(
    st.just(load()),
    st.builds(lambda milder, stricter: replace(load(), milder=milder, stricter=stricter), *[st.tuples(exemptions)] * 2),
)


def no_better(after: Verdict, before: Verdict) -> bool:
    """Whether *after* places the app no better than *before*."""
    return after.placement.rank <= before.placement.rank


@given(several, contexts, policies, st.data())
def test_taking_access_away_never_improves(
    answers: list[Result], context: Context, rules: Policy, data: st.DataObject
) -> None:
    """Whatever becomes NOT_CHECKED, or does not answer at all, the placement is the same or worse."""
    hidden = data.draw(st.sets(st.sampled_from(CHECKS), min_size=1))
    before = judge(answers, context, rules)
    blind = [
        replace(one, outcome=Outcome.NOT_CHECKED, findings=(), reason="gone") if one.check in hidden else one
        for one in answers
    ]
    assert no_better(judge(blind, context, rules), before)


@given(several, contexts, policies, st.data())
def test_a_result_that_goes_missing_never_improves(
    answers: list[Result], context: Context, rules: Policy, data: st.DataObject
) -> None:
    """A check that passed and no longer answers leaves the placement the same or worse."""
    passed = [one.check for one in answers if one.outcome is Outcome.PASSED]
    gone = data.draw(st.sets(st.sampled_from(passed), min_size=1))
    left = [one for one in answers if one.check not in gone]
    assert no_better(judge(left, context, rules), judge(answers, context, rules))


@given(several, contexts, policies, findings, st.data())
def test_adding_a_finding_never_improves(
    answers: list[Result], context: Context, rules: Policy, more: Finding, data: st.DataObject
) -> None:
    """One finding more, of any strength, leaves the placement the same or worse."""
    index = data.draw(st.integers(0, len(answers) - 1))
    one = answers[index]
    added = replace(one, outcome=Outcome.FAILED, findings=(*one.findings, more))
    if one.outcome is Outcome.NOT_CHECKED:
        added = replace(one, findings=(*one.findings, more))
    after = [*answers[:index], added, *answers[index + 1 :]]
    assert no_better(judge(after, context, rules), judge(answers, context, rules))


@given(several, contexts, policies, st.sampled_from([None, *DataClass]), st.sampled_from([None, *Audience]))
def test_stricter_data_or_audience_never_improves(
    answers: list[Result], context: Context, rules: Policy, data: DataClass | None, audience: Audience | None
) -> None:
    """More sensitive data, a wider audience, or keeping quiet about either leaves the placement the same or worse."""
    classes, crowds = [*DataClass, None], [*Audience, None]
    stricter = replace(
        context,
        data=max(context.data, data, key=classes.index),
        audience=max(context.audience, audience, key=crowds.index),
    )
    assert no_better(judge(answers, stricter, rules), judge(answers, context, rules))


@given(several, contexts, policies)
def test_the_reasons_explain_the_place(answers: list[Result], context: Context, rules: Policy) -> None:
    """Below the asked place there is always a reason as strict as the placement and at least one step; else none."""
    verdict = judge(answers, context, rules)
    if verdict.placement.rank < context.wanted.rank:
        assert verdict.held_back[0].allows is verdict.placement
        assert verdict.way_up
    else:
        assert (verdict.held_back, verdict.way_up) == ((), ())
