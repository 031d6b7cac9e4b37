"""
setup.py and setup.cfg of setuptools, read as text: the requirements that stand there written out.

setup.py is a program. It is parsed and never run; a list that it computes is said to be open.
"""

from __future__ import annotations

from collections.abc import Iterator

from packaging.utils import canonicalize_name
from tree_sitter import Node

from checks.facts.code.literals import callee_of, keyword_of, string_of
from checks.facts.code.syntax import line_of, parse, text_of, walk
from checks.facts.packages.manifests.requirements import requirement
from checks.facts.packages.packages import Declared, Manifest, Skip, is_dev

_COMPUTED = "what it asks for is computed when the package is built"
_SAYS = ("classifiers", "url", "project_urls")  # to the index: what a package made to be published has


def read(text: str, kind: str) -> Manifest:
    """Return what *text* asks for, as *kind* setup.py or setup.cfg."""
    if kind == "setup.cfg":
        return _setup_cfg(text, kind)
    root = parse(text, "python").root_node
    call = next((node for node in walk(root) if node.type == "call" and _is_setup(node)), None)
    if call is None:
        return Manifest(kind)
    found = [*_of_keyword(call, "install_requires", root), *_of_extras(call, root)]
    library = any(keyword_of(call, name) is not None for name in _SAYS)
    return _manifest(kind, found, string_of(keyword_of(call, "name")) or "", library=library)


def _is_setup(call: Node) -> bool:
    return callee_of(call).rpartition(".")[2] == "setup"


def _of_keyword(call: Node, name: str, root: Node) -> Iterator[Declared | Skip]:
    given = keyword_of(call, name)
    if given is not None:
        yield from _listed(_settled(given, root), line_of(given), dev=False)


def _of_extras(call: Node, root: Node) -> Iterator[Declared | Skip]:
    given = keyword_of(call, "extras_require")
    extras = _settled(given, root) if given is not None else None
    for pair in extras.named_children if extras is not None and extras.type == "dictionary" else ():
        if pair.type == "pair":
            name = string_of(pair.child_by_field_name("key")) or ""
            value = pair.child_by_field_name("value")
            if value is not None:
                # An extra is what others may choose; one that is computed leaves nothing open of what runs.
                found = _listed(_settled(value, root), line_of(pair), dev=is_dev(name))
                yield from (one for one in found if isinstance(one, Declared))


def _settled(node: Node, root: Node) -> Node:
    """Return what the name *node* was given at the top of the file, or *node* itself."""
    if node.type != "identifier":
        return node
    name = text_of(node)
    for statement in root.named_children:
        assignment = statement.named_children[0] if statement.type == "expression_statement" else None
        if assignment is None or assignment.type != "assignment":
            continue
        if text_of(assignment.child_by_field_name("left")) == name:
            return assignment.child_by_field_name("right") or node
    return node


def _listed(node: Node, line: int, *, dev: bool) -> Iterator[Declared | Skip]:
    if node.type not in {"list", "tuple", "set"}:
        yield Skip(line, _COMPUTED, dev, open=True)
        return
    for element in node.named_children:
        text = string_of(element)
        if text is not None:
            yield requirement(text, line_of(element), dev=dev)
        elif element.type != "comment":
            yield Skip(line_of(element), _COMPUTED, dev, open=True)


def _setup_cfg(text: str, kind: str) -> Manifest:
    found: list[Declared | Skip] = []
    name, library = "", False
    for section, key, value, line in _values(text):
        library = library or (section == "metadata" and key in _SAYS)
        name = value if (section, key) == ("metadata", "name") else name
        extra = section == "options.extras_require"
        if not (extra or (section == "options" and key == "install_requires")) or value.startswith("#"):
            continue
        if value.startswith("file:"):
            found.append(Skip(line, _COMPUTED, open=True))
        else:
            found.append(requirement(value.partition(" #")[0].strip(), line, dev=extra and is_dev(key)))
    return _manifest(kind, found, name, library=library)


def _values(text: str) -> Iterator[tuple[str, str, str, int]]:
    """
    Yield (section, key, one line of its value, line) of *text*.

    Not by configparser, whose expressions need time by the square of a line's blanks.
    """
    section = key = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith((";", "#")):
            continue
        if raw[0] == "[":
            section, key = line.strip("[]").strip(), ""
            continue
        if not raw[0].isspace():
            key, _, line = (part.strip() for part in line.partition("=" if "=" in line else ":"))
        if key and line:
            yield section, key, line, number


def _manifest(kind: str, found: list[Declared | Skip], name: str, *, library: bool) -> Manifest:
    return Manifest(
        kind,
        tuple(one for one in found if isinstance(one, Declared)),
        skipped=tuple(one for one in found if isinstance(one, Skip)),
        library=library,
        name=canonicalize_name(name) if name else "",
    )
