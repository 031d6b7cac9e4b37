"""Syntax trees that nobody wrote are refused before anything walks them."""

from __future__ import annotations

import pytest

from checks.fact import Collector, Unreadable, all_sources
from checks.facts.code.syntax import DEEPEST, MOST_INDENTS, WIDEST, language_of, parse

HOSTILE = {
    "brackets.py": "x = " + "[" * 100_000 + "]" * 100_000,
    "brackets.js": "x = " + "[" * 100_000 + "]" * 100_000,
    "brackets.tsx": "const x = " + "[" * 100_000 + "]" * 100_000,
    "unclosed.py": "x = " + "[" * 200_000,
    "unclosed.js": "x = " + "[" * 200_000,
    "unclosed.tsx": "x = " + "(" * 200_000,
    "members.js": "x = req" + ".body" * 50_000,
    "members.py": "x = request" + ".form" * 50_000,
    "calls.ts": "app" + ".get('/a', f)" * 50_000,
    "concatenation.py": "x = request.form" + " + 'select ' + password" * 20_000,
    "concatenation.ts": "x = req.body" + " + 'select ' + password" * 20_000,
    "elements.tsx": "export default () => " + "<div>" * 50_000 + "</div>" * 50_000,
    "elements.jsx": "export default () => " + "<div a={" * 20_000 + "1" + "}></div>" * 20_000,
    "dicts.py": "users = " + '{"password":' * 50_000 + "1" + "}" * 50_000,
    "dicts.js": "users = " + "{password:" * 50_000 + "1" + "}" * 50_000,
    "types.ts": "type X = " + "A<" * 50_000 + "B" + ">" * 50_000,
    "indents.py": "".join(" " * depth + "if a == 'b':\n" for depth in range(600)) + " " * 600 + "x = 'a'\n",
}


@pytest.mark.parametrize("path", HOSTILE)
def test_what_is_nested_without_end_is_refused(path: str) -> None:
    """Nesting, chains, sums and errors of many thousand levels or pieces are refused, in every language."""
    with pytest.raises(Unreadable):
        parse(HOSTILE[path], language_of(path) or "")


@pytest.mark.parametrize("path", HOSTILE)
def test_every_collector_says_so(path: str) -> None:
    """A collector that wants such a file refuses it too, or answers without a look at its tree."""
    for source in all_sources().values():
        kind = source.kind_of(path) if isinstance(source, Collector) and not source.raw else None
        if isinstance(source, Collector) and kind is not None:
            try:
                part = source.read(HOSTILE[path], kind)
            except Unreadable:
                continue
            assert part is None or isinstance(part, source.part)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("deep.py", "x = " + "[" * (DEEPEST // 2) + "]" * (DEEPEST // 2)),
        ("deep.js", "x = a" + " + b" * (DEEPEST // 2)),
        ("broken.ts", "x = " + "[" * (WIDEST // 2)),
        ("long.py", "x = [" + "1, " * WIDEST * 2 + "]"),
        ("indents.py", "x = [\n" + "".join(" " * depth + "1,\n" for depth in range(MOST_INDENTS)) + "]\n"),
    ],
)
def test_what_is_large_and_flat_is_parsed(path: str, text: str) -> None:
    """What is several times as deep as any program seen is parsed, and so is what is long or broken."""
    assert parse(text, language_of(path) or "").root_node.descendant_count > 0
