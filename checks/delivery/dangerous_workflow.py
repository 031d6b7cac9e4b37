"""
A workflow gives strangers the repository's rights.

A workflow is a program with the keys to the code and often to production. Where anybody who opens an issue or a pull
request can put words or code of theirs into it, they hold those keys. The workflows are audited by zizmor
(https://docs.zizmor.sh); what it finds is told as advice, and holds the app back where a stranger can start the
workflow with the repository's own rights and nothing asks who they are: because their text becomes part of a command,
or because their code is fetched and run.

## How to fix

Run what tests a pull request on `pull_request`, which gives strangers' code no secrets, and keep `pull_request_target`
for what never fetches that code. Hand texts of events to scripts through `env:`, never as `${{ }}` within `run:`. Give
each workflow `permissions: contents: read` and pin the actions of others to a commit.

## Fix prompt

The GitHub workflows listed below are dangerous. Change them so that code from a pull request is never fetched or run
under `pull_request_target`, `workflow_run` or `issue_comment`: use `pull_request` for tests and builds. Replace every
`${{ github.event... }}` and `${{ github.head_ref }}` within a `run:` block by an environment variable set in `env:` and
quoted in the script. Add `permissions: contents: read` at the top of each workflow and give single jobs only what they
need. Pin third-party actions to a full commit id with the version in a comment, and set `persist-credentials: false` on
checkouts that push nothing. Do not change what the workflows achieve.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable, NotChecked
from checks.facts.delivery.foreign_code import ForeignCode, Job, Opened
from checks.facts.delivery.workflow_audit import Fault, WorkflowAudit
from checks.facts.delivery.workflow_texts import WorkflowTexts
from checks.facts.delivery.workflows import Workflows
from checks.model import Confidence, Finding, Outcome, Placement, Severity

#: What a stranger writes; https://securitylab.github.com/resources/github-actions-untrusted-input/.
_STRANGERS_TEXT = re.compile(
    r"github\.head_ref|github\.event\.(?:issue|pull_request|comment|review|discussion|workflow_run)\b[\w.\[\]*'-]*"
    r"\.(?:title|body|label|ref|default_branch|head_branch|message|name|email|display_title)\b"
)
#: zizmor's rules in plain words; a rule that is not here is told in zizmor's own.
_WORDS = {
    "artipacked": "leaves the repository's token on disk, where later steps and uploads can read it",
    "bot-conditions": "trusts a name that anybody can take on",
    "cache-poisoning": "publishes what it builds with a cache that other runs can write",
    "dangerous-triggers": "runs with the repository's own rights on an event that strangers can cause",
    "excessive-permissions": "gives its token more rights than its work needs",
    "github-env": "lets others' text set the environment of the steps that follow",
    "hardcoded-container-credentials": "holds the password of a container registry",
    "overprovisioned-secrets": "hands all secrets to one step",
    "secrets-inherit": "hands all secrets to another workflow",
    "self-hosted-runner": "runs on a machine of your own",
    "template-injection": "puts an expression into a command, whose text can become part of it",
    "unpinned-images": "runs a container image whose content can change under its name",
    "unpinned-uses": "runs an action that is not pinned to a commit, so its owner can change what runs here",
    "unredacted-secrets": "takes a secret apart, so that logs no longer hide it",
    "unsound-condition": "has a condition that is always true",
}
_SEVERITY = {"High": Severity.MEDIUM, "Medium": Severity.LOW, "Low": Severity.LOW}  # of advice
_CONFIDENCE = {"High": Confidence.HIGH, "Medium": Confidence.MEDIUM}
#: Told once a repository: whoever has the habit has it in every workflow.
_HABITS = {"artipacked", "cache-poisoning", "excessive-permissions", "unpinned-images", "unpinned-uses"}
_IDLE = {"self-repository", "superfluous-actions", "undocumented-permissions", "concurrency-limits"}  # matters of taste

_PR = "on: pull_request_target\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n"
_HEAD = "      - uses: actions/checkout@v4\n        with: {ref: '${{ github.event.pull_request.head.sha }}'}\n"
_TESTED = {".github/workflows/pr.yml": f"{_PR}{_HEAD}      - run: npm ci && npm test\n"}
_ASKING = _PR.replace(
    "    steps", "    if: github.event.pull_request.head.repo.full_name == github.repository\n    steps"
)
_TRIAGE = {
    ".github/workflows/triage.yml": "on: issues\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n"
    '      - run: echo "${{ github.event.issue.title }}"\n'
}
_INJECTED = Fault(
    "template-injection", ".github/workflows/triage.yml", 6, "High", "High", "", "github.event.issue.title"
)
_TRIGGER = Fault("dangerous-triggers", ".github/workflows/pr.yml", 1, "High", "Medium", "")
_CI = {".github/workflows/ci.yml": "on: push\njobs:\n  t:\n    steps:\n      - uses: actions/checkout@v4\n"}
_UNPINNED = Fault("unpinned-uses", ".github/workflows/ci.yml", 5, "High", "High", "", "actions/checkout@v4")
_NONE = WorkflowAudit()

check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.ISOLATED,
    examples=(
        Bad(
            _TESTED,
            given={"workflow_audit": WorkflowAudit((_TRIGGER,))},
            says="fetches the code of a pull request and runs it",
            line=6,
        ),
        Bad(
            _TRIAGE,
            given={"workflow_audit": WorkflowAudit((_INJECTED,))},
            says="puts github.event.issue.title, which anybody can write, into a command",
            line=6,
        ),
        Bad(  # the workflow's own action fetches it
            {
                ".github/workflows/pr.yml": f"{_PR}      - uses: ./.github/actions/fetch\n      - run: make\n",
                ".github/actions/fetch/action.yml": "runs:\n  using: composite\n  steps:\n" + _HEAD,
            },
            given={"workflow_audit": _NONE},
            line=6,
        ),
        Bad(_CI, given={"workflow_audit": WorkflowAudit((_UNPINNED,))}, says="not pinned to a commit", line=5),
        Bad(  # it asks who it was: advice
            {".github/workflows/pr.yml": f"{_ASKING}{_HEAD}      - run: npm test\n"},
            given={"workflow_audit": WorkflowAudit((_TRIGGER,))},
            says="an event that strangers can cause",
        ),
        Bad(  # writers alone can cause it: advice
            {".github/workflows/triage.yml": _TRIAGE[".github/workflows/triage.yml"].replace("issues", "push")},
            given={"workflow_audit": WorkflowAudit((_INJECTED,))},
            says="whose text can become part of it",
        ),
        Good(_CI, given={"workflow_audit": _NONE}),
        Good(
            _CI,
            given={"workflow_audit": WorkflowAudit((), (".github/workflows/ci.yml is no workflow",))},
            outcome=Outcome.NOT_CHECKED,
            says="is no workflow",
        ),
        Good(_CI, outcome=Outcome.NOT_CHECKED),
        Good(
            {".gitlab-ci.yml": "t:\n  script: pytest\n"}, given={"workflow_audit": _NONE}, outcome=Outcome.NOT_CHECKED
        ),
        Good({"app.py": ""}, given={"workflow_audit": _NONE}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(texts: WorkflowTexts, audit: WorkflowAudit, foreign: ForeignCode, workflows: Workflows) -> Iterator[Finding]:
    """Yield what hands a stranger the repository's rights first, then what the audit advises."""
    others = [pipeline.path for pipeline in workflows.pipelines if pipeline.path not in texts.texts]
    if not texts.texts and not others:
        raise NotApplicable("there are no workflows")
    for path, opened in foreign.workflows.items():
        yield from (_run_by_strangers(path, opened, job) for job in opened.jobs if _is_open(job))
    injected = [fault for fault in audit.faults if _is_injected(fault, foreign)]
    for fault in injected:
        said = f"puts {fault.about}, which anybody can write, into a command that has the repository's rights"
        yield _finding(fault, f"The workflow {said}", blocking=True, identity=f"{fault.rule} {fault.about}")
    advised: dict[tuple[str, str], list[Fault]] = {}
    for fault in audit.faults:
        if fault not in injected and fault.severity in _SEVERITY and fault.rule not in _IDLE:
            advised.setdefault((fault.rule, "" if fault.rule in _HABITS else fault.path), []).append(fault)
    yield from map(_advice, advised.values())
    if others and not texts.texts:
        raise NotChecked(f"only workflows of GitHub can be audited, not {others[0]}", allows=Placement.PRODUCTION)


def _is_open(job: Job) -> bool:
    return job.fetches is not None and job.runs and not job.guarded


def _run_by_strangers(path: str, opened: Opened, job: Job) -> Finding:
    return Finding(
        "The workflow fetches the code of a pull request and runs it with the repository's own rights and secrets, "
        f"whoever wrote it (it starts on {', '.join(opened.starts)})",
        path=path,
        line=job.fetches,
        kind="foreign-code",
        severity=Severity.HIGH,
        identity=f"foreign-code {', '.join(opened.starts)}",
    )


def _is_injected(fault: Fault, foreign: ForeignCode) -> bool:
    """Whether *fault* puts a stranger's text into a command of a workflow that they can start, and nobody asks who."""
    opened = foreign.workflows.get(fault.path)
    if fault.rule != "template-injection" or opened is None or not _STRANGERS_TEXT.search(fault.about):
        return False
    job = opened.job_at(fault.line)
    return job is not None and not job.guarded


def _advice(faults: list[Fault]) -> Finding:
    """Return what is to be said of *faults*, all of one rule, at the first of them."""
    first, files = faults[0], len({fault.path for fault in faults})
    about = f" ({first.about})" if first.about else ""
    elsewhere = f" in {files} files" if files > 1 else ""
    also = f": {len(faults)} places{elsewhere}" if len(faults) > 1 else ""
    words = _WORDS.get(first.rule)
    said = f"{f'The workflow {words}' if words else first.said}{about}{also} [zizmor: {first.rule}]"
    return _finding(first, said, blocking=False, identity=first.rule)


def _finding(fault: Fault, said: str, *, blocking: bool, identity: str) -> Finding:
    return Finding(
        said,
        path=fault.path,
        line=fault.line,
        kind=fault.rule,
        severity=Severity.HIGH if blocking else _SEVERITY[fault.severity],
        confidence=_CONFIDENCE.get(fault.confidence, Confidence.LOW),
        blocking=blocking,
        identity=identity,
    )
