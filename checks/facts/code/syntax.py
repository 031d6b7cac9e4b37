"""Syntax trees of source files: tree-sitter with the per-language grammars, one parse a text for all collectors."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from typing import TypeVar

import tree_sitter_javascript
import tree_sitter_python
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser, Query, QueryCursor, Tree, TreeCursor

from checks.fact import Unreadable

#: Distributions whose versions belong in the cache key of every collector that parses.
PARSERS = ("tree-sitter", "tree-sitter-python", "tree-sitter-javascript", "tree-sitter-typescript")

#: File ending -> language; .js is read with JSX, as bundlers do.
LANGUAGES = {
    ".py": "python",
    ".js": "javascript",
    ".jsx": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
}

#: Levels of one file. To ask a node for its parent costs its depth, so 200,000 brackets would cost minutes. The deepest
#: of 36,457 files of 80 repositories, bundles of a megabyte among them, has 130.
DEEPEST = 1_000
#: Nodes side by side in one ERROR, which unlike lists are not kept as a balanced tree. The widest of the same has 145.
WIDEST = 10_000
#: Different beginnings of lines in one Python file, so at least as many as levels of indentation: CPython takes 100 of
#: those, and the grammar ends the process at 511.
MOST_INDENTS = 250

State = TypeVar("State")

_NEAR, _MOST_RUNS = 10, 40  # rows between two that are searched together, and searches of one file
_INDENT = re.compile(r"^[ \t\f]+", re.MULTILINE)


def language_of(path: str) -> str | None:
    """Return the language of *path* by its ending (python, javascript, typescript, tsx), or None."""
    return LANGUAGES.get("." + path.rpartition(".")[2].lower()) if "." in path else None


def parse(text: str, language: str) -> Tree:
    """
    Return the syntax tree of *text*; raises Unreadable where nobody wrote it by hand or by any tool known.

    Tree-sitter never refuses: what it cannot read becomes ERROR nodes. Byte offsets are of the UTF-8 form. The last few
    trees are kept, so that all collectors that read the same file share one parse.
    """
    tree, hostile = _parsed(text, language)
    if hostile:
        raise Unreadable(hostile)
    return tree


@lru_cache(maxsize=2)
def _parsed(text: str, language: str) -> tuple[Tree, str]:
    """Return the syntax tree of *text*, and in words why it is not to be walked; empty for an honest one."""
    if language == "python" and len(set(_INDENT.findall(text))) > MOST_INDENTS:
        return _parser(language).parse(b""), f"its lines begin at more than {MOST_INDENTS} different columns"
    tree = _parser(language).parse(text.encode("utf-8", "replace"))
    return tree, _hostile(tree.root_node)


def _hostile(root: Node) -> str:
    """Return in words what of *root* would cost minutes; only nodes that are large enough for that are looked at."""
    stack = [(root, 1)]
    while stack:
        node, depth = stack.pop()
        if depth > DEEPEST:
            return f"its code is nested more than {DEEPEST:,} levels deep, which no program needs"
        if node.child_count > WIDEST and node.type == "ERROR":
            return "most of it is not the language that its name says"
        least = DEEPEST - depth
        if node.descendant_count > least:
            stack.extend((child, depth + 1) for child in node.children if child.descendant_count >= least)
    return ""


@cache
def _parser(language: str) -> Parser:
    grammars = {
        "python": tree_sitter_python.language,
        "javascript": tree_sitter_javascript.language,
        "typescript": tree_sitter_typescript.language_typescript,
        "tsx": tree_sitter_typescript.language_tsx,
    }
    return Parser(Language(grammars[language]()))


def walk(node: Node) -> Iterator[Node]:
    """Yield *node* and everything below it, in the order of the text; without recursion, so no depth can end it."""
    cursor = node.walk()  # lists of children would be kept by each node: ten times the memory of the file's text
    going = True
    while going:
        yield _at(cursor)
        going = cursor.goto_first_child() or _next(cursor)


def descend(root: Node, state: State, visit: Callable[[Node, State], State | None], most: int) -> bool:
    """
    Call *visit* for the named nodes from *root* down, in the order of the text, with what it gave for the node above.

    *state* is for *root*; None leaves out what is below a node. Returns whether the walk ended early, after *most*.
    """
    cursor, above, count = root.walk(), [state], 0
    while True:
        node = _at(cursor)
        below = None
        if node.is_named:
            if count == most:
                return True
            count += 1
            below = visit(node, above[-1])
        if below is not None and cursor.goto_first_child():
            above.append(below)
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return False
            above.pop()


def _at(cursor: TreeCursor) -> Node:
    node = cursor.node
    assert node is not None  # a cursor stands on a node from its making on
    return node


def _next(cursor: TreeCursor) -> bool:
    """Go on to what follows in the text and is not below; False where the walk's root ends."""
    while not cursor.goto_next_sibling():
        if not cursor.goto_parent():
            return False
    return True


def text_of(node: Node | None) -> str:
    """Return the source text of *node*; empty for None."""
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""


def line_of(node: Node) -> int:
    """Return the line *node* starts at, from 1."""
    return node.start_point[0] + 1


def nodes_of(text: str, language: str, query: str) -> list[Node]:
    """Return the nodes of *text* that *query* captures as `@it`, in the order of the text; the search runs in C."""
    found = QueryCursor(_query(language, query)).captures(parse(text, language).root_node).get("it", [])
    return sorted(found, key=lambda node: (node.start_byte, -node.end_byte))


def nodes_on(text: str, language: str, query: str, rows: Sequence[int]) -> list[Node]:
    """As `nodes_of`, but those alone that stand on one of the sorted *rows*: the search leaves out the rest."""
    found: dict[int, Node] = {}
    for first, last in _runs_of(rows):
        cursor = QueryCursor(_query(language, query))
        cursor.set_point_range((first, 0), (last + 1, 0))
        found.update((node.id, node) for node in cursor.captures(parse(text, language).root_node).get("it", []))
    standing = (node for node in found.values() if touches(node, rows))
    return sorted(standing, key=lambda node: (node.start_byte, -node.end_byte))


def touches(node: Node, rows: Sequence[int]) -> bool:
    """Whether *node* stands on one of the sorted *rows*."""
    place = bisect_left(rows, node.start_point[0])
    return place < len(rows) and rows[place] <= node.end_point[0]


def _runs_of(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return *rows* as a few runs from the first to the last row: each costs a search of its own from the top."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and row - runs[-1][1] <= _NEAR:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs if len(runs) <= _MOST_RUNS else [(runs[0][0], runs[-1][1])]


@cache
def _query(language: str, query: str) -> Query:
    language_of_parser = _parser(language).language
    assert language_of_parser is not None
    return Query(language_of_parser, query)
