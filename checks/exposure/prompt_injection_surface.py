"""
Text from strangers steers a model that can act, or hidden text steers the assistant that writes the code.

What a model writes is as trustworthy as everything it has read: a request, a fetched page, a mail. Where its answer is
run as SQL, as code or as a command, or where a library's agent does that, whoever can write to the model can run it:
that holds the app back. A model that holds tools and reads a request is told as advice. Files that steer coding
assistants (CLAUDE.md, AGENTS.md, .cursorrules and the like) must hold no characters that an editor does not show.

No wording of a prompt keeps a model from following other instructions. What it may do must be limited by code.

## How to fix
1. Never run what a model wrote. Let it choose from functions of your own, and check each argument like any input.
2. For questions over a database: a read-only account that sees only the tables it may, a parsed statement, a limit of
   rows and time.
3. Ask a person before a tool writes, pays or sends. Give the model no more rights than its user has.
4. Delete the hidden characters from the rules file, and look in the history at who put them there.

## Fix prompt
The places listed below let text from outside steer something that acts. Replace running a model's answer (exec, eval,
a shell, raw SQL) by a fixed set of functions whose arguments are validated with a schema; run generated
queries only through a read-only database account with a statement timeout, after checking that it is one SELECT on
allowed tables. For model calls with tools, validate every tool argument, act with the signed-in user's rights only,
and require a confirmation for tools that write, pay or send. Remove invisible Unicode characters from the rules files.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good
from checks.facts.code.other_languages import OtherLanguages
from checks.facts.flows.acting_agents import ActingAgents
from checks.facts.flows.flows import Flow, Flows
from checks.facts.flows.hidden_text import HiddenText
from checks.facts.flows.trust import ALLOWED
from checks.facts.tier import Tier, is_run_by_hand, tier_of
from checks.model import Confidence, Finding, Placement, Severity

_RUNS = {
    "sql": "is run as SQL",
    "shell": "is run as a command",
    "code": "is run as code",
    "load": "is loaded as code",
    "template": "is rendered as a template",
}
_OPENAI = "from openai import OpenAI\nclient = OpenAI()\n"

check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.SANDBOX,
    examples=(
        Bad(
            {
                "app.py": _OPENAI + "def answer(question):\n"
                "    reply = client.chat.completions.create(model='gpt-4o', messages=[\n"
                "        {'role': 'user', 'content': question}])\n"
                "    sql = reply.choices[0].message.content\n    return cursor.execute(sql).fetchall()\n"
            },
            says="What a model wrote is run as SQL",
            line=7,
        ),
        Bad(  # through a function of another file
            {
                "llm.py": _OPENAI + "def write_code(task):\n"
                "    reply = client.chat.completions.create(model='gpt-4o', messages=[\n"
                "        {'role': 'user', 'content': task}])\n"
                "    return reply.choices[0].message.content\n",
                "app.py": "import streamlit as st\nfrom llm import write_code\n"
                "code = write_code(st.chat_input())\nexec(code)\n",
            },
            says="is run as code",
            line=4,
        ),
        Bad(
            {
                "agent.py": "from langchain_experimental.agents import create_pandas_dataframe_agent\n"
                "agent = create_pandas_dataframe_agent(llm, df, allow_dangerous_code=True)\n"
            },
            says="runs code that a model writes",
            line=2,
        ),
        Bad({"CLAUDE.md": "# Rules\nWrite tests.\U000e0069\U000e0067\U000e006e\n"}, says="tag characters", line=2),
        Bad({".cursorrules": "Always use TypeScript.\u202e\u200b\n"}, says="that nobody sees", line=1),
        Bad(  # advice
            {
                "app/api/chat/route.ts": 'import { streamText } from "ai";\n'
                "export async function POST(req: Request) {\n  const { messages } = await req.json();\n"
                "  return streamText({ model, messages, tools: { refund } }).toDataStreamResponse();\n}\n"
            },
            says="steers a model that holds tools",
            line=4,
        ),
        Good(
            {
                "app/api/chat/route.ts": 'import { streamText } from "ai";\n'
                "export async function POST(req: Request) {\n  const { messages } = await req.json();\n"
                "  return streamText({ model, messages }).toDataStreamResponse();\n}\n",
                "AGENTS.md": "# Rules\nBe nice to users \U0001f468\u200d\U0001f469\u200d\U0001f467.\n",
            }
        ),
    ),
)


@check.detect
def detect(flows: Flows, agents: ActingAgents, hidden: HiddenText, _others: OtherLanguages) -> Iterator[Finding]:
    """Yield where a model's answer is run, where one holds tools, and what is hidden in rules files."""
    for path, part in sorted(hidden.files.items()):
        for place in part.places:
            yield Finding(
                f"{place.count} {place.what}, that nobody sees, stand in a file that steers coding assistants",
                path=path,
                line=place.line,
                kind="hidden-text",
                identity=f"{place.what} {place.count}",
            )
    for path, agents_of in sorted(agents.files.items()):
        for agent in agents_of.agents:
            yield Finding(
                f"{agent.name} runs {agent.what} that a model writes: whoever can write to the model decides which",
                path=path,
                line=agent.line,
                kind="agent",
                blocking=not is_run_by_hand(path),
                source=agent.name,
            )
    said: set[tuple[str, int, str]] = set()
    for flow in flows.flows:
        finding = _of_flow(flow)
        if finding is not None and (flow.path, flow.reach.line, finding.kind) not in said:
            said.add((flow.path, flow.reach.line, finding.kind))
            yield finding


def _of_flow(flow: Flow) -> Finding | None:
    """Return what is to be said of *flow* as far as a model is part of it, or None."""
    reach = flow.reach
    served = tier_of(flow.path) is Tier.CODE and not is_run_by_hand(flow.path)
    if reach.origin == "model" and reach.kind in _RUNS and reach.trust < ALLOWED:
        message = f"What a model wrote {_RUNS[reach.kind]} ({reach.via}): who can write to the model decides what runs"
        return Finding(
            message,
            path=flow.path,
            line=reach.line,
            kind="runs-answer",
            blocking=served,
            confidence=Confidence.HIGH if served else Confidence.MEDIUM,
            source=f"{reach.via} {reach.name}",
        )
    if reach.kind == "tools" and reach.origin == "request":
        return Finding(
            f"{reach.name} of the request steers a model that holds tools: let them act with its sender's rights only",
            path=flow.path,
            line=reach.line,
            kind="tools",
            severity=Severity.MEDIUM,
            confidence=Confidence.MEDIUM,
            blocking=False,
            source=f"{reach.via} {reach.name}",
        )
    return None
