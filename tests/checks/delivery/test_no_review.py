"""Reviews are judged by the code host alone; a clone can only show their absence."""

from hypothesis import given
from hypothesis import strategies as st

from checks.delivery.no_review import check
from checks.evaluate import answer
from checks.example import facts_of
from checks.facts.code_host import CodeHost
from checks.facts.history import History
from checks.model import Outcome

counts = st.integers(0, 200)
histories = st.builds(
    History, st.booleans(), counts, counts, counts, counts, counts, counts, counts, counts, st.integers(0, 9)
)


@given(st.none() | histories, st.sampled_from([None, CodeHost(), CodeHost(branch_protected=True)]))
def test_a_clone_alone_never_passes(history: History | None, host: CodeHost | None) -> None:
    """Without the code host's word on required reviews, no history whatever is a pass."""
    given_facts = {"history": history, "code_host": host}
    result = answer(check, facts_of({}, {topic: fact for topic, fact in given_facts.items() if fact is not None}))
    assert result.outcome in {Outcome.FAILED, Outcome.NOT_CHECKED}


@given(st.none() | histories, st.integers(0, 3))
def test_the_code_host_has_the_last_word(history: History | None, required: int) -> None:
    """Where the code host says how many approvals a change needs, that alone decides."""
    given_facts: dict[str, object] = {"code_host": CodeHost(required_reviews=required)}
    if history is not None:
        given_facts["history"] = history
    result = answer(check, facts_of({}, given_facts))
    assert result.outcome is (Outcome.PASSED if required else Outcome.FAILED)
