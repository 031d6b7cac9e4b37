"""Handlers that only answer: a demonstration's fixed text, or what was sent, given back. Nothing is kept or read."""

from __future__ import annotations

import re

from checks.facts.code.module_graph import Program
from checks.facts.code.outline import Function

#: What a handler may call and still do nothing but answer.
_ANSWERS = re.compile(
    # What is asked elsewhere, by a plain word.
    r"^(?!(?:requests|httpx|axios|https?|urllib\w*|aiohttp|client|db|redis|cache|store|storage|conn\w*|cursor|collection)\.)"
    r"(?![A-Z]\w*\.(?:get|all|read|map|update|values|items)$)"
    r"(?:(?:res|response|reply|_?res|c|ctx)(?:\.(?:status|json|send|sendStatus|end|type|set|header|code|text|throw))+"
    r"|(?:Next)?Response(?:\.json)?|jsonify|json\.dumps|JSON\.stringify|JSONResponse|HttpResponse|JsonResponse"
    r"|console\.\w+|print|log|logger\.\w+|logging\.\w+|Date\.now|new Date|Date|datetime\.(?:now|utcnow)|Math\.\w+"
    r"|uuid4?|uuid\.uuid4|uuidv4|nanoid|randomUUID|crypto\.randomUUID|str|String|int|Number|parseInt|len|dict|list"
    r"|(?:req|request)\.json|request\.get_json|setTimeout|Promise|asyncio\.sleep|sleep|time\.(?:time|sleep)"
    r"|all|any|map|sorted|range|enumerate|zip|sum|min|max|abs|round|bool|float|tuple|set|isinstance|type|repr|Boolean"
    r"|json\.loads|JSON\.parse|base64\.\w+|urlparse|urlunparse|urlencode|quote|(?:\w+\.)?(?:make_response|redirect)|url_for|abort"
    r"|[\w.\[\]\"']*\.(?:items|keys|values|decode|encode|join|split|append|push|update|to_dict|copy|replace|startswith)"
    r"|[\w.\[\]\"']*\.(?:endswith|upper|read|lists|get_all|getlist|strftime|startsWith|endsWith|includes|map|concat|entries|indexOf)"
    r"|[A-Z]\w*(?:Dict|Error|Exception|Response)"
    r"|[\w.]*\.(?:toISOString|toString|isoformat|hex|slice|toFixed|format|get|toLowerCase|lower|strip|trim|json|status))$"
)
_GIVEN = re.compile(r"\([^()]*\)")  # res.status(201).json
#: What says that more is done than answering; of a function that it calls, unless all that this calls is known.
_DOES = frozenset(
    {"writes", "destroys", "stores", "reads", "runs", "hands_out", "mails", "looks_up", "keeps", "environment", "keyed"}
)
_UNTOLD = frozenset({"looks_up", "writes"})  # told by names of calls alone, all of which are known to be plain ones
_DEEPEST = 3  # functions that call functions


def is_stub(program: Program, path: str, function: Function, depth: int = 0) -> bool:
    """Whether *function* of *path*, with what it calls, does nothing but make an answer, and keeps nothing."""
    if function.waived or _DOES.difference(_UNTOLD if depth else ()).intersection(function.traits):
        return False
    if depth > _DEEPEST:
        return False
    module = program.modules[path]
    within = [module.functions[name] for name in function.inner if name in module.functions]
    if len(within) < len(function.inner) or not all(is_stub(program, path, one, depth + 1) for one in within):
        return False
    return all(_is_plain(program, path, function, call, depth) for call in function.calls)


def _is_plain(program: Program, path: str, function: Function, call: str, depth: int) -> bool:
    if _ANSWERS.match(_GIVEN.sub("", call)):
        return True
    found = program.body_of(program.resolve(path, function.name, call))
    called = program.function(found)
    return called is not None and is_stub(program, found.path, called, depth + 1)
