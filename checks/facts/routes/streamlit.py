"""
Streamlit's pages: each script is a page that anybody who finds the address may open, unless it stops them itself.

A login in the main script guards the pages of its `pages` folder only where it runs before each of them, under
st.navigation; else every page is a script of its own. What stands at the top level of a script is in no function of its
outline, so what matters of it is read from the text, as directives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from checks.facts.code.bodies import is_personal, reads_of
from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Module
from checks.facts.code.outline import Import, Outline
from checks.facts.routes.surface import Event, Site, Surface

_MARK = "streamlit:"
_IMPORTS = re.compile(r"^(?:import streamlit\b|from streamlit import)", re.MULTILINE)
_PAGE = re.compile(r"^(?:st\.\w+|with st\.|if __name__|main\(\)|\w+ = st\.)", re.MULTILINE)
#: A condition on who is there, and what turns the others away. Only a script that has both asks for a login.
_WHO = re.compile(
    r"^[ \t]*(?:el)?if\b[^\n]{0,200}(?:authent|authori[sz]|check_auth|is_auth|auth_|log(?:ged)?_?in|is_log|password"
    r"|passcode|session_state\W{1,3}(?:get\W{1,3})?\w{0,20}(?:user|role|account))[^\n]{0,200}$",
    re.IGNORECASE | re.MULTILINE,
)
_TURNS_AWAY = re.compile(r"\bst\.(?:stop|login|switch_page)\(|^[ \t]+(?:return|sys\.exit\()|^else:", re.MULTILINE)
_LOGIN = re.compile(
    r"\bst\.(?:login|user\.is_logged_in|experimental_user)|streamlit_authenticator|streamlit_oauth|stauth\b"
)
_ASKS = re.compile(
    r"(?<![.\w])(?P<name>\w{0,40}(?:auth|login|logged|password|permission|access|guard)\w{0,40})\(", re.IGNORECASE
)
_WRITES = re.compile(
    r"\bINSERT\s+INTO\b|\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\b|\.commit\(|append_row|update_cell|\.insert\(|\.upsert\("
    r"|insert_one|delete_one|update_one|to_sql\(|write_df|batch_update|\.to_csv\([^)\n]{0,80}[\w\"'](?:path|file|csv)"
    r"|\.to_csv\(\s*[A-Z\"']|\.to_excel\(\s*[A-Z\"']|json\.dump\(",
    re.IGNORECASE,
)
#: Files of data that a page reads or writes, by what their names say.
_FILES = re.compile(r"[\"'](?P<name>[\w./-]{1,80})\.(?:csv|xlsx?|json|db|sqlite3?|parquet)[\"']")
_STORES = re.compile(
    r"^(?:sqlite3|psycopg2?|sqlalchemy|pymysql|mysql|pymongo|gspread|supabase|firebase_admin|snowflake|duckdb|pyodbc"
    r"|asyncpg|peewee|sqlmodel|boto3|google\.cloud|motor)\b"
)
_MAIN = re.compile(
    r"^(?:app|main|\w*streamlit\w*|\w*home|dashboard|index|ui|frontend|run|chatbot|server)\.py$", re.IGNORECASE
)
#: As Streamlit reads the names of pages: `62_34s_Stock.py` is the page 34s_Stock.
_NUMBER = re.compile(r"^\d*[_ -]*(?:[^\w\s-]+[_ -]*)?")
_DEEP = 3  # own modules that a page imports, and that these import
_EXPECTED = "a login at the top of the page that ends with st.stop() for who is not signed in, or st.login()"


def marks_in(text: str, outline: Outline) -> Outline:
    """Return *outline*, of Python *text*, with what its script does at its top level where it is a Streamlit page."""
    if not _IMPORTS.search(text):
        return outline
    first = _PAGE.search(text)
    marks = []
    if "set_page_config(" in text:
        marks.append(f"{_MARK}configures")
    if first is not None:
        line = text.count("\n", 0, first.start()) + 1
        marks.append(f"{_MARK}page:{line}")
    if _LOGIN.search(text) or (_WHO.search(text) and _TURNS_AWAY.search(text)):
        marks.append(f"{_MARK}asks")
    if "st.navigation(" in text:
        marks.append(f"{_MARK}navigates")
    if _WRITES.search(text):
        marks.append(f"{_MARK}stores")
    names, fetches = reads_of(text)
    files = [match["name"].rpartition("/")[2] for match in _FILES.finditer(text)]
    names = (*names, *(name for name in dict.fromkeys(files) if is_personal(name)))[:20]
    fetches = fetches or bool(files)
    marks += [f"{_MARK}reads:{name}" for name in names] + ([f"{_MARK}reads:"] if fetches else [])
    marks += [f"{_MARK}calls:{name}" for name in dict.fromkeys(match["name"] for match in _ASKS.finditer(text))][:20]
    return replace(outline, directives=(*outline.directives, *marks)) if marks else outline


def streamlit(program: Program) -> Surface:
    """Return the pages of *program*'s Streamlit apps."""
    surface = Surface("Streamlit", _EXPECTED, program)
    pages = {path: line for path, module in program.modules.items() if (line := _line(module))}
    imported = {
        target
        for path, module in program.modules.items()
        for one in module.outline.imports
        for target in _targets(program, path, one)
    }
    guarded = {
        path.rpartition("/")[0]
        for path in pages
        if _has(program.modules[path], "navigates") and _asks(program, program.modules[path])
    }
    for path, line in pages.items():
        folder, _, name = path.rpartition("/")
        below = folder == "pages" or folder.endswith("/pages")
        signs = [_has(program.modules[path], "configures"), _MAIN.search(name) is not None]
        if not below and (not any(signs) or (path in imported and not all(signs))):
            continue  # a part of another page
        home = folder.removesuffix("pages").rstrip("/") if below else folder
        known = "a login in its own script" if _asks(program, program.modules[path]) else ""
        known = known or ("the login in the script that leads to it" if home in guarded else "")
        url = _url(name) if below else "/"
        inner = [other for other in pages if not below and other.startswith(f"{folder}/pages/".lstrip("/"))]
        surface.direct.append(_event(program, [path, *inner], line, url).but(known=known))
    return surface


def _url(name: str) -> str:
    """Return the path of the page in file *name*: without its number, what parts that, and a picture behind it."""
    stem = name.removesuffix(".py")
    return "/" + (_NUMBER.sub("", stem, count=1) or stem).replace(" ", "_")


def _event(program: Program, paths: list[str], line: int, url: str) -> Event:
    """Return the page at *url* with what its script, the first of *paths*, and those below it read and store."""
    pages = [program.modules[path] for path in paths]
    modules = [*pages, *(one for page in pages for one in _own_imports(program, page))]
    marks = [one.removeprefix(_MARK) for part in modules for one in part.outline.directives if one.startswith(_MARK)]
    fetches = any(mark.startswith("reads:") for mark in marks) or any(
        _STORES.match(one.module) for part in modules for one in part.outline.imports
    )
    named = [mark.partition(":")[2] for mark in marks if mark.startswith("reads:")]
    words = [word for path in paths for word in re.findall(r"[A-Za-z]+", path.rpartition("/")[2])]
    reads = [*(name for name in named if name), *(word for word in words if fetches and is_personal(word))]
    writes = any(_has(page, "stores") for page in modules)  # parts of a page store what is entered in it
    traits = {"generic", *({"stores", "writes"} if writes else ()), *({"reads"} if fetches else ())}
    event = Event("route", Site(paths[0]), line, url, "ANY" if writes else "GET", traits=frozenset(traits))
    return event.but(reads=tuple(dict.fromkeys(reads))[:8])


def _line(module: Module) -> int:
    marks = [one for one in module.outline.directives if one.startswith(f"{_MARK}page:")]
    return int(marks[0].rpartition(":")[2]) if marks else 0


def _has(module: Module, mark: str) -> bool:
    return f"{_MARK}{mark}" in module.outline.directives


def _asks(program: Program, module: Module) -> bool:
    """Whether the script turns away who is not signed in, itself or in a function of the repository that it calls."""
    if _has(module, "asks"):
        return True
    for one in module.outline.directives:
        if one.startswith(f"{_MARK}calls:"):
            found = program.resolve(module.path, "", one.rpartition(":")[2])
            home = program.modules.get(found.path) if found.kind == "function" else None
            if home is not None and home.path != module.path and _has(home, "asks"):
                return True
    return False


def _own_imports(program: Program, module: Module) -> Iterator[Module]:
    """Yield the repository's modules that *module* imports, nearest first."""
    pending = [(module, 0)]
    seen = {module.path}
    while pending and len(seen) < 60:  # noqa: PLR2004 - modules behind one page
        one, depth = pending.pop(0)
        for wanted in one.outline.imports:
            for target in _targets(program, one.path, wanted):
                if target not in seen and target in program.modules and depth < _DEEP:
                    seen.add(target)
                    pending.append((program.modules[target], depth + 1))
                    yield program.modules[target]


def _targets(program: Program, path: str, one: Import) -> list[str]:
    if not path.endswith(".py"):
        return []
    found = program.files.named(path, one.module)[:1]
    inner = program.files.submodule(found[0], one.name) if found and one.name else ""
    return [*found, inner] if inner else found
