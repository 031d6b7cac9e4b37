"""Who the repository says answers for its code."""

import pytest

from checks.example import facts_of
from checks.facts.delivery.ownership_file import OwnershipFile


def ownership(files: dict[str, str]) -> OwnershipFile:
    """The fact for *files*."""
    fact = facts_of(files).get(OwnershipFile).value
    assert isinstance(fact, OwnershipFile)
    return fact


@pytest.mark.parametrize("path", ["CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"])
def test_the_places_that_code_hosts_read(path: str) -> None:
    """CODEOWNERS counts in the places where GitHub or GitLab reads it, and nowhere else."""
    assert ownership({path: "* @ann\n"}).naming == (path,)
    assert ownership({f"web/{path}": "* @ann\n"}).naming == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("* @ann", True),
        ("/api/  @acme/platform @bo", True),
        ("*.py ann.bauer@acme.example", True),
        ("[Docs] @ann\n/docs/", True),
        ("# * @ann", False),
        ("*\n/api/", False),
        ("* @your-org/your-team", False),
        ("* @username", False),
        ("node_modules/@types/ # nobody", False),
        ("", False),
    ],
)
def test_a_rule_names_somebody_or_nobody(text: str, names: bool) -> None:
    """A comment, a rule without an owner and a template's placeholder name nobody."""
    assert bool(ownership({"CODEOWNERS": text}).naming) is names


def test_lists_of_maintainers_count() -> None:
    """OWNERS and MAINTAINERS in the root count where they name anybody."""
    fact = ownership(
        {"MAINTAINERS": "Ann Bauer <ann@acme.example>\n", "OWNERS": "# to do\n", "docs/MAINTAINERS.md": "-\n"}
    )
    assert (fact.naming, set(fact.empty)) == (("MAINTAINERS",), {"OWNERS", "docs/MAINTAINERS.md"})
