"""How what is lacking is given in Slack: whom to ask, or which form to fill in, in an app owner's words."""

from __future__ import annotations

from collections.abc import Mapping

from checks.sight import Lack, lack_of

_FORM = "`/register-app {name}` opens the form for it"
_LACKS: Mapping[Lack, str] = {
    Lack.ADDRESS: _FORM,
    Lack.ADVISORIES: "ask your reliability team to load it",
    Lack.HOST: "ask your reliability team to connect the code host",
    Lack.INDEX: "ask your reliability team to connect the package index",
    Lack.HISTORY: "register the https address of its repository",
    Lack.LANGUAGE: "ask your reliability team",
}


def with_whom(sentence: str, name: str) -> str:
    """Return *sentence*, a reason or a step about the app *name*, with whom to ask or what to fill in."""
    lack = lack_of(sentence)
    return sentence if lack is None else f"{sentence}: {_LACKS[lack].format(name=name)}"


def form_of(name: str) -> str:
    """Return how to say what nobody has said of the app *name*."""
    return _FORM.format(name=name)
