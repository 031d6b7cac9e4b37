"""Looks over blocks and views the way Slack does before it takes them."""

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from workspace import limits
from workspace.wire import Json, Refusal

_SAID: dict[type, str] = {str: "text", dict: "an object", list: "a list", int: "a number", float: "a number"}


def check_blocks(blocks: Any, surface: str) -> list[Json]:
    """Give *blocks* back with an id on each block and element, or raise Refusal("invalid_blocks") with every fault.

    *surface* is ``message``, ``modal`` or ``home``.
    """
    if blocks is None:
        return []
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise Refusal("invalid_blocks", "[ERROR] blocks must be a list of objects [json-pointer:/blocks]")
    misshapen = [f"[ERROR] {fault} [json-pointer:/blocks/{n}]" for n, one in enumerate(blocks) for fault in _shape(one)]
    if misshapen:
        raise Refusal("invalid_blocks", *misshapen)
    faults = [*_whole(blocks, surface)]
    for index, block in enumerate(blocks):
        faults += [f"[ERROR] {fault} [json-pointer:/blocks/{index}{where}]" for where, fault in _block(block, surface)]
    if faults:
        raise Refusal("invalid_blocks", *faults)
    if sum(block["type"] == "table" for block in blocks) > limits.TABLES:
        raise Refusal("only_one_table_allowed", "[ERROR] a message takes one table block")
    return [_with_ids(block) for block in blocks]


def check_view(view: Any, surface: str) -> Json:
    """Give *view* back with its blocks checked; *surface* is ``modal`` or ``home``.

    Raises Refusal: ``invalid_arguments`` for a fault of the view itself, ``view_too_large`` above 250 kB.
    """
    if not isinstance(view, dict) or view.get("type") != surface:
        raise Refusal("invalid_arguments", f"[ERROR] view.type must be {surface} here [json-pointer:/view/type]")
    if len(json.dumps(view)) > limits.VIEW_BYTES:
        raise Refusal("view_too_large")
    faults = [f"[ERROR] {fault} [json-pointer:/view{where}]" for where, fault in _over(view, limits.VIEW)]
    if surface == "modal" and not isinstance(view.get("title"), dict):
        faults.append("[ERROR] missing required field: title [json-pointer:/view/title]")
    if not isinstance(view.get("blocks"), list):
        faults.append("[ERROR] missing required field: blocks [json-pointer:/view/blocks]")
    if faults:
        raise Refusal("invalid_arguments", *faults)
    blocks = check_blocks(view["blocks"], surface)
    if surface == "modal" and any(block["type"] == "input" for block in blocks) and not view.get("submit"):
        raise Refusal("invalid_arguments", "[ERROR] a view with inputs needs submit [json-pointer:/view/submit]")
    return {**view, "blocks": blocks}


def elements_of(block: Json) -> list[Json]:
    """List the interactive and other elements that stand in *block*."""
    inside = [block.get("accessory"), block.get("element")]
    if block.get("type") in {"actions", "context", "context_actions"}:
        inside += block.get("elements") or []
    return [element for element in inside if isinstance(element, dict)]


def _whole(blocks: list[Json], surface: str) -> Iterator[str]:
    most = limits.MESSAGE_BLOCKS if surface == "message" else limits.VIEW_BLOCKS
    if len(blocks) > most:
        yield f"[ERROR] no more than {most} items allowed [json-pointer:/blocks]"
    for block_id, times in Counter(block["block_id"] for block in blocks if block.get("block_id")).items():
        if times > 1:
            yield f"[ERROR] duplicate block_id: {block_id} [json-pointer:/blocks]"
    markdown = sum(len(str(block.get("text", ""))) for block in blocks if block.get("type") == "markdown")
    if markdown > limits.MARKDOWN_TEXT:
        yield f"[ERROR] markdown blocks hold more than {limits.MARKDOWN_TEXT} characters [json-pointer:/blocks]"


def _shape(thing: Json) -> Iterator[str]:
    """Find fields whose kind of value is wrong, in a block and all that stands in it."""
    for name, value in thing.items():
        kinds = limits.KINDS.get(name)
        if value is not None and kinds is not None and not isinstance(value, kinds):
            yield f"{name} must be {' or '.join(_SAID[kind] for kind in kinds)}"
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from _shape(inner)
            elif name in limits.LISTS_OF_OBJECTS and isinstance(value, list):
                yield f"{name} must hold objects"


def _block(block: Json, surface: str) -> Iterator[tuple[str, str]]:
    kind = block.get("type")
    if kind not in limits.SURFACES[surface]:
        yield "/type", f"unsupported type for a {surface}: {kind}"
        return
    yield from _over(block, (*limits.BLOCKS.get(kind, ()), limits.Limit("block_id", 255)))
    yield from _required(block, kind)
    if kind == "section" and not block.get("text") and not block.get("fields"):
        yield "", "missing required field: text or fields"
    yield from _misplaced(block, kind)
    for element in elements_of(block):
        name = str(element.get("type"))
        for where, fault in (*_over(element, limits.ELEMENTS.get(name, ())), *_required(element, name)):
            yield where, f"{name}: {fault}"
    named = Counter(element["action_id"] for element in elements_of(block) if element.get("action_id"))
    for action_id, times in named.items():
        if times > 1:
            yield "", f"duplicate action_id: {action_id}"


def _over(thing: Json, table: Iterable[limits.Limit]) -> Iterator[tuple[str, str]]:
    for limit in table:
        for value in _at(thing, limit.path):
            where = "/" + limit.path.replace(".", "/").replace("[]", "/*")
            if isinstance(value, str) and len(value) > limit.at_most:
                yield where, f"must be less than {limit.at_most + 1} characters"
            elif isinstance(value, list) and len(value) > limit.at_most:
                yield where, f"no more than {limit.at_most} items allowed"
            elif isinstance(value, str | list) and len(value) < limit.at_least:
                yield where, f"must not be empty, at least {limit.at_least} needed"


def _required(thing: Json, kind: str) -> Iterator[tuple[str, str]]:
    for name in limits.REQUIRED.get(kind, ()):
        if thing.get(name) is None:
            yield f"/{name}", f"missing required field: {name}"
    for owner, path in limits.PLAIN_TEXT:
        if owner == kind and isinstance(thing.get(path), dict) and thing[path].get("type") != "plain_text":
            yield f"/{path}", "must be plain_text"


def _misplaced(block: Json, kind: str) -> Iterator[tuple[str, str]]:
    for place, allowed in limits.PLACES.items():
        owner, path = place.split(".", 1)
        if owner != kind:
            continue
        for element in _at(block, path):
            found = element.get("type") if isinstance(element, dict) else None
            if found not in allowed:
                yield f"/{path.removesuffix('[]')}", f"unsupported element here: {found}"


def _at(thing: Any, path: str) -> Iterator[Any]:
    """Walk to every value at the dotted *path*; what is absent yields nothing."""
    step, _, rest = path.partition(".")
    name = step.removesuffix("[]")
    value = thing.get(name) if isinstance(thing, dict) else None
    if value is None:
        return
    for one in value if step.endswith("[]") and isinstance(value, list) else [value]:
        if rest:
            yield from _at(one, rest)
        else:
            yield one


def _with_ids(block: Json) -> Json:
    """Copy *block* with the ids that Slack makes up where the app gave none."""
    named = {**block, "block_id": block.get("block_id") or secrets.token_urlsafe(4)}
    if isinstance(named.get("accessory"), dict):
        named["accessory"] = _named(named["accessory"])
    if isinstance(named.get("element"), dict):
        named["element"] = _named(named["element"])
    if named["type"] in {"actions", "context_actions"}:
        named["elements"] = [_named(element) for element in named["elements"]]
    return named


def _named(element: Json) -> Json:
    if element.get("type") == "image":
        return element
    return {**element, "action_id": element.get("action_id") or secrets.token_urlsafe(4)}
