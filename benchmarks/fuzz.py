"""
Feeds broken files to every reader of repository content: `python -m benchmarks.fuzz --seconds 600`.

It starts from the files of the checks' own examples and spoils them: pieces cut out, doubled, swapped, spliced from
another file, or replaced by what parsers stumble over. Each spoiled repository goes through read, join and every check,
as in the worker but in this process. With `--atheris` (from the package index, `pip install atheris`) the spoiling is
guided by which lines of our readers it reaches. A failure is an exception, or one input that takes longer than
SLOWEST_S: the worker would survive either, but the app's owner would be told "not checked". Exit 1 where there was one.
"""

from __future__ import annotations

import argparse
import importlib
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType

from checks.check import all_checks
from checks.evaluate import ask
from checks.example import facts_of
from checks.fact import Collector, all_sources

SLOWEST_S = 10  # the parent's own deadline for one blob (checks/engine.py)
_LARGEST = 20_000  # characters of one spoiled file
_STUMBLES = (
    *("[", "{", "(", '"', "'", "`", "${", "<", "/*", "\\", "\0", "\u202e", "\ufeff", "\r", "\t", "$$", "--"),
    *(
        "[" * 200,
        "{" * 200,
        "(" * 200,
        "a." * 200,
        "&a *a ",
        "<<: *a\n",
        "!!python/object",
        "9" * 400,
        "1e999",
        "-" * 80,
    ),
    *("null", "NaN", "true", "~", "__proto__", "{{", "}}", "%s", "=>", "\n" * 50, " " * 500, "é" * 100),
)

Files = Mapping[str, str]


def seeds() -> list[Files]:
    """Return the files of every example of every check."""
    return [dict(example.files) for check in all_checks() for example in check.examples if example.files]


def spoiled(files: Files, others: Sequence[Files], choice: random.Random) -> Files:
    """Return *files* with one of them spoiled in one to six ways."""
    path = choice.choice(sorted(files))
    text = files[path]
    for _ in range(choice.randint(1, 6)):
        text = _spoil(text, choice.choice(list(choice.choice(others).values())), choice)
    return {**files, path: text[:_LARGEST]}


def _spoil(text: str, other: str, choice: random.Random) -> str:
    start, end = sorted((choice.randint(0, len(text)), choice.randint(0, len(text))))
    match choice.randint(0, 5):
        case 0:
            return text[:start] + text[end:]
        case 1:
            return text[:end] + text[start:end] * choice.randint(1, 20) + text[end:]
        case 2:
            return text[:start] + choice.choice(_STUMBLES) + text[start:]
        case 3:
            return text[:start] + other[: choice.randint(0, len(other))] + text[end:]
        case 4:
            return text[:start] + chr(choice.randint(0, 0x2FFF)) + text[start + 1 :]
        case _:
            return text[start:] + text[:start]


def examine(files: Files) -> None:
    """Read *files* with every collector and put every question; raises whatever that raises."""
    facts = facts_of(files)
    for check in all_checks():
        ask(check, facts)


def _too_slow(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError


def campaign(seconds: float, seed: int) -> tuple[int, Counter[str]]:
    """Spoil and examine for *seconds* from *seed*; return the number of inputs, and failures by place."""
    choice, start, failures, tried = random.Random(seed), seeds(), Counter[str](), 0  # noqa: S311 - no secret is made
    signal.signal(signal.SIGALRM, _too_slow)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        files = spoiled(choice.choice(start), start, choice)
        tried += 1
        failure = _failure(files)
        if failure:
            failures[failure] += 1
            if failures[failure] == 1:
                print(f"{failure}\n{_shown(files)}", file=sys.stderr, flush=True)
    return tried, failures


def _failure(files: Files) -> str:
    """Return what went wrong with *files* and where, or an empty string."""
    signal.alarm(SLOWEST_S)
    try:
        examine(files)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {last.filename.partition('/checks/')[2]}:{last.lineno}"
    finally:
        signal.alarm(0)
    return ""


def _shown(files: Files) -> str:
    return "\n".join(f"{path}: {text[:2000]!r}" for path, text in files.items())


def guided(seconds: int) -> None:
    """Let atheris choose what to spoil; it ends the process at the first failure, or after *seconds*."""
    atheris = importlib.import_module("atheris")
    for source in all_sources().values():
        if isinstance(source, Collector):
            atheris.instrument_func(source.read)
    start = seeds()

    def one(data: bytes) -> None:
        provider = atheris.FuzzedDataProvider(data)
        choice = random.Random(provider.ConsumeInt(8))  # noqa: S311 - no secret is made
        files = dict(spoiled(choice.choice(start), start, choice))
        path = choice.choice(sorted(files))
        files[path] = (files[path] + provider.ConsumeUnicodeNoSurrogates(2000))[:_LARGEST]
        examine(files)

    limits = (f"-max_total_time={seconds}", f"-timeout={SLOWEST_S}", f"-artifact_prefix={tempfile.gettempdir()}/")
    atheris.Setup([sys.argv[0], *limits], one)
    atheris.Fuzz()


def _told(tried: int, failures: Counter[str]) -> Iterator[str]:
    yield f"{tried:,} spoiled repositories, {sum(failures.values())} failures at {len(failures)} places"
    yield from (f"  {count:5} {failure}" for failure, count in failures.most_common())


def main() -> int:
    """Run one campaign and tell what failed."""
    parser = argparse.ArgumentParser(description="Feed broken files to every reader of repository content.")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--atheris", action="store_true", help="let coverage guide the spoiling")
    arguments = parser.parse_args()
    if arguments.atheris:
        guided(arguments.seconds)
        return 0
    tried, failures = campaign(arguments.seconds, arguments.seed)
    print("\n".join(_told(tried, failures)))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
