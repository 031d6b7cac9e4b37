"""GitHub's API over real https on loopback: what it tells becomes facts, and what it does not tell a sentence."""

import asyncio
from dataclasses import replace

import msgspec
import pytest
from aiohttp import web

from checks.engine import Engine
from checks.fact import Missing
from checks.facts.delivery.code_host import CodeHost as Told
from checks.gather.address import Address
from checks.gather.answers import Subject, answer
from checks.gather.github import LARGEST
from tests.code_host import CodeHost
from tests.github_api import API, REPOSITORY, Api, check_run, pull, review, well_run

TOKEN = "github_pat_11AAAAAAA0abcdefghijkl"
LINE = [f"{number:x}" * 40 for number in range(10, 15)]
HEAD = f"{1:040x}"  # of the pull request that brought the newest commit
RULES = "/rules/branches/main"


@pytest.fixture
def api(host: CodeHost) -> Api:
    """Give the API about a well-run repository of five commits."""
    api = well_run(host, LINE)
    host.answer = api.answer
    return api


@pytest.fixture
def subject(engine: Engine, host: CodeHost) -> Subject:
    """Give the newest commit of that repository, with a token that may be used."""
    known = replace(engine, token=TOKEN, token_host=host.host, github_api=f"https://{host.host}{API}")
    return Subject(known, Address(host.host, REPOSITORY), LINE[0], with_token=True)


async def told(subject: Subject) -> Told:
    """Return the answer about *subject*, which never holds the token."""
    raw = await answer(subject, "code_host", b"null")
    assert TOKEN.encode() not in raw
    return msgspec.json.decode(raw, type=Told)


async def test_a_well_run_repository_is_told_whole(api: Api, subject: Subject) -> None:
    """Rules, reviews and CI are all told, and the token stands in the header of each question and nowhere else."""
    assert await told(subject) == Told(
        required_reviews=1, branch_protected=True, ci_passed=True, ci_ran=2, ci_workflows=2, recent=5, approved=5
    )
    assert {request.headers["Authorization"] for request in api.asked} == {f"Bearer {TOKEN}"}
    assert not any(TOKEN in str(request.url) for request in api.asked)


HIDDEN = "GitHub would not show branch protection to this token: give it Administration: read"
PROTECTED = {RULES: [], "/branches/main": {"protected": True}}
CLASSIC = "/branches/main/protection"
TWO = {"required_pull_request_reviews": {"required_approving_review_count": 2}}


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({RULES: [], "/branches/main": {"protected": False}}, (0, False, "")),
        ({RULES: [{"type": "deletion"}]}, (0, True, "")),
        (
            PROTECTED | {CLASSIC: TWO},
            (2, True, ""),
        ),
        (PROTECTED | {CLASSIC: {"required_status_checks": {"strict": True}}}, (0, True, "")),
        (PROTECTED | {CLASSIC: 403}, (None, True, HIDDEN)),
        (PROTECTED | {CLASSIC: 404}, (None, True, HIDDEN)),
    ],
    ids=["no rule", "a ruleset without reviews", "classic", "classic without reviews", "refused", "hidden"],
)
async def test_the_rules_of_the_branch(
    answers: dict[str, object], says: tuple[int | None, bool, str], api: Api, subject: Subject
) -> None:
    """Rulesets and the older branch protection both count; what may not be seen is None, with what to grant."""
    api.answers |= answers
    found = await told(subject)
    assert (found.required_reviews, found.branch_protected, found.reviews_untold) == says


@pytest.mark.parametrize(
    ("reviews", "approved"),
    [
        ([], 4),
        ([review("ann", "APPROVED")], 4),
        ([review("rabbit[bot]", "APPROVED", "Bot")], 4),
        ([review("bo", "COMMENTED")], 4),
        ([review("bo", "APPROVED"), review("bo", "CHANGES_REQUESTED")], 4),
        ([review("bo", "DISMISSED")], 4),
        ([review("bo", "CHANGES_REQUESTED"), review("bo", "APPROVED"), review("bo", "COMMENTED")], 5),
        ([{"user": None, "state": "APPROVED"}, review("cy", "APPROVED")], 5),
    ],
)
async def test_an_approval_is_another_persons_last_word(
    reviews: list[object], approved: int, api: Api, subject: Subject
) -> None:
    """The author's own, a bot's, a withdrawn approval and a mere comment are none."""
    api.answers["/pulls/1/reviews"] = reviews
    assert (await told(subject)).approved == approved


async def test_commits_that_came_past_pull_requests_are_not_approved(api: Api, subject: Subject) -> None:
    """A direct push has no pull request, or one that was never merged; several commits of one request count each."""
    api.answers[f"/commits/{LINE[0]}/pulls"] = []
    api.answers[f"/commits/{LINE[1]}/pulls"] = [pull(2, HEAD, merged_at=None)]
    api.answers[f"/commits/{LINE[3]}/pulls"] = [pull(3, HEAD)]
    found = await told(subject)
    assert (found.recent, found.approved) == (5, 3)


async def test_what_a_merge_brought_along_is_reviewed_with_the_merge(api: Api, subject: Subject) -> None:
    """Only the branch's own line is counted, and at most twenty commits of it."""
    own, side = [f"{number:040x}" for number in range(100, 130)], [f"{number:040x}" for number in range(200, 230)]
    api.answers["/commits"] = [
        entry
        for number in range(29)
        for entry in (
            {"sha": own[number], "parents": [{"sha": own[number + 1]}, {"sha": side[number]}]},
            {"sha": side[number], "parents": [{"sha": own[number + 1]}]},
        )
    ]
    api.answers |= {f"/commits/{sha}/pulls": [pull(1, HEAD)] for sha in own}
    found = await told(replace(subject, revision=own[0]))
    assert (found.recent, found.approved) == (20, 20)
    assert not any(sha in request.path for request in api.asked for sha in side)


@pytest.mark.parametrize(
    ("here", "says"),
    [
        ([check_run("test", "failure"), check_run("lint")], (False, 2, ("test",), "")),
        ([check_run("test", "timed_out"), check_run("test", "cancelled")], (False, 2, ("test",), "")),
        ([check_run("test"), check_run("docs", "skipped"), check_run("size", "neutral")], (True, 1, (), "")),
        ([check_run("test"), check_run("Dependabot", "failure")], (True, 1, (), "")),
        ([check_run("test"), check_run("deploy", None, "waiting")], (True, 1, (), "")),
        (
            [check_run("test"), check_run("slow", None, "in_progress")],
            (None, 1, (), "CI still runs (slow): check again when it is done"),
        ),
        ([], (None, 0, (), "")),
    ],
    ids=["failed", "never ended", "skipped", "not of the code", "waits for a person", "still running", "nothing ran"],
)
async def test_what_ran_on_the_revision(
    here: list[object], says: tuple[bool | None, int, tuple[str, ...], str], api: Api, subject: Subject
) -> None:
    """Only what ran to its end is a verdict on the code: one failure is one too many, and nothing is not a pass."""
    api.answers[f"/commits/{LINE[0]}/check-runs"] = {"total_count": len(here), "check_runs": here}
    found = await told(subject)
    assert (found.ci_passed, found.ci_workflows, found.ci_failed, found.ci_untold) == says


@pytest.mark.parametrize("conclusion", ["success", "failure"])
async def test_what_ran_on_the_pull_request_counts_where_nothing_ran_since(
    conclusion: str, api: Api, subject: Subject
) -> None:
    """A workflow of pull requests alone runs on the request's own commit; a preview of the merge is not it."""
    preview = check_run("Vercel", app="vercel")
    api.answers[f"/commits/{LINE[0]}/check-runs"] = {"total_count": 1, "check_runs": [preview]}
    api.answers[f"/commits/{HEAD}/check-runs"] = {"total_count": 1, "check_runs": [check_run("test", conclusion)]}
    api.answers[f"/commits/{HEAD}/status"] = {"total_count": 0, "statuses": []}
    found = await told(subject)
    assert (found.ci_passed, found.ci_ran, found.ci_workflows) == (conclusion == "success", 2, 1)


async def test_statuses_of_other_systems_count(api: Api, subject: Subject) -> None:
    """A system that reports by commit statuses is heard like one that reports by checks."""
    api.answers[f"/commits/{LINE[0]}/status"] = {
        "total_count": 2,
        "statuses": [{"context": "jenkins", "state": "error"}, {"context": "ci/circleci", "state": "success"}],
    }
    found = await told(subject)
    assert (found.ci_passed, found.ci_ran, found.ci_failed) == (False, 4, ("jenkins",))


async def test_a_token_that_may_not_see_checks_sees_the_workflows(api: Api, subject: Subject) -> None:
    """Where checks are refused the runs of workflows are asked for, but for those that GitHub starts by itself."""
    api.answers[f"/commits/{LINE[0]}/check-runs"] = 403
    runs = [
        {"name": "CI", "status": "completed", "conclusion": "success", "event": "push"},
        {"name": "pages", "status": "completed", "conclusion": "failure", "event": "dynamic"},
    ]
    api.answers["/actions/runs"] = {"total_count": 2, "workflow_runs": runs}
    found = await told(subject)
    assert (found.ci_passed, found.ci_workflows, found.ci_untold) == (True, 1, "")
    api.answers["/actions/runs"] = 403
    hidden = await told(subject)
    assert (hidden.ci_passed, hidden.ci_ran) == (None, None)
    assert hidden.ci_untold == "GitHub would not show what CI ran to this token: give it Actions: read"


async def test_more_checks_than_one_page_are_no_pass(api: Api, subject: Subject) -> None:
    """Where not all checks were read, the rest may have failed."""
    api.answers[f"/commits/{LINE[0]}/check-runs"] = {"total_count": 101, "check_runs": [check_run("test")]}
    found = await told(subject)
    assert (found.ci_passed, found.ci_untold) == (
        None,
        "more than 100 checks ran on the revision: not all were read",
    )


@pytest.mark.parametrize(
    ("status", "headers", "says"),
    [
        (401, {}, "GitHub does not accept the token: renew GROUNDCREW_GITHUB_TOKEN"),
        (403, {}, "GitHub would not show the repository to this token: give it access to it, with Metadata: read"),
        (404, {}, "GitHub would not show the repository to this token: give it access to it, with Metadata: read"),
        (403, {"X-RateLimit-Remaining": "0"}, "GitHub asks us to come back later (403): check again in an hour"),
        (429, {}, "GitHub asks us to come back later (429): check again in an hour"),
        (403, {"X-GitHub-SSO": "required; url=..."}, "the organisation wants the token authorised"),
        (301, {"Location": "/elsewhere"}, "GitHub says that the repository has moved: give its new address"),
        (503, {}, "GitHub has a fault of its own (503): check again later"),
        (418, {}, "GitHub answered with status 418 when asked for the repository: check again later"),
    ],
)
async def test_a_refusal_says_what_to_grant_or_do(
    status: int, headers: dict[str, str], says: str, api: Api, subject: Subject
) -> None:
    """Every refusal is a sentence that says what to do; no redirect is followed, and the rest is still told."""
    api.answers[""] = web.json_response({"message": TOKEN}, status=status, headers=headers)
    found = await told(subject)
    assert found.reviews_untold.startswith(says)
    assert (found.required_reviews, found.ci_passed, found.recent) == (None, True, 5)
    assert not any("elsewhere" in request.path for request in api.asked)


async def test_pull_requests_that_are_hidden_leave_the_rest(api: Api, subject: Subject) -> None:
    """One refused question ends its own part alone."""
    api.answers[f"/commits/{LINE[2]}/pulls"] = 403
    found = await told(subject)
    assert (found.required_reviews, found.ci_passed, found.recent) == (1, True, None)
    assert found.reviews_untold == (
        "GitHub would not show the pull requests to this token: give it Pull requests: read"
    )


@pytest.mark.parametrize("body", [b"<html>", b'{"default_branch": 7}', b"[]", b"\x1f\x8b packed", b'"' * (LARGEST + 1)])
async def test_an_answer_of_another_shape_is_none(body: bytes, api: Api, subject: Subject) -> None:
    """What is no JSON, not of the expected shape, or far too large is told as such."""
    api.answers[""] = web.Response(body=body, content_type="application/json")
    found = await told(subject)
    assert found.required_reviews is None
    assert found.reviews_untold.startswith("GitHub's answer about the repository ")


async def test_a_part_that_never_answers_leaves_what_was_told_in_time(
    api: Api, host: CodeHost, subject: Subject
) -> None:
    """At the deadline the parts that were told stand, and the others say that there was no answer."""

    async def stall(request: web.BaseRequest) -> web.StreamResponse:
        if "check-runs" in request.path:
            await asyncio.Event().wait()
        return await api.answer(request)

    host.answer = stall
    brisk = replace(subject.engine, limits=replace(subject.engine.limits, answer_s=1))
    found = await told(replace(subject, engine=brisk))
    assert (found.required_reviews, found.approved, found.ci_passed) == (1, 5, None)
    assert found.ci_untold == "GitHub did not tell within 1 s: check again later"


async def test_an_api_inside_the_network_is_not_asked(api: Api, subject: Subject) -> None:
    """The API's machine must be one that may be asked, and its certificate one that is known."""
    closed = replace(subject.engine, allow_cidrs=())
    assert "inside this network" in (await told(replace(subject, engine=closed))).ci_untold
    unknown = replace(subject.engine, ca_file=None)
    assert "certificate" in (await told(replace(subject, engine=unknown))).ci_untold
    nowhere = replace(subject.engine, github_api="https://localhost:1/api/v3")
    assert "cannot be reached" in (await told(replace(subject, engine=nowhere))).ci_untold
    assert not api.asked


async def test_there_is_one_question_alone(api: Api, subject: Subject) -> None:
    """A worker that makes up questions of its own has nobody asked."""
    with pytest.raises(Missing):
        await answer(subject, "code_host", b"[1]")
    assert not api.asked


async def test_nobody_is_asked_without_leave(api: Api, subject: Subject) -> None:
    """A clone, another host, a missing token and a token that may not be used each say what to connect."""
    for other, says in (
        (replace(subject, address=None), "cannot be seen in a clone: the code host was not asked"),
        (replace(subject, address=Address("gitlab.com", "a/b")), "gitlab.com cannot be asked"),
        (replace(subject, engine=replace(subject.engine, token=None)), "GitHub is not connected"),
        (replace(subject, with_token=False), "once an admin has let the bot"),
        (replace(subject, address=Address(subject.engine.token_host, "a/b/c")), "not that of a repository"),
    ):
        found = await told(other)
        assert not found.asked
        assert says in found.reviews_untold
        assert says in found.ci_untold
    assert not api.asked
