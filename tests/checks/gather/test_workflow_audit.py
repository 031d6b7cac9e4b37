"""zizmor is really run, in the sandbox, over files of ours; what it does not read or say is not a pass."""

import sysconfig
from pathlib import Path

import msgspec
import pytest

from checks.engine import Engine
from checks.fact import Missing
from checks.facts.delivery.workflow_audit import WorkflowAudit
from checks.gather.answers import Subject, answer
from checks.gather.workflow_audit import audit_of
from checks.sandbox import Level, program_command

INJECTED = """on: issues
jobs:
  t:
    runs-on: ubuntu-latest
    permissions: {}
    steps:
      - run: echo "${{ github.event.issue.title }}"  # zizmor: ignore[template-injection]
"""
CI = ".github/workflows/ci.yml"


@pytest.fixture
def subject(tmp_path: Path) -> Subject:
    """Give a check with an empty home."""
    return Subject(Engine(tmp_path), None, None)


async def audited(subject: Subject, files: dict[str, str]) -> WorkflowAudit:
    """Return what is answered of *files*; nothing may stay behind."""
    told = await answer(subject, "workflow_audit", msgspec.json.encode(files))
    assert not list(subject.engine.home.iterdir())
    return msgspec.json.decode(told, type=WorkflowAudit)


async def test_a_fault_is_told_with_its_file_line_and_expression(subject: Subject) -> None:
    """A remark in the workflow that asks zizmor to look away is not obeyed."""
    found = await audited(subject, {CI: "on: push\njobs: {}\n", ".github/workflows/b.yml": INJECTED})
    faults = [fault for fault in found.faults if fault.rule == "template-injection"]
    assert [(one.path, one.line, one.severity, one.about) for one in faults] == [
        (".github/workflows/b.yml", 7, "High", "github.event.issue.title")
    ]


async def test_an_action_is_audited_too(subject: Subject) -> None:
    """A composite action is told by its own path."""
    path = ".github/actions/say/action.yml"
    steps = '    - run: echo "${{ inputs.words }}"\n      shell: bash\n'
    runs = f"runs:\n  using: composite\n  steps:\n{steps}"
    text = f"name: say\ndescription: says\ninputs: {{words: {{description: w}}}}\n{runs}"
    found = await audited(subject, {path: text})
    assert ("template-injection", path, 7) in {(one.rule, one.path, one.line) for one in found.faults}
    assert not found.unseen


@pytest.mark.parametrize(
    "broken",
    ["on: push\njobs: [\n", "jobs: 3\n", "\x00jobs:\n", "jobs:\n  a: &a [*a]\n"],
    ids=["not closed", "no workflow", "nul", "endless"],
)
async def test_a_file_that_cannot_be_read_is_said(broken: str, subject: Subject) -> None:
    """Another file's faults stand, and the broken one is named, alone or beside others."""
    said = (f"{CI} is no workflow that GitHub could run",)
    beside = await audited(subject, {CI: broken, ".github/workflows/b.yml": INJECTED})
    assert (bool(beside.faults), beside.unseen) == (True, said)
    assert await audited(subject, {CI: broken}) == WorkflowAudit((), said)


@pytest.mark.parametrize("deep", ["[" * 1000, "{ " * 1000, "- " * 1000])
async def test_what_would_take_minutes_is_not_begun(deep: str, subject: Subject) -> None:
    """A file that nests without end is named, and nothing is audited."""
    with pytest.raises(Missing, match=CI):
        await audited(subject, {CI: f"jobs: {deep}"})


async def test_a_home_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """Where the files can be put nowhere, as on a full disk, nothing was audited, and the reason is the system's."""
    nowhere = Subject(Engine(tmp_path / "gone"), None, None)
    with pytest.raises(Missing, match="No such file or directory"):
        await answer(nowhere, "workflow_audit", msgspec.json.encode({CI: INJECTED}))


async def test_without_workflows_nothing_is_started(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty question is answered even where zizmor is missing; any other then says what to install."""
    monkeypatch.setattr(sysconfig, "get_path", lambda _: "/nowhere")
    assert await audited(subject, {}) == WorkflowAudit()
    with pytest.raises(Missing, match="pip install zizmor"):
        await audited(subject, {CI: INJECTED})


@pytest.mark.parametrize("question", [b"null", b'["a"]', b"{"])
async def test_a_question_of_another_shape_is_refused(question: bytes, subject: Subject) -> None:
    """A worker gone bad gets no answer."""
    with pytest.raises(Missing, match="could not be understood"):
        await answer(subject, "workflow_audit", question)


@pytest.mark.parametrize("printed", [b"", b"{}x", b"[1]", b'[{"ident": "x"}]', b'[{"locations": []}]'])
def test_an_answer_of_another_shape_is_no_pass(printed: bytes) -> None:
    """A later zizmor that speaks otherwise is not understood, and said so."""
    with pytest.raises(Missing, match="not understood"):
        audit_of(printed, "completed x/0000.yml", [CI])


@pytest.mark.parametrize("level", list(Level))
def test_the_program_is_given_one_folder(level: Level, tmp_path: Path) -> None:
    """Its last argument is the folder: as bubblewrap shows it, or as it lies."""
    command = program_command(level, "/bin/true", ["--"], tmp_path)
    assert command[-2:] == ["--", "/given" if level is Level.BUBBLEWRAP else str(tmp_path)]
    assert ("--landlock" in command) is (level is Level.LANDLOCK)
