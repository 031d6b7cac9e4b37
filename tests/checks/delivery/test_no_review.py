"""Reviews are judged by the code host alone; a clone can only show their absence."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from checks.delivery.no_review import check
from checks.evaluate import answer
from checks.example import facts_of
from checks.facts.delivery.code_host import CodeHost
from checks.facts.delivery.history import History
from checks.model import Outcome, Result

counts = st.integers(0, 200)
histories = st.builds(History, st.booleans(), counts, counts, counts, counts, counts, st.integers(0, 9))


@given(st.none() | histories, st.sampled_from([None, CodeHost(), CodeHost(branch_protected=True)]))
def test_a_clone_alone_never_passes(history: History | None, host: CodeHost | None) -> None:
    """Without the code host's word on required reviews, no history whatever is a pass."""
    given_facts = {"history": history, "code_host": host}
    result = answer(check, facts_of({}, {topic: fact for topic, fact in given_facts.items() if fact is not None}))
    assert result.outcome in {Outcome.FAILED, Outcome.NOT_CHECKED}


@given(st.none() | histories, st.integers(0, 3), st.integers(0, 20), st.integers(0, 20))
def test_the_code_host_has_the_last_word(history: History | None, required: int, recent: int, approved: int) -> None:
    """Where the code host shows the rules and the newest changes, those alone decide."""
    host = CodeHost(required_reviews=required, recent=recent, approved=min(recent, approved))
    given_facts = {"code_host": host} if history is None else {"code_host": host, "history": history}
    found = answer(check, facts_of({}, given_facts))
    assert found == answer(check, facts_of({}, {"code_host": host}))
    assert found.outcome is not Outcome.NOT_CHECKED
    assert required or found.outcome is Outcome.FAILED


def holds_back(result: Result) -> bool:
    """Whether *result* keeps an app from production."""
    return result.outcome is Outcome.NOT_CHECKED or any(finding.blocking for finding in result.findings)


@given(st.integers(0, 3), st.integers(0, 20), st.integers(0, 20), st.booleans(), st.booleans())
def test_hiding_rules_or_reviews_never_helps(
    required: int, recent: int, approved: int, rules_hidden: bool, reviews_hidden: bool
) -> None:
    """What the host shows less of never lifts what held the app back."""
    whole = CodeHost(required_reviews=required, recent=recent, approved=min(recent, approved))
    less = replace(whole, required_reviews=None) if rules_hidden else whole
    less = replace(less, recent=None, approved=None) if reviews_hidden else less
    if holds_back(answer(check, facts_of({}, {"code_host": whole}))):
        assert holds_back(answer(check, facts_of({}, {"code_host": less})))
