"""
How far a policy's condition reaches: nobody, the caller's own rows, rows of a kind, everybody signed in, everybody.

A condition is cut at OR (the widest counts) and AND (the narrowest counts). What cannot be told counts as tied to the
caller: a finding needs a reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from checks.facts.database.schema import PlacedFunction
from checks.facts.database.sql_tokens import Token, script_of
from checks.facts.database.sql_words import Words, parted, written
from checks.facts.word_set import word_set


class Reach(IntEnum):
    """Whom a condition lets through, fewest first."""

    NOBODY = 0  # or the server alone
    CALLER = 1  # it depends on who calls
    ROWS = 2  # it depends on the row alone
    SIGNED_IN = 3
    ANYONE = 4


@dataclass(frozen=True, slots=True)
class Judged:
    """
    One condition, judged.

    *own*: it compares a column with the caller's id, and nothing more. *metadata*: it trusts what users
    may write themselves. *columns* are the names it mentions.
    """

    reach: Reach
    own: bool = False
    metadata: bool = False
    columns: frozenset[str] = frozenset()


_DEEPEST = 12
_METADATA = frozenset({"user_metadata", "raw_user_meta_data"})
_CALLER = re.compile(
    r"\bauth \. (?:uid|jwt|email|role|users)\b|\brequest\.|\bcurrent_setting\b|\bcurrent_user\b|\bsession_user\b"
)
_SERVER = re.compile(
    r"'service_role'|'supabase_admin'|\b(?:current_user|session_user|current_role) (?:=|in)|\bis_service_role\b"
)
_ID = r"(?:\( )?(?:select )?auth \. uid \( \)(?: as \w+)?(?: \))?(?: :: \w+)?"
_COLUMN = r'(?:[\w"]+ \. )?"?\w+"?(?: :: \w+)?'
_OWN = re.compile(rf"{_ID} = {_COLUMN}|{_COLUMN} = {_ID}")
_SIGNED_IN = re.compile(
    r"(?:\( )?(?:select )?auth \. (?:uid|jwt|email) \( \)(?: as \w+)?(?: \))? is not null"
    r"|(?:\( )?(?:select )?auth \. (?:role|jwt) \( \)(?: ->> 'role')?(?: as \w+)?(?: \))?(?: :: text)?"
    r" = (?:\( )?'authenticated'(?: :: text)?(?: \))?"
)
_ANYONE = re.compile(r"true|'?(\w+)'? = '?\1'?|(?:\( )?(?:select )?auth \. uid \( \)(?: \))? is null|not false")
_ROLES = re.compile(r"auth \. role \( \)(?: \))?(?: :: text)? (?:in|= any)\b(.*)")
_ACCOUNTS = re.compile(
    r"\(? ?exists \( select \S+ from (?:public \. |auth \. )?(?:profiles|users|user_profiles|usuarios|perfis)"
    r"(?: (?:as )?\w+)? where (.{1,200}) \)(?: \))?"
)
_CALL = re.compile(r"\b(?:public \. )?([a-z_]\w*) \(")
# Functions of PostgreSQL and storage that tell nothing of who calls.
_PLAIN = word_set(
    """
    now length char_length coalesce lower upper trim btrim nullif array_length exists any all in and or not
    select count date_trunc extract age greatest least jsonb_array_length foldername filename extension
    split_part position regexp_match cast date timezone to_timestamp interval concat left right substring where
    values
    """
)


def judge(condition: str | None, functions: Mapping[str, PlacedFunction], *, storage: bool = False) -> Judged:
    """Return how far *condition* reaches; none reaches everybody. In *storage* a bucket's name limits nothing."""
    if condition is None:
        return Judged(Reach.ANYONE)
    open_to_all = frozenset(name for name, placed in functions.items() if placed.function.always_true)
    trusting = frozenset(name for name, placed in functions.items() if placed.function.metadata)
    return _judged(condition, open_to_all, trusting, storage)


@lru_cache(maxsize=8192)
def _judged(condition: str, open_to_all: frozenset[str], trusting: frozenset[str], storage: bool) -> Judged:
    """Return the judgement on *condition*; the app's functions that matter are those *open_to_all*, or *trusting*."""
    script = script_of(condition)
    tokens = [token for statement in script.statements for token in statement]
    reach, own, metadata = _Judge(open_to_all, trusting, storage=storage).judged(tokens, 0)
    columns = frozenset(token.text.lower() for token in tokens if token.kind in {"word", "name"})
    return Judged(reach, own, metadata, columns)


_Answer = tuple[Reach, bool, bool]


class _Judge:
    def __init__(self, open_to_all: frozenset[str], trusting: frozenset[str], *, storage: bool) -> None:
        self._open_to_all = open_to_all
        self._trusting = trusting
        self._storage = storage

    def judged(self, tokens: Sequence[Token], depth: int) -> _Answer:
        """Return reach, whether it is the caller's own row, and whether it trusts metadata, of *tokens*."""
        tokens = _bare(tokens)
        if depth > _DEEPEST or not tokens:
            return Reach.CALLER, False, False
        for word, choose in (("or", max), ("and", min)):
            parts = parted(tokens, word=word)
            if len(parts) > 1:
                answers = [self.judged(part, depth + 1) for part in parts if part]
                if not answers:
                    return Reach.CALLER, False, False
                reach = choose(answer[0] for answer in answers)
                if word == "and" and self._storage:
                    reach = _beside_bucket(parts, answers)
                own = any(answer[1] for answer in answers) and not (
                    word == "and" and any(_is_gate(part) for part in parts)
                )
                return reach, own, any(answer[2] for answer in answers)
        return self._one(tokens, depth)

    def _one(self, tokens: Sequence[Token], depth: int) -> _Answer:  # noqa: PLR0911 - one answer a rule reads best in order
        text = written(tokens).lower()
        if any(token.text in _METADATA for token in tokens):
            return Reach.CALLER, False, True
        if text == "false":
            return Reach.NOBODY, False, False
        if _ANYONE.fullmatch(text):
            return Reach.ANYONE, False, False
        if _SIGNED_IN.fullmatch(text):
            return Reach.SIGNED_IN, False, False
        listed = _ROLES.match(text)
        if listed is not None and ("'anon'" in listed[1] or "'authenticated'" in listed[1]):
            return (Reach.ANYONE if "'anon'" in listed[1] else Reach.SIGNED_IN), False, False
        if _OWN.fullmatch(text):
            return Reach.CALLER, True, False
        if _SERVER.search(text):
            return Reach.NOBODY, False, False
        if self._storage and "bucket_id" in text and "auth" not in text and "foldername" not in text:
            return Reach.ANYONE, False, False
        return self._by_mention(text, depth)

    def _by_mention(self, text: str, depth: int) -> _Answer:
        """Return the answer for a condition by what it mentions: the caller, other tables, functions of the app."""
        if _CALLER.search(text):
            return (Reach.SIGNED_IN if self._only_exists(text, depth) else Reach.CALLER), False, False
        if "select " in text:
            return Reach.CALLER, False, False  # the rules of the other table decide
        for name in _CALL.findall(text):
            if name in _PLAIN:
                continue
            if name in self._open_to_all:
                return Reach.ANYONE, False, False
            return Reach.CALLER, False, name in self._trusting
        return Reach.ROWS, False, False

    def _only_exists(self, text: str, depth: int) -> bool:
        """Whether *text* asks only that the caller has an account: EXISTS (SELECT ... FROM profiles WHERE id = uid)."""
        found = _ACCOUNTS.fullmatch(text) if depth <= _DEEPEST else None
        return found is not None and _OWN.fullmatch(found[1].strip()) is not None


def _bare(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return *tokens* without the brackets around all of them."""
    while tokens and tokens[0].is_sign("("):
        words = Words(tokens)
        inner = words.group()
        if inner is None or words.next is not None or (inner and inner[0].says("select")):
            return tokens
        tokens = inner
    return tokens


def _beside_bucket(parts: Sequence[Sequence[Token]], answers: Sequence[_Answer]) -> Reach:
    """Return the narrowest of *answers*; `bucket_id = 'x'` is no limit, nor is a file's ending."""
    left = [answer[0] for part, answer in zip(parts, answers, strict=False) if answer[0] is not Reach.ROWS and part]
    return min(left, default=Reach.ANYONE)


def _is_gate(tokens: Sequence[Token]) -> bool:
    """Whether *tokens* call a function of the app or look into another table: more than the caller's own id."""
    text = written(tokens).lower()
    return "select " in text.replace("( select auth . uid ( )", "") or any(
        name not in _PLAIN and name not in {"uid", "jwt"} for name in _CALL.findall(text)
    )
