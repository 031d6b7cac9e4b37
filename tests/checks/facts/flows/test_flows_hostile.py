"""What hostile files do to the following of values: nothing but be read."""

from __future__ import annotations

import pytest

from checks.facts.flows import acting_agents, hidden_text, paid_calls, raw_templates
from checks.facts.flows.file_flows import read
from checks.facts.flows.reading import read_flows

_MANY = 450  # levels: what is deeper is not parsed at all
TEXTS = {
    "sums without end": ("python", "request = f()\nexecute('SELECT ' " + "+ a " * _MANY + ")\n"),
    "brackets": ("python", "query(" + "(" * _MANY + ")" * _MANY + ")\n"),
    "calls of calls": ("javascript", "query(" * _MANY + "req.body.a" + ")" * _MANY + ";\n"),
    "members of members": ("javascript", "query(req.body" + ".a" * _MANY + ");\n"),
    "names that lead to themselves": (
        "python",
        "def f(request):\n" + "    a = b\n    b = a\n" * 2_000 + "    eval(a)\n",
    ),
    "one name, bound again and again": ("python", "def f(request):\n" + "    a = a + 'x'\n" * 5_000 + "    eval(a)\n"),
    "functions in functions": ("javascript", "function f(req) {" * 300 + "eval(req.body.a)" + "}" * 300),
    "arrows in arrows": ("typescript", "const f = " + "(req) => " * _MANY + "eval(req.body.a);\n"),
    "conditions": ("javascript", "function f(req) {" + "if (req.body.a) { eval(req.body.b); }" * 3_000 + "}"),
    "templates in templates": ("javascript", "req; eval(" + "`${" * _MANY + "req.body.a" + "}`" * _MANY + ");"),
    "patterns in patterns": ("javascript", "const " + "{a: " * _MANY + "b" + "}" * _MANY + " = req.body; eval(b);"),
    "broken": ("python", "def f(request:\n  eval(request.args[\n class @@@ ((("),
    "one long line": ("javascript", "req; x = '" + "a" * 1_000_000 + "'; eval(x + req.body.a);"),
}


@pytest.mark.parametrize(("language", "text"), TEXTS.values(), ids=TEXTS.keys())
def test_is_read_to_its_end(language: str, text: str) -> None:
    """No shape of a file ends the reading with an error; what is found is bounded."""
    part = read_flows(text, language)
    assert part is None or (len(part.reaches) <= 600 and len(part.handed) <= 400)
    assert paid_calls.read(text + "\nopenai", language) is None or True
    read(text, language)


@pytest.mark.parametrize(
    "line",
    ["{{" * 50_000, "{{ a |" * 20_000, "<%-" * 50_000, "{%" * 50_000, "\u200b" * 50_000, "create_sql_agent(" * 9_000],
)
def test_patterns_take_long_lines(line: str) -> None:
    """Patterns over lines of templates, rules and agents read what never closes."""
    for kind in ("jinja", "ejs", "handlebars", "vue", "svelte", "code"):
        found = raw_templates.read(f"<p>\n{line}\n", kind)
        assert found is None or len(found.places) <= 50
    assert len(hidden_text.read(line, "rules").places) <= 50
    agents = acting_agents.read(line, "python")
    assert agents is None or len(agents.agents) <= 50
