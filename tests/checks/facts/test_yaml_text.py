"""YAML that a stranger wrote is read, or refused in words."""

import pytest

from checks.facts.yaml_text import LARGEST, BadYamlError, load_all, texts


def test_everything_is_a_string() -> None:
    """`on`, dates and figures stay words, tags need no constructor, and `<<` merges nothing."""
    text = "on: push\nday: 2026-01-02\nscript: !reference [.setup, script]\nbase: &b {x: 1}\njob:\n  <<: *b\n"
    (document,) = load_all(text)
    assert document["on"] == "push"
    assert document["day"] == "2026-01-02"
    assert document["script"] == [".setup", "script"]
    assert document["job"] == {"<<": {"x": "1"}}


def test_several_documents_are_all_read() -> None:
    """A file of several documents gives each of them."""
    assert load_all("a: 1\n---\nb: 2\n") == [{"a": "1"}, {"b": "2"}]


BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [" + f"*a{n - 1}, " * 9 + f"*a{n - 1}]\n" for n in range(1, 30))


def test_aliases_cannot_multiply_the_work() -> None:
    """Thirty levels of ten aliases each, ten to the thirtieth strings written out, are walked once each."""
    assert list(texts(load_all(BOMB))) == ["x", "x"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 50_000, "nested deeper"),
        ("{a: " * 5_000, "nested deeper"),
        ("\n".join(" " * n + "a:" for n in range(200)), "nested deeper"),
        ("a: &a x\n" + "b: [" + "*a," * 2_000 + "]", "aliases"),
        ("x" * (LARGEST + 1), "larger than"),
        ("a: [1, 2", "not valid"),
        ("a: b: c: d", "not valid"),
        ("a: *nowhere", "not valid"),
        ("\x00", "not valid"),
        ("? [a, b]\n: c", "not valid"),
        ("key: 'sk-live-secret\n  - x: [", "not valid"),
    ],
)
def test_what_cannot_be_read_safely_is_refused(text: str, words: str) -> None:
    """Bombs and broken files are refused with a reason that quotes nothing of the file."""
    with pytest.raises(BadYamlError, match=words) as caught:
        load_all(text)
    assert "secret" not in str(caught.value)
