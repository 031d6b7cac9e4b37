"""Agents of libraries that run what a model writes: SQL, Python or a shell, by line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import re2

from checks.fact import Collector, Listing
from checks.facts.code.syntax import language_of
from checks.facts.tier import Tier, tier_of


@dataclass(frozen=True, slots=True)
class ActingAgent:
    """At *line* stands *name*, which runs *what* a model writes."""

    line: int
    name: str
    what: str


@dataclass(frozen=True, slots=True)
class AgentsInFile:
    """The acting agents of one file."""

    agents: tuple[ActingAgent, ...]


@dataclass(frozen=True, slots=True)
class ActingAgents:
    """The acting agents of all files, by path."""

    files: Mapping[str, AgentsInFile]


_WHAT = {
    name: what
    for what, names in {
        "SQL": """
            create_sql_agent SQLDatabaseChain SQLDatabaseToolkit NLSQLTableQueryEngine createSqlAgent SqlDatabaseChain
            SqlToolkit
        """,
        "code": """
            create_pandas_dataframe_agent create_csv_agent create_python_agent create_spark_dataframe_agent PythonREPL
            PythonREPLTool PythonAstREPLTool PALChain LocalCommandLineCodeExecutor
            PandasQueryEngine SmartDataframe SmartDatalake
        """,
        "shell commands": "ShellTool BashProcess BashTool TerminalTool LLMBashChain",
    }.items()
    for name in names.split()
}
_CALL = re2.compile(r"\b(?P<name>" + "|".join(map(re.escape, _WHAT)) + r")(?:\.from_llm|\.from_db|\.fromLLM)?\(")
_MOST = 50


def kind_of(path: str) -> str | None:
    """Return the language of *path*, or None for what is not served."""
    return language_of(path) if tier_of(path) is Tier.CODE else None


def read(text: str, _kind: str) -> AgentsInFile | None:
    """Return the acting agents of *text*, or None."""
    if _CALL.search(text) is None:
        return None
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        match = _CALL.search(line[:2_000])
        if match is not None and not re.match(r"\s*(?:#|//|\*|def |class |function )", line[:200]):
            found.append(ActingAgent(number, match["name"], _WHAT[match["name"]]))
    return AgentsInFile(tuple(found[:_MOST])) if found else None


def join(parts: Mapping[str, AgentsInFile], _listing: Listing) -> ActingAgents:
    """Return the acting agents of all files."""
    return ActingAgents(dict(parts))


source = Collector(fact=ActingAgents, part=AgentsInFile, kind_of=kind_of, read=read, join=join)
