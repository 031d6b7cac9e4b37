"""Handlers that only answer: a demonstration's fixed text, or what was sent, given back. Nothing is kept or read."""

from __future__ import annotations

import re

from checks.facts.code.outline import Function

#: What a handler may call and still do nothing but answer.
_ANSWERS = re.compile(
    r"^(?:(?:res|response|reply|_?res|c|ctx)(?:\.(?:status|json|send|sendStatus|end|type|set|header|code|text))+"
    r"|(?:Next)?Response(?:\.json)?|jsonify|json\.dumps|JSON\.stringify|JSONResponse|HttpResponse|JsonResponse"
    r"|console\.\w+|print|log|logger\.\w+|logging\.\w+|Date\.now|new Date|Date|datetime\.(?:now|utcnow)|Math\.\w+"
    r"|uuid4?|uuid\.uuid4|uuidv4|nanoid|randomUUID|crypto\.randomUUID|str|String|int|Number|parseInt|len|dict|list"
    r"|(?:req|request)\.json|request\.get_json|setTimeout|Promise|asyncio\.sleep|sleep|time\.(?:time|sleep)"
    r"|[\w.]*\.(?:toISOString|toString|isoformat|hex|slice|toFixed|format|get|toLowerCase|lower|strip|trim|json|status))$"
)
_GIVEN = re.compile(r"\([^()]*\)")  # res.status(201).json
#: What says that more is done than answering.
_DOES = frozenset(
    {"writes", "destroys", "stores", "reads", "runs", "hands_out", "mails", "looks_up", "keeps", "environment", "keyed"}
)


def is_stub(function: Function) -> bool:
    """Whether *function* calls nothing but what makes an answer, and keeps nothing."""
    if function.inner or function.waived or _DOES.intersection(function.traits):
        return False
    return all(_ANSWERS.match(_GIVEN.sub("", call)) for call in function.calls)
