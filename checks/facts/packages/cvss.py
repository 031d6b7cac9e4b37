"""How bad a CVSS vector says a fault is, and whether it can be reached over the network without more."""

from __future__ import annotations

import math
from dataclasses import dataclass

from checks.model import Severity

#: Weights of CVSS 3.1, https://www.first.org/cvss/v3.1/specification-document section 7.4.
_WEIGHTS = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "UI": {"N": 0.85, "R": 0.62},
    "C": {"H": 0.56, "L": 0.22, "N": 0.0},
    "I": {"H": 0.56, "L": 0.22, "N": 0.0},
    "A": {"H": 0.56, "L": 0.22, "N": 0.0},
}
_PRIVILEGES = {"U": {"N": 0.85, "L": 0.62, "H": 0.27}, "C": {"N": 0.85, "L": 0.68, "H": 0.5}}

#: Lowest base score of each word, section 5 of the same document.
_WORDS = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM), (0.0, Severity.LOW))


@dataclass(frozen=True, slots=True)
class Rating:
    """*severity* by the base score; *remote*: over the network; *stops_only*: the worst it does is stop the app."""

    severity: Severity
    remote: bool
    stops_only: bool


def rate(vector: str) -> Rating | None:
    """Return the rating of *vector* (CVSS 3.0, 3.1 or 4.0), or None where it is none of these or is not whole."""
    version, _, rest = vector.partition("/")
    metrics = dict(part.split(":", 1) for part in rest.split("/") if ":" in part)
    try:
        if version.startswith("CVSS:3"):
            return Rating(_word(_base_score(metrics)), metrics["AV"] == "N", _stops_only(metrics, "C", "I", "A"))
        if version.startswith("CVSS:4"):
            return Rating(_fourth(metrics), metrics["AV"] == "N", _stops_only(metrics, "VC", "VI", "VA"))
    except KeyError:
        return None
    return None


def _base_score(metrics: dict[str, str]) -> float:
    changed = metrics["S"] == "C"
    value = {name: weights[metrics[name]] for name, weights in _WEIGHTS.items()}
    missed = 1 - (1 - value["C"]) * (1 - value["I"]) * (1 - value["A"])
    impact = 7.52 * (missed - 0.029) - 3.25 * (missed - 0.02) ** 15 if changed else 6.42 * missed
    ease = 8.22 * value["AV"] * value["AC"] * _PRIVILEGES[metrics["S"]][metrics["PR"]] * value["UI"]
    if impact <= 0:
        return 0.0
    # The document rounds up to one decimal, over integers: 4.02 is 4.1, but 4.0000001 is 4.0.
    raw = round(min((impact + ease) * (1.08 if changed else 1), 10) * 100_000)
    return raw / 100_000 if raw % 10_000 == 0 else (math.floor(raw / 10_000) + 1) / 10


def _fourth(metrics: dict[str, str]) -> Severity:
    """
    Return about what CVSS 4.0 scores.

    Its table of 270 classes is not worth its size for the few records that carry no word of their own. Their order
    holds here: easy and whole is critical, easy or whole high, else medium.
    """
    easy = metrics["AV"] == "N" and metrics["AC"] == "L" and metrics["AT"] == "N" and metrics["PR"] == "N"
    worst = [metrics[name] for name in ("VC", "VI", "VA")]
    if "H" not in worst:
        return Severity.MEDIUM if easy and "L" in worst else Severity.LOW
    if easy and metrics["UI"] == "N":
        return Severity.CRITICAL if worst[:2] == ["H", "H"] else Severity.HIGH
    return Severity.HIGH if easy or worst[:2] == ["H", "H"] else Severity.MEDIUM


def _word(score: float) -> Severity:
    return next(word for lowest, word in _WORDS if score >= lowest)


def _stops_only(metrics: dict[str, str], secrecy: str, integrity: str, availability: str) -> bool:
    return metrics[secrecy] == metrics[integrity] == "N" and metrics[availability] != "N"
