"""Judges what was seen in one function: which records it reaches for, and whether it asks whose they are."""

from __future__ import annotations

import re
from dataclasses import replace

from checks.facts.records.access import Access, Doing
from checks.facts.records.asked import kept, links, looked_among, picked_by, tables_of, written
from checks.facts.records.callers import ROLE, Scope
from checks.facts.records.queries import Query, columns_in, query_in
from checks.facts.records.seen import CONSTANT, Call, Comparison, Seen
from checks.facts.records.sending import sent_by

#: Calls that are told who is asking and decide nothing by it.
_NEUTRAL = re.compile(
    r"^(?:log\w*|audit\w*|track\w*|print|debug|info|warn\w*|error|notify\w*|send\w*|emit\w*|capture\w*|identify"
    r"|record\w*|json|jsonify|render\w*|redirect|send|Boolean|String|Number|str|int|bool|isinstance|len|format|f"
    r"|create\w*|insert\w*|add\w*|push|append|save\w*|write\w*|new\w*|signToken|sign|stringify|set|encode|decode|split"
    r"|revalidate\w*|invalidate\w*|cache\w*|rate_?limit\w*|check_?rate\w*|limit|consume|sleep|next|Response|JSONResponse"
    r"|toString|trim|model_dump|dict|setItem|strip|lower|upper|refresh|make_response|ObjectId|UUID|parseInt|values|get"
    r"|Paginator|paginate|getattr|next|zip|sorted|list|tuple|enumerate|range|min|max|url_for|flash|session|Session|getSession\w*|getUser\w*|auth|verify\w*|\w*Activity\w*|\w*activity\w*|\w*History"
    r"|\w*[lL]og|\w*Log\w*|\w*Event\w*|\w*otification\w*|credentials|HTTPException|bind|child|hash\w*|compare\w*|startsWith)$"
)
_DECIDES = re.compile(
    r"^(?:_*(?:is|has|can|may|check|ensure|require|assert|verify|validate|authori[sz]e|enforce|allow|owns?|belongs|raise|reject|deny|forbid|protect))(?=[A-Z_]|$)"
    r"|able_?(?:by|for|to)?$"  # is_editable_by, visible_to
    r"|permission|access|owner|author|guard|polic|abilit|admin|role",
    re.IGNORECASE,
)
_OWN_METHOD = re.compile(
    r"\.(?:can|has|is|may|check|owns?|allow|belongs|filter|get|find|exists|all|includes|indexOf|some|\w+_set)\w*$",
    re.IGNORECASE,
)
_ABSENT = frozenset({"null", "undefined", "none", "true", "false", "None", "True", "False"})
_LITERAL = frozenset({"string", "number", "integer", "float", "template_string", "concatenated_string"})
_PEOPLE = re.compile(r"^(?:\w*users?|\w*profiles?|\w*accounts?|members?|customers?|\w*sessions?)$", re.IGNORECASE)
_PRIVILEGE = re.compile(
    r"(?:is_?)?(?:admin|super_?user|staff)|role|role_?id|user_?role|account_?type|permissions?|credits|balance|is_?premium|is_?pro"
    r"|(?:subscription_?)?(?:plan|tier)(?:_?(?:id|type|name|tier|tier_?id))?|subscription_?(?:status|type)",
    re.IGNORECASE,
)
_RIGHT = re.compile(r"role|plan|permission|status|tier|admin", re.IGNORECASE)
#: Calls whose callback is a function of its own, and judged as one.
_WALKS = frozenset(
    {"filter", "map", "forEach", "some", "every", "find", "findIndex", "reduce", "sort", "flatMap", "then"}
)
_STATEMENT = re.compile(r"[\"'`]\s{0,200}(?:SELECT|UPDATE|DELETE|INSERT|WITH)\b")
_PAIR = re.compile(r"([A-Za-z_]\w{0,80})[\"']?\s{0,9}(?::|=(?!=))\s{0,9}([^,})\n]{1,120})")
_WRAPPED = re.compile(r"(?:\b(?:data|create|update|defaults|values)|\$set)[\"']?\s{0,9}:\s{0,9}\{")
_SHORTHAND = re.compile(r"(?:^|[{,(])\s{0,40}([A-Za-z_]\w{0,80})\s{0,40}(?=[,})]|$)")
_COMMENT = re.compile(r"(?<![:\"'`])//[^\n]{0,300}")
_SPREAD = re.compile(r"(?:\.\.\.|\*\*)\s{0,9}([\w.]{1,80})")
_BODY = re.compile(
    r"\s*(?:await\s+)?(?:req|request|ctx\.request|event)\.(?:body|json(?:\(\))?|get_json\([^)]*\)|data|POST|form|payload)"
    r"(?:\s*\|\|\s*\{\})?\s*"
)
_FORMED = re.compile(r"\b(insert\w{0,60}Schema)(?:\.\w{1,20}\([^()]{0,80}\)){0,3}\.(?:parse|safeParse|parseAsync)\(")
_KEYED = re.compile(r"(?:_|^)id$|[a-z]Id$|_id$|_by$|^(?:owner|author|user)$")
_CAPABILITY = re.compile(r"token|(?<!zip_)(?<!post)code$|secret|hash|nonce|signature|otp", re.IGNORECASE)


def doing_of(key: str, seen: Seen, scope: Scope) -> Doing:
    """Return what the function *key* does, by what was *seen* of it and what its names mean."""
    uses: set[str] = set()
    asks: set[str] = set()
    queries = [query_in(call.callee, _spelled_out(call, scope)) or _made(call) for call in seen.calls]
    tables = {query.table for query in queries if query is not None}
    for comparison in seen.comparisons:
        made, compared = _compared(comparison, scope, tables)
        uses |= made
        asks |= compared
    for text in (*seen.members, *seen.conditions):
        if ROLE.search(text) and scope.caller(text):
            uses.update(("user", "role"))
        elif scope.caller(text):
            uses.add("user")
    accesses: list[Access] = []
    for call, query in zip(seen.calls, queries, strict=True):
        if query is not None:
            access = replace(_accessed(call, query, scope), by=picked_by(query.filter, scope, tables - {query.table}))
            accesses.append(access)
            uses.update(_by_query(access))
        made = _by_call(call, query, scope)
        uses |= made
        asks |= looked_among(call.last, call.arguments, scope)
        if made & {"owner", "role"}:
            among = query is None and "role" not in made and scope.caller(call.callee)
            asks |= looked_among("find", call.arguments, scope) if among else {"*"}
        sent = sent_by(call.line, call.callee, call.last, call.arguments, scope) if query is None else None
        if sent is not None:
            accesses.append(sent)
    writes = [one for call in seen.calls for one in [kept(call.callee, call.arguments)] if one is not None]
    accesses = written(accesses, writes, scope)
    hands = {call.last for call in seen.calls if any(scope.caller(one) for one in call.arguments)}
    passes = {
        call.last for call in seen.calls if any(scope.given(one) for one in call.arguments) and not _fixed(call, scope)
    }
    wholes = tuple(sorted(f"{call.last} {form}".strip() for call in seen.calls for form in _wholes(call, scope)))
    return Doing(
        key,
        tuple(sorted(uses)),
        tuple(accesses[:60]),
        _some(hands),
        _some(passes),
        wholes[:20],
        tuple(sorted(asks))[:60],
    )


def _compared(comparison: Comparison, scope: Scope, tables: set[str]) -> tuple[set[str], set[str]]:
    """Return what *comparison* makes of who is asking, and which of *tables* it asks about."""
    made = _by_comparison(comparison, scope)
    sides = comparison.left, comparison.right
    if made & {"matched", "role"}:
        return made, set().union(*(tables_of(side, scope, tables) for side in sides)) or {"*"}
    links_two = not made and bool(tables) and comparison.right.strip() not in _ABSENT
    return made, links(*sides, scope, tables) if links_two else set()


def _made(call: Call) -> Query | None:
    """Return the record that `Note(user_id=...)` or `setattr(note, key, value)` is about, if that class is a table."""
    if call.callee == "setattr" and len(call.arguments) == 3 and call.arguments[1][:1] not in {'"', "'"}:  # noqa: PLR2004 - what, key, value
        return Query(call.arguments[0], "change", "", f"**{call.arguments[1]}")
    keyed = any(re.match(r"\*\*|\w{1,60}\s?=(?!=)", one) for one in call.arguments)
    if keyed and not _DECIDES.search(call.callee) and re.fullmatch(r"(?:models\.)?[A-Z][a-z]\w{0,60}", call.callee):
        return Query(call.last, "make", "", ", ".join(call.arguments))
    return None


def _wholes(call: Call, scope: Scope) -> set[str]:
    """Return, for a request's body that *call* gets as a whole, the form that read it first ("" for none)."""
    found = set()
    for argument in call.arguments[:4]:
        plain = argument.strip()
        spread = [one[1] for one in _SPREAD.finditer(plain) if not _set_after(plain[one.end() :])]
        for name in [plain, *spread] if len(plain) < 400 else []:  # noqa: PLR2004 - a name
            form = _whole(name, scope)
            if form is not None:
                found.add(form)
    return found


def _fixed(call: Call, scope: Scope) -> bool:
    """Whether *call* gives a right that the code itself names, to whom it looked up: `setRole(user.id, "member")`."""
    literal = any(one.strip()[:1] in {'"', "'"} for one in call.arguments[1:])
    return literal and _RIGHT.search(call.last) is not None and not any(scope.brought(one) for one in call.arguments)


def _set_after(text: str) -> bool:
    """Whether *text*, what follows a body that is spread, sets what somebody may do itself: `...body, role: "user"`."""
    return any(_PRIVILEGE.fullmatch(one[1]) for one in _PAIR.finditer(text))


def _spelled_out(call: Call, scope: Scope) -> str:
    """Return the text of *call*, with its first argument's meaning where that is a name: `query(sql, [id])`."""
    first = call.arguments[0].strip() if call.arguments else ""
    meaning = scope.meaning(first) if first.isidentifier() else ""
    return f"{call.callee}({meaning}, {', '.join(call.arguments[1:])})" if _STATEMENT.search(meaning) else call.text


def _some(names: set[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name in names if name.isidentifier() and len(name) < 80))[:60]  # noqa: PLR2004 - a name


def _by_comparison(comparison: Comparison, scope: Scope) -> set[str]:
    """Return what a comparison makes of who is asking."""
    for one, other, kind in (
        (comparison.left, comparison.right, comparison.right_type),
        (comparison.right, comparison.left, comparison.left_type),
    ):
        if not scope.caller(one):
            continue
        if other.strip() in _ABSENT:
            return {"user", "role"} if ROLE.search(one) else {"user"}
        if kind in _LITERAL:
            return {"user", "role"} if ROLE.search(one) or "@" in other else {"user"}
        if ROLE.search(one + other):
            return {"user", "role"}
        if not CONSTANT.search(other) and (scope.given(other) or scope.given(one)):
            return {"user", "owner", "matched"}
        return {"user"} if scope.caller(other) or CONSTANT.search(other) else {"user", "owner"}
    return set()


def _accessed(call: Call, query: Query, scope: Scope) -> Access:
    filter_ = query.filter
    rest = (
        ", ".join(call.arguments[1:]) if "?" in filter_ or "$" in filter_ or "%s" in filter_ or ":" in filter_ else ""
    )
    picked = f"{filter_} , {rest}" if rest else filter_
    columns = columns_in(filter_)
    if call.last.lower().startswith(("findbyid", "findbypk", "get_by_id", "doc")) or re.search(
        r"\bget\(|\.doc\(|get_or_404\(", call.text
    ):
        columns = (*columns, "id")
    told = filter_ if query.operation not in {"create", "make"} else ", ".join(call.arguments) + query.data
    return Access(
        call.line,
        query.table,
        query.operation,
        tuple(one for one in columns if not one.isupper())[:12],
        bool(filter_) and scope.given(picked),
        bool(told) and scope.caller(picked if filter_ else told),
        _sets(query, scope),
        _writes(query, scope),
    )


def _writes(query: Query, scope: Scope) -> tuple[str, ...]:
    """Return the columns of keys that get what the request brings, as it came."""
    if query.operation not in {"create", "make"} or not query.data:
        return ()
    return tuple(dict.fromkeys(name for name, value in _fields(query) if _KEYED.search(name) and scope.brought(value)))[
        :8
    ]


def _fields(query: Query) -> list[tuple[str, str]]:
    """Return the fields that *query* writes, each with the text of its value."""
    data = _WRAPPED.sub("{", _COMMENT.sub("", query.data))  # a remark between a comma and the next field
    pairs = [(one[1], one[2]) for one in _PAIR.finditer(data)]
    return pairs + [(one[1], one[1]) for one in _SHORTHAND.finditer(data)]


def _sets(query: Query, scope: Scope) -> tuple[str, ...]:
    """Return the privileged fields that get a value from the request; "*" for all that it brings."""
    if query.operation not in {"create", "change", "make"} or not query.data:
        return ()
    found = [
        name
        for name, value in _fields(query)
        if _PRIVILEGE.fullmatch(name) and scope.given(value) and not scope.caller(value)
    ]
    bare = query.data.strip().strip("()[]").strip()
    names = [one[1] for one in _SPREAD.finditer(query.data) if not _set_after(query.data[one.end() :])]
    names += [bare] if re.fullmatch(r"[\w.]{1,80}", bare) else []
    for name in names:
        form = _whole(name, scope)
        if form is not None:
            found.append(f"*{form}")
        elif name in scope.parameters:
            found.append(f"*{name}()")  # a body as a whole where the caller of this function hands one over
    return tuple(dict.fromkeys(found))


def _whole(name: str, scope: Scope, steps: int = 0) -> str | None:
    """
    Return "" where *name* is a request's body as it came: nothing was picked out of it, and nothing checked its shape.

    A form that is made of a table, `insertUserSchema.parse(req.body)`, lets all of its columns through: then its name
    is returned. None for everything else.
    """
    meaning = scope.meanings.get(name.removesuffix(".data"), "") if re.fullmatch(r"\w{1,60}(?:\.data)?", name) else ""
    for text in (name, meaning):
        if _BODY.fullmatch(text):
            return ""
        formed = _FORMED.search(text)
        if formed is not None and (scope.given(text) or _BODY.search(text)):
            return formed[1]
    followed = re.fullmatch(r"\s*(?:await\s+)?(\w{1,60}(?:\.(?:data|items\(\)))?)\s*", meaning)
    return _whole(followed[1].removesuffix(".items()"), scope, steps + 1) if followed and steps < 3 else None  # noqa: PLR2004 - names of names


def _by_query(access: Access) -> set[str]:
    """Return what a query makes of who is asking."""
    if not access.caller:
        return set()
    # The caller's own row, looked up by nothing else, says who they are: it is no check of another record.
    if access.operation in {"create", "make"} or (
        _PEOPLE.match(access.table) and access.operation == "read" and not access.given
    ):
        return {"user"}
    return {"user", "owner", "matched"} if access.given else {"user", "owner"}


def _by_call(call: Call, query: Query | None, scope: Scope) -> set[str]:
    """Return what a call makes of who is asking."""
    told = [one for one in call.arguments if scope.caller(one)]
    callee = scope.caller(call.callee)
    if query is not None:
        return {"user"} if told else set()
    if callee and _OWN_METHOD.search(call.callee):
        others = [one for one in call.arguments if scope.given(one)]
        return (
            {"user", "role" if ROLE.search(call.callee) else "owner"}
            if others or ROLE.search(call.callee)
            else {"user"}
        )
    if not told:
        return {"user"} if callee else set()
    if _NEUTRAL.match(call.last) or (call.last in _WALKS and all("=>" in one or "lambda" in one for one in told)):
        return {"user"}
    others = [one for one in call.arguments if one not in told and one.lstrip()[:1] not in {'"', "'", "`"}]
    mixed = [one for one in told if scope.given(one)]
    handed_in = scope.is_parameter(call.callee)  # what such a function asks is not known
    if handed_in or _DECIDES.search(call.last):
        asked = {"user", "role"} if ROLE.search(call.last) else {"user", "owner"}
        return asked | {"matched"} if handed_in or mixed or any(scope.given(one) for one in others) else asked
    return {"user", "owner"} if any(scope.given(one) for one in others) or mixed else {"user"}
