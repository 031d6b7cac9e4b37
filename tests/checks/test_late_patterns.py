"""Patterns of ours become patterns when they are used; those of others are made at once."""

import re
from types import ModuleType

import pytest
import re2

from checks.late_patterns import LatePattern, late_patterns

SOURCE = "import re, re2\nWORD = re.compile('(?P<word>a+)', flags=re.I)\nFAST = re2.compile('b+')\nBAD = '('\n"


def executed(name: str, source: str) -> ModuleType:
    """Return a module *name* made of *source* while patterns are late."""
    module = ModuleType(name)
    with late_patterns():
        exec(source, module.__dict__)  # noqa: S102 - it stands above
    return module


def test_a_late_pattern_answers_as_the_real_one() -> None:
    """Every method, and what else a pattern has, is that of the pattern it stands for."""
    module = executed("checks.made", SOURCE)
    real = re.compile("(?P<word>a+)", re.IGNORECASE)
    assert isinstance(module.WORD, LatePattern)
    assert module.WORD.findall("xAax a") == real.findall("xAax a") == ["Aa", "a"]
    assert module.WORD.sub("-", "xax") == "x-x"
    assert (module.WORD.pattern, module.WORD.flags, module.WORD.groupindex) == (
        real.pattern,
        real.flags,
        real.groupindex,
    )
    assert module.FAST.search("abb").group() == "bb"


def test_patterns_of_others_are_made_at_once() -> None:
    """A module of another package gets a real pattern, and hears of a faulty one when it is loaded."""
    assert isinstance(executed("other.made", SOURCE).WORD, re.Pattern)
    with pytest.raises(re.error):
        executed("other.made", SOURCE + "re.compile(BAD)\n")


def test_a_faulty_late_pattern_fails_at_its_first_use() -> None:
    """What is wrong with it is raised where it is used, and at each use."""
    module = executed("checks.made", SOURCE + "LATE = re.compile(BAD)\n")
    for _ in range(2):
        with pytest.raises(re.error):
            module.LATE.search("x")


def test_afterwards_all_is_as_it_was() -> None:
    """Behind the context modules of ours get real patterns again."""
    with late_patterns():
        pass
    made: dict[str, object] = {"__name__": "checks.made"}
    exec(SOURCE, made)  # noqa: S102 - it stands above
    assert isinstance(made["WORD"], re.Pattern)
    assert isinstance(made["FAST"], re2._Regexp)
