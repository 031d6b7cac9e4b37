"""Which records one call reaches for: the forms of the usual database libraries of Python and JavaScript, as data."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPERATIONS = {
    "read": "findunique findfirst findone findbyid findbypk get getone single maybesingle first one scalar "
    "one_or_none scalar_one scalar_one_or_none find_one findoneby first_or_404 get_or_404 get_object_or_404 get_by_id "
    "getdoc get_one fetchone findoneorfail findoneornone findoneorthrow",
    "list": "find findmany findall findandcountall all filter select aggregate groupby count countdocuments fetchall "
    "to_list query getdocs exclude values order_by findby findandcount",
    "create": "create createmany insert insertmany insertone insert_one insert_many bulk_create add adddoc "
    "get_or_create bulkcreate save values",
    "change": "update updatemany updateone update_one update_many updatedoc findbyidandupdate findoneandupdate upsert "
    "set setdoc update_or_create replaceone find_one_and_update patch findoneandreplace",
    "delete": "delete deletemany deleteone delete_one delete_many deletedoc destroy findbyidanddelete remove "
    "findbyidandremove del findoneanddelete findoneandremove find_one_and_delete softdelete",
}
_OPERATION = {word: operation for operation, words in _OPERATIONS.items() for word in words.split()}
_PRISMA = (
    r"findUnique\w*|findFirst\w*|findMany|groupBy"
    r"|deleteMany(?=\(\s*(?:\{\s*\}\s*)?\))"
    r"|(?:count|aggregate|create\w*|update\w*|upsert|delete\w*)(?=\(\s*\{[\s\S]{0,1500}?\b(?:where|data)\b)"
)
_MODEL = (
    r"findById\w*|findByPk|findOne\w*|find|findAll|findAndCountAll|updateOne|updateMany|deleteOne|deleteMany|update"
    r"|destroy|create|insertMany|countDocuments|exists|bulkCreate|findOrCreate|get_by_id|get_or_none|find_one"
)
_MONGO = (
    r"findOne\w*|find|updateOne|updateMany|deleteOne|deleteMany|insertOne|insertMany|countDocuments|aggregate"
    r"|find_one\w*|update_one|update_many|delete_one|delete_many|insert_one|insert_many|count_documents|replaceOne"
)
_STORE = r"collection|get_collection|db|mongo\.db|database"
_KEEPER = "Repository|Repo|Model|Collection|_collection|Coll|Col|_col|_repo"
_REPOSITORY = "findOneBy|findBy|delete|remove|save|softDelete"
_FIRESTORE = "getDoc|updateDoc|deleteDoc|setDoc|addDoc|getDocs"
_OWNER = r"(?:[\w$]+[?!]?\.){0,4}"
_OF_MODEL = r"\(\s*(?:models\.)?(?P<t>[A-Z]\w*)(?:\.objects(?:\.\w{1,40}\([^()]{0,300}\)){0,4})?\s*,"
#: How a call begins that reaches for records; *t* is the table, *op* the operation where the form names it.
_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_OWNER}query\.(?P<t>\w+)\.(?P<op>findFirst|findMany)\(",
        rf"{_OWNER}(?P<t>[a-z_]\w*)\.(?P<op>{_PRISMA})\(",
        rf"(?:models\.|db\.|this\.|self\.)?(?P<t>[A-Z]\w*)\.(?P<op>{_MODEL})\(",
        rf"{_OWNER}(?:{_STORE})[.(\[]\s*[\"'`]?(?P<t>\w{{1,60}})[\"'`]?[)\]]*\.(?P<op>{_MONGO})\(",
        rf"{_OWNER}(?P<t>\w{{0,60}}?)(?:{_KEEPER})\.(?P<op>{_MODEL}|{_MONGO}|{_REPOSITORY})\(",
        r"(?:[\w.$!?]|\([^()]{0,60}\)){0,80}?\.?(?:from|table)\(\s*[\"'`](?P<t>[\w.]+)[\"'`]",
        rf"{_OWNER}(?:select|selectDistinct)\([^)]{{0,600}}\)\s*\.from\(\s*(?:schema\.)?(?P<t>\w+)",
        rf"{_OWNER}(?P<op>update|delete|insert)\(\s*(?:schema\.|models\.)?(?P<t>[A-Za-z_]\w*)\s*\)",
        rf"{_OWNER}collection\(\s*[\"'`](?P<t>\w+)[\"'`]\s*\)",
        rf"(?P<op>{_FIRESTORE})\(\s*(?:doc|collection|query)\(\s*(?:collection\(\s*)?\w+\s*,\s*[\"'`](?P<t>\w+)",
        r"(?:knex|db|trx)\(\s*[\"'`](?P<t>\w+)[\"'`]\s*\)",
        rf"{_OWNER}query\(\s*(?:models\.|schemas\.)?(?P<t>[A-Z]\w*)",
        r"(?:models\.)?(?P<t>[A-Z]\w*)\.query\b",
        r"(?:models\.)?(?P<t>[A-Z]\w*)\.objects\b",
        r"(?:models\.)?(?P<t>[A-Z]\w*)\.select\(",
        rf"{_OWNER}(?P<op>get|get_one|get_or_404|get_object_or_404|aget_object_or_404){_OF_MODEL}",
        r"(?:sa\.|sqlalchemy\.|sqlmodel\.)?(?P<op>select|update|delete)\(\s*(?:models\.)?(?P<t>[A-Z]\w*)",
    )
)
_SQL = re.compile(
    r"[\"'`]\s*(?:--[^\n]{0,200}\n\s*)?(?P<op>SELECT|UPDATE|DELETE|INSERT|REPLACE)\b(?P<rest>.{0,2000})", re.DOTALL
)
_SQL_TABLE = {
    "select": re.compile(r"\bFROM\s+[\"'`\[]?(?:\w+\.)?(?P<t>\w+)", re.IGNORECASE),
    "update": re.compile(r"\s*(?:OR\s+\w+\s+)?[\"'`\[]?(?:\w+\.)?(?P<t>\w+)", re.IGNORECASE),
    "delete": re.compile(r"\bFROM\s+[\"'`\[]?(?:\w+\.)?(?P<t>\w+)", re.IGNORECASE),
    "insert": re.compile(r"\bINTO\s+[\"'`\[]?(?:\w+\.)?(?P<t>\w+)", re.IGNORECASE),
    "replace": re.compile(r"\bINTO\s+[\"'`\[]?(?:\w+\.)?(?P<t>\w+)", re.IGNORECASE),
}
#: A table that the code puts into the statement: `SELECT * FROM ${table}`.
_ANY_TABLE = re.compile(
    r"\bFROM\s+[\"`\[]?(?:\$?\{\s{0,9}(?P<n>\w{1,60})\s{0,9}\}|[\"']\s{0,9}\+\s{0,9}(?P<m>\w{1,60}))",
    re.IGNORECASE,
)
#: Settings of the whole app, kept by a class or an object of their own.
_SETTING = re.compile(
    r"(?:[\w$]{1,60}\.){0,3}(?P<t>\w{0,60}(?:[sS]ettings?|[cC]onfig|[cC]onfiguration|_settings?))(?:Service|Store|Manager)?"
    r"\.(?:set|save|update|upsert|put)(?=[A-Z_(])\w{0,60}\("
)
_RUNS_SQL = re.compile(
    r"(?:\.|^)(?:execute\w*|query\w*|fetch\w*|run|all|get|one|none|any|many|raw|sql|text|prepare|exec|read_sql\w*)$"
    r"|sql|\$queryRaw\w*|\$executeRaw\w*",
    re.IGNORECASE,
)
_FILTERS = re.compile(
    r"\.(?:where|andWhere|filter|filter_by|eq|match|in|in_|or|or_|get|get_or_404|doc|find\w*|contains|exclude|equals)\("
)
_SETTER = re.compile(r"\.(?:set|update|values|insert|upsert|create|update_or_create)\(")
_FILES = re.compile(r"\bstorage\s{0,40}\.from\(")  # a bucket's files, not a table
_WHERE = re.compile(r"\bwhere\s*:\s*|\bwhere\s*=\s*(?!=)")
_DATA = re.compile(r"\b(?:data|update)\s*:\s*")
_LATER = re.compile(r"\.(\w+)\(")
_COLUMN = re.compile(r"[A-Za-z_]\w*")
_BROKEN = re.compile(r"\s{1,200}(\??\.)(?=\w)")  # a chain that goes on in the next line
_PICKS = re.compile(r"\b(?:include|select|orderBy|with|columns|populate|attributes)\s*:")


@dataclass(frozen=True, slots=True)
class Query:
    """One call in the words of the code: *filter* is the text that picks the records, *data* what is written."""

    table: str
    operation: str
    filter: str
    data: str


def query_in(callee: str, text: str) -> Query | None:
    """Return what the call *text*, whose function is *callee*, reaches for; None where that is no record."""
    if _RUNS_SQL.search(callee):
        found = _of_sql(text)
        if found is not None:
            return found
    setting = _SETTING.match(text)
    if setting is not None:
        return Query(setting["t"], "change", text[setting.end() :].removesuffix(")"), "")
    text = _BROKEN.sub(r"\1", text)
    if _FILES.search(text[:400]):
        return None
    for form in _FORMS:
        match = form.match(text)
        if match is not None:
            return _of_form(match, text)
    return None


def _of_sql(text: str) -> Query | None:
    match = _SQL.search(text)
    if match is None:
        return None
    verb = match["op"].lower()
    table = _SQL_TABLE[verb].search(match["rest"])
    anyone = _ANY_TABLE.search(match["rest"]) if table is None and verb == "select" else None
    if anyone is not None:
        return Query("*", "list", anyone["n"] or anyone["m"], "")
    if table is None:
        return None
    where = re.search(r"\bWHERE\b", match["rest"], re.IGNORECASE)
    ending = match["rest"][where.end() :] if where is not None else ""
    operation = {"select": "list", "update": "change", "delete": "delete"}.get(verb, "create")
    if operation == "list" and where is not None:
        operation = "read"
    if where is None and operation != "create":
        return Query(table["t"], operation, "", "")
    if operation == "create":
        return Query(table["t"], operation, "", match["rest"])
    values = match["rest"][: where.start()] if where is not None else ""
    return Query(table["t"], operation, ending, values if "{" in values else "")


def _of_form(match: re.Match[str], text: str) -> Query | None:
    table = match["t"].rpartition(".")[2]
    if not table or table in {"Object", "Array", "Math", "JSON", "Promise", "Date", "Number", "String", "Map", "Set"}:
        return None
    groups = match.groupdict()
    named = (groups.get("op") or "").lower()
    later = [word.lower() for word in _LATER.findall(text[match.end() - 1 :] if not named else text)]
    operation = _operation(named, later)
    filter_, data = _parts(match, text, named)
    return Query(table, operation, filter_, data)


def _operation(named: str, later: list[str]) -> str:
    """Return the operation that the words of a call make together: what changes something counts first."""
    words = [named, *later]
    kinds = [kind for word in words if (kind := _OPERATION.get(word.removesuffix("orthrow"))) is not None]
    for kind in ("delete", "change", "create", "read"):
        if kind in kinds:
            return kind
    if any(word.startswith(("findunique", "findfirst", "findone", "findby")) for word in words):
        return "read"
    return "list"


def _parts(match: re.Match[str], text: str, named: str) -> tuple[str, str]:
    """Return the texts of *text* that pick records and that are written."""
    where = _WHERE.search(text)
    if where is not None:
        written = _DATA.search(text)
        rest = balanced(text, written.end()) if written is not None else text[: where.start()]
        return balanced(text, where.end()), rest
    picked = [balanced(text, found.end()) for found in _FILTERS.finditer(text)]
    first, rest = _arguments(text, match)
    if named.startswith(("findby", "get", "update_", "delete_", "find", "replace")) or named in {
        *("updateone", "deleteone", "updatemany", "deletemany", "updatedoc", "deletedoc", "setdoc", "remove", "exists"),
        *("destroy", "delete", "softdelete", "count_documents", "countdocuments"),
    }:
        picked.append(first if not named.startswith("get") else text[match.end() :])
        return " , ".join(picked), rest
    setter = _SETTER.search(text, match.end())
    data = balanced(text, setter.end()) if setter is not None else first if named in _OPERATION else ""
    if named == "update" and not picked and rest:  # repository.update(id, data)
        return first, rest
    return " , ".join(picked), data


def _arguments(text: str, match: re.Match[str]) -> tuple[str, str]:
    """Return the first argument of the call that *match* ends in, and the others."""
    begins = text.find("(", max(match.start(), match.end() - 40) if "op" not in match.groupdict() else match.end("op"))
    inside = balanced(text, begins, 2_000)[1:].removesuffix(")") if begins >= 0 else ""
    depth = 0
    for position, sign in enumerate(inside):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            return inside[:position], inside[position + 1 :]
    return inside, ""


def balanced(text: str, start: int, most: int = 1_200) -> str:
    """Return *text* from *start* to where the bracket that it stands in, or that begins there, is closed."""
    depth = 0
    end = min(len(text), start + most)
    for position in range(start, end):
        sign = text[position]
        if sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
            if depth < 0 or (depth == 0 and text[start] in "([{"):
                return text[start : position + 1] if depth == 0 else text[start:position]
    return text[start:end]


def columns_in(text: str) -> tuple[str, ...]:
    """Return the words of *text* that may be columns, in order."""
    return tuple(dict.fromkeys(_COLUMN.findall(_PICKS.split(text)[0])))[:30]
