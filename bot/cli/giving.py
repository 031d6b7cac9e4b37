"""How what is lacking is given at the command line: the words that a terminal adds to what the engine says."""

from __future__ import annotations

from collections.abc import Mapping

from checks.sight import Lack, lack_of
from checks.verdict import UNSAID

_LACKS: Mapping[Lack, str] = {
    Lack.ADDRESS: "--live-url URL",
    Lack.ADVISORIES: "run `groundcrew advisories update`",
    Lack.HOST: "check its https:// address, with GROUNDCREW_GITHUB_TOKEN set",
    Lack.INDEX: "GROUNDCREW_PYPI_INDEX and GROUNDCREW_NPM_REGISTRY must not be off",
    Lack.HISTORY: "give its clone or its https:// address",
    Lack.LANGUAGE: "ask the reliability team",
}
_FLAGS: Mapping[str, str] = {
    UNSAID["data"]: "--data none, internal, personal or payment",
    UNSAID["audience"]: "--audience me, team, company, customers or anyone",
    UNSAID["exposure"]: "--exposure here, internal, login or internet",
}


def with_how(sentence: str) -> str:
    """Return *sentence*, a reason, a step or what was assumed, with what to type where that is known."""
    lack = lack_of(sentence)
    how = _FLAGS.get(sentence, "") if lack is None else _LACKS[lack]
    return f"{sentence} ({how})" if how else sentence
