"""What the workspace takes and refuses, limit by limit."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workspace import limits
from workspace.blocks import check_blocks, check_view
from workspace.wire import Refusal

Json = dict[str, Any]


def plain(text: str) -> Json:
    """Make a plain_text object."""
    return {"type": "plain_text", "text": text}


def button(**more: Any) -> Json:
    """Make a button."""
    return {"type": "button", "text": plain("Go"), **more}


def actions(*elements: Json) -> Json:
    """Make an actions block."""
    return {"type": "actions", "elements": list(elements)}


def section(**more: Any) -> Json:
    """Make a section with a short text."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": "x"}, **more}


def menu(options: int) -> Json:
    """Make a select with so many options."""
    return {"type": "static_select", "options": [{"text": plain(f"{n}"), "value": f"{n}"} for n in range(options)]}


def field(**more: Any) -> Json:
    """Make an input block."""
    return {"type": "input", "label": plain("Name"), "element": {"type": "plain_text_input", **more}}


FITS: dict[str, list[Json]] = {
    "50 blocks": [section()] * 50,
    "text 3000": [{"type": "section", "text": plain("x" * 3000)}],
    "header 150": [{"type": "header", "text": plain("x" * 150)}],
    "button 75": [actions(button(text=plain("x" * 75), value="x" * 2000))],
    "25 buttons": [actions(*[button()] * 25)],
    "100 options": [section(accessory=menu(100))],
    "table": [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 20] * 100}],
    "only fields": [{"type": "section", "fields": [plain("x")] * 10}],
    "input": [field()],
}
DOES_NOT_FIT: dict[str, tuple[list[Json], str]] = {
    "51 blocks": ([section()] * 51, "no more than 50 items"),
    "text 3001": ([{"type": "section", "text": plain("x" * 3001)}], "less than 3001 characters"),
    "empty text": ([{"type": "section", "text": plain("")}], "must not be empty"),
    "empty section": ([{"type": "section"}], "text or fields"),
    "11 fields": ([{"type": "section", "fields": [plain("x")] * 11}], "no more than 10"),
    "header 151": ([{"type": "header", "text": plain("x" * 151)}], "less than 151"),
    "header mrkdwn": ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "must be plain_text"),
    "button text 76": ([actions(button(text=plain("x" * 76)))], "less than 76"),
    "button value 2001": ([actions(button(value="x" * 2001))], "less than 2001"),
    "26 buttons": ([actions(*[button()] * 26)], "no more than 25"),
    "11 in context": ([{"type": "context", "elements": [plain("x")] * 11}], "no more than 10"),
    "button in context": ([{"type": "context", "elements": [button()]}], "unsupported element"),
    "101 options": ([section(accessory=menu(101))], "no more than 100"),
    "alert": ([{"type": "alert"}], "unsupported type for a message"),
    "unknown": ([{"type": "sectoin"}], "unsupported type"),
    "same block_id": ([section(block_id="a"), section(block_id="a")], "duplicate block_id: a"),
    "same action_id": ([actions(button(action_id="a"), button(action_id="a"))], "duplicate action_id: a"),
    "confirm": ([actions(button(confirm={"title": plain("x" * 101)}))], "less than 101"),
    "markdown": ([{"type": "markdown", "text": "x" * 6001}] * 2, "12000 characters"),
    "101 rows": ([{"type": "table", "rows": [[]] * 101}], "no more than 100"),
    "not a list of objects": (["x"], "list of objects"),  # type: ignore[list-item]
}


@pytest.mark.parametrize("name", FITS)
def test_what_fits_is_taken(name: str) -> None:
    """Blocks at their limits pass, and each gets a block_id."""
    assert all(block["block_id"] for block in check_blocks(FITS[name], "message"))


@pytest.mark.parametrize("name", DOES_NOT_FIT)
def test_what_does_not_fit_is_refused(name: str) -> None:
    """Blocks one above a limit are refused with a sentence that says which."""
    blocks, expected = DOES_NOT_FIT[name]
    with pytest.raises(Refusal) as raised:
        check_blocks(blocks, "message")
    assert raised.value.error == "invalid_blocks"
    assert expected in "\n".join(raised.value.details)


def test_two_tables_are_refused() -> None:
    """A message takes one table."""
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    with pytest.raises(Refusal, match="only_one_table_allowed"):
        check_blocks([table, table], "message")


@pytest.mark.parametrize(
    ("surface", "kind"),
    [("modal", "markdown"), ("modal", "table"), ("modal", "plan"), ("home", "markdown"), ("home", "alert")],
)
def test_surfaces_take_different_blocks(surface: str, kind: str) -> None:
    """A block that a message takes may be refused in a modal or on the Home tab."""
    assert kind not in limits.SURFACES[surface]
    with pytest.raises(Refusal, match="invalid_blocks"):
        check_blocks([{"type": kind, "text": "x", "rows": [[]]}], surface)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": plain("x" * 25)}, "less than 25"),
        ({"submit": plain("x" * 25)}, "less than 25"),
        ({"private_metadata": "x" * 3001}, "less than 3001"),
        ({"callback_id": "x" * 256}, "less than 256"),
        ({"title": None}, "missing required field: title"),
        ({"blocks": None}, "missing required field: blocks"),
        ({"submit": None}, "needs submit"),
        ({"type": "home"}, "must be modal"),
    ],
)
def test_a_view_beyond_its_limits_is_refused(change: Json, expected: str) -> None:
    """Title, submit, metadata and callback_id of a modal have their lengths."""
    good = {"type": "modal", "title": plain("x" * 24), "submit": plain("Save"), "blocks": [field()]}
    assert check_view(good, "modal")["blocks"][0]["element"]["action_id"]
    with pytest.raises(Refusal) as raised:
        check_view(good | change, "modal")
    assert raised.value.error == "invalid_arguments"
    assert expected in "\n".join(raised.value.details)


def test_a_huge_view_is_refused() -> None:
    """A view of more than 250 kB is too large before anything else is looked at."""
    blocks = [{"type": "section", "text": plain("x" * 3000)}] * 90
    with pytest.raises(Refusal, match="view_too_large"):
        check_view({"type": "modal", "title": plain("x"), "blocks": blocks}, "modal")


def test_a_view_takes_a_hundred_blocks() -> None:
    """Views take twice as many blocks as messages."""
    view = {"type": "home", "blocks": [section()] * 100}
    assert len(check_view(view, "home")["blocks"]) == limits.VIEW_BLOCKS
    with pytest.raises(Refusal, match="invalid_blocks"):
        check_view(view | {"blocks": [section()] * 101}, "home")


WORDS = {*limits.KINDS, *limits.SURFACES["message"], *limits.ELEMENTS, "alt_text", "image_url", "title", "plain_text"}
NAMES = st.sampled_from(sorted(WORDS))
THINGS = st.recursive(
    st.none() | st.integers() | st.text(max_size=3) | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)
BLOCKS = st.fixed_dictionaries(
    {"type": st.sampled_from(sorted(limits.BLOCKS))},
    optional=dict.fromkeys(sorted(set(limits.KINDS) - {"type"}), THINGS),
)


@given(blocks=st.lists(BLOCKS | THINGS, max_size=3) | THINGS, surface=st.sampled_from(sorted(limits.SURFACES)))
def test_nonsense_is_taken_or_refused(blocks: Any, surface: str) -> None:
    """Whatever the bot sends, the answer is blocks with ids or a refusal, never a fault of ours."""
    with contextlib.suppress(Refusal):
        assert all(block["block_id"] for block in check_blocks(blocks, surface))
