"""What steers a model or an assistant unseen."""

from __future__ import annotations

import pytest

from checks.check import Example
from checks.example import run_example
from checks.exposure.prompt_injection_surface import check


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        (".cursorrules", "a\u200bb", True),
        (".cursor/rules/base.mdc", "a\u2066b\u2069", True),
        ("CLAUDE.md", "a\U000e0041\U000e007f", True),
        ("web/AGENTS.md", "a\u202eb", True),
        (".github/copilot-instructions.md", "a\u2060b", True),
        (".github/instructions/style.instructions.md", "a\ufeffb", True),
        ("GEMINI.md", "\ufeff# Rules", False),
        ("CLAUDE.md", "family \U0001f468\u200d\U0001f469\u200d\U0001f467 and \u2764\ufe0f", False),
        ("CLAUDE.md", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", False),
        ("CLAUDE.md", "flag \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", False),
        ("README.md", "a\u200bb", False),
    ],
)
def test_hidden_characters_in_rules(path: str, text: str, told: bool) -> None:
    """What no editor shows is told in rules files alone, and what scripts and emoji need is left alone."""
    found = run_example(check, Example({path: text})).findings
    assert [(one.line, one.blocking) for one in found] == ([(1, True)] if told else [])


@pytest.mark.parametrize(
    ("text", "blocking"),
    [
        ("exec(reply.choices[0].message.content)", [True]),
        ("cursor.execute(reply.choices[0].message.content)", [True]),
        ("os.system(reply.choices[0].message.content)", [True]),
        ("cursor.execute('INSERT INTO t VALUES (?)', (reply.choices[0].message.content,))", []),
        ("print(reply.choices[0].message.content)", []),
        ("json.loads(reply.choices[0].message.content)", []),
    ],
)
def test_running_an_answer(text: str, blocking: list[bool]) -> None:
    """Running what a model wrote holds back; storing, printing or reading it does not."""
    asked = (
        "import os\nfrom openai import OpenAI\nclient = OpenAI()\nreply = client.chat.completions.create(model='m')\n"
    )
    code = f"{asked}{text}\n"
    assert [one.blocking for one in run_example(check, Example({"app.py": code})).findings] == blocking


def test_an_answer_that_is_checked_first() -> None:
    """An answer that a function of the app has found valid is not told."""
    code = (
        "from openai import OpenAI\nclient = OpenAI()\ndef f(q):\n"
        "    sql = client.chat.completions.create(model='m').choices[0].message.content\n"
        "    if not is_safe_select(sql):\n        raise ValueError\n    return cursor.execute(sql)\n"
    )
    assert not run_example(check, Example({"app.py": code})).findings
