"""What a request is called: the names under which code gets what a caller sent, in Python and in JavaScript."""

from __future__ import annotations

import re

from checks.facts.flows.patterns import Parameter
from checks.facts.flows.scopes import File, Scope, dotted
from checks.facts.flows.value import (
    ADDRESS,
    MODEL,
    NOTHING,
    PARAMETER,
    REQUEST,
    UNKNOWN,
    Origin,
    Value,
    caught_all,
    named,
)
from checks.facts.word_set import word_set

# --- Python ---
_PY_REQUEST = re.compile(
    r"(?:self\.|flask\.|bottle\.)?(?:request|req|http_request)\.(?:args|form|values|json|data|files|cookies|headers"
    r"|query_string|view_args|full_path|GET|POST|body|FILES|META|COOKIES|query_params|path_params|query|match_info|url"
    r"|rel_url|params|forms)(?!\w)|(?:st|streamlit)\.query_params(?!\w)|self\.kwargs(?!\w)"
)
_PY_CALLED = re.compile(
    r"(?:self\.|flask\.)?(?:request|req)\.(?:get_json|get_data|json|form|body|post|text|read)"
    r"|self\.get_(?:query_|body_)?arguments?|(?:st|streamlit)(?:\.sidebar)?\.(?:text_input|text_area|chat_input)"
    r"|\w*(?:ws|websocket|socket)\.(?:receive_(?:text|json|bytes)|recv)|\w*parser\.parse_args|(?:cgi\.)?FieldStorage"
    r"|(?:st|streamlit)\.experimental_get_query_params"
)
_FASTAPI = re.compile(r"@\s*\w+\.(?:get|post|put|patch|delete|api_route|websocket)\b")
_FLASK = re.compile(r"@\s*\w+(?:\.\w+)?\.(?:route|get|post|put|patch|delete)\b")
_EVENTS = re.compile(r"@\s*\w*(?:socketio|sio|socket|cl)\.(?:on|event|on_message)\b")
_PLAIN_TYPE = re.compile(
    r"\b(?:int|float|bool|UUID\w?|date|datetime|timedelta|Decimal|Literal|Enum|PositiveInt|ObjectId)\b"
)
_TEXT_TYPE = re.compile(r"\b(?:str|bytes|dict|Dict|list|List|Any|bytearray)\b|UploadFile")
_SERVICE_TYPE = re.compile(
    r"^(?:Request|Response|WebSocket|BackgroundTasks|HTTPConnection|HttpRequest|Current\w+|Annotated\[.*"
    r"|\w*(?:Session|Service|Repository|Repo|User|Deps?|Settings|Client|Manager|Context|Db|DB))$"
)
_INJECTED = re.compile(r"\b(?:Depends|Security|Inject|Provide)\s*\(")
_CONVERTED = re.compile(
    r"<(?P<type>\w+)(?:\([^)]*\))?:(?P<name>\w+)>|<(?P<plain>\w+)>|\{(?P<brace>\w+)(?::(?P<as>\w+))?\}"
)
_NUMBERS = frozenset({"int", "float", "uuid", "number", "date"})

# --- JavaScript ---
_REQ = r"(?:_?req|_?request|nextRequest|httpReq)"
_JS_REQUEST = re.compile(
    rf"(?:this\.)?{_REQ}\.(?:body|query|params|headers|cookies|files?|originalUrl|rawBody|nextUrl|url)(?!\w)"
    r"|(?:ctx|context|koaCtx)\.(?:request\.(?:body|query|headers?|files)|query|params|querystring)(?!\w)"
    r"|_?event\.(?:body|queryStringParameters|pathParameters|multiValueQueryStringParameters|rawQueryString|params"
    r"|url\.searchParams)(?!\w)"
)
_JS_CALLED = re.compile(
    rf"{_REQ}\.(?:json|text|formData|blob|arrayBuffer)|_?req\.(?:param|header|get)"
    r"|(?:c|ctx|context)\.req\.(?:query|param|json|header|text|formData|parseBody|queries|body)"
    r"|event\.request\.(?:json|formData|text)|readBody|getQuery"
)
#: How an answer of a model that was asked over HTTP is taken apart.
_ANSWER_OF_MODEL = re.compile(r"\bchoices\[0\]\.(?:message|delta|text)|\bcandidates\[0\]\.content")
_WHOLE = word_set("body query params json args form values GET POST get_json data queryStringParameters")
_ADDRESS = re.compile(
    r"(?:window\.|document\.|self\.|globalThis\.)?location\.(?:search|hash|href)\b|document\.(?:referrer|URL|documentURI)\b"
)
_ADDRESS_CALLS = re.compile(r"useSearchParams|useParams|useLocation|useRouter\.query")
_FROM_ROUTE = frozenset({"params", "searchParams"})
_OF_REQUEST = frozenset({"body", "query", "headers", "cookies", "files", "file"})
_ANSWER = re.compile(r"_?(?:res|response|reply|next)$")
_ARGUMENT_DECORATOR = re.compile(r"@(?P<name>Body|Query|Param|Headers|UploadedFiles?)\s*\(")
_MESSAGES = re.compile(
    r"(?:^|[.\s])(?:\w*(?:ws|socket|conn(?:ection)?|client|io|wss?))\.(?:on|once|addEventListener)$", re.IGNORECASE
)
_JS_NUMBER = re.compile(r"^:?\s*(?:number|boolean|bigint|Date|File)\b")


def by_name(text: str, scope: Scope, file: File, *, call: bool) -> Value | None:
    """Return what the dotted name *text* (its *call*, where it is called) stands for where it is a source, or None."""
    python = scope.language == "python"
    if call:
        pattern = _PY_CALLED if python else _JS_CALLED
        match = pattern.fullmatch(text)
        address = not python and _ADDRESS_CALLS.fullmatch(text)
    else:
        pattern = _PY_REQUEST if python else _JS_REQUEST
        match = pattern.match(text)
        address = not python and _ADDRESS.match(text)
    if not call and _ANSWER_OF_MODEL.search(text):
        return Value((Origin(MODEL, named(text)),))
    if address:
        return Value((Origin(ADDRESS, named(text)),))
    if text.endswith("parse_args") and "reqparse" not in file.modules:
        return None
    if match is None or not _is_request(text.partition(".")[0], scope, file):
        return None
    whole = match.end() == len(text) and text.rpartition(".")[2] in _WHOLE
    return Value((Origin(REQUEST, named(text), whole=whole),))


def _is_request(root: str, scope: Scope, file: File) -> bool:
    """Whether the name *root* can be a request: a parameter or an import, not something made here."""
    if not root.lstrip("_").startswith(("req", "request")):
        return True
    at: Scope | None = scope
    while at is not None:
        if root in at.parameters:
            return True
        if root in at.bindings:
            return any(binding.path for binding in at.bindings[root])
        at = at.parent
    return scope.language == "javascript" or "request" in file.imports.get(root, "")


def of_parameter(scope: Scope, parameter: Parameter, file: File) -> Value:
    """Return what *parameter* of function *scope* is when a framework calls it; else its place."""
    of = _python_parameter if scope.language == "python" else _javascript_parameter
    return of(scope, parameter, file)


def _javascript_parameter(scope: Scope, parameter: Parameter, file: File) -> Value:
    name, place, annotation = parameter.name, parameter.place, parameter.annotation
    decorator = _ARGUMENT_DECORATOR.search(_text(parameter)) if parameter.node is not None else None
    if _JS_NUMBER.match(annotation) or "ParseIntPipe" in _text(parameter):
        return NOTHING
    if decorator is not None:
        whole = decorator["name"] in {"Body", "Query"} and _text(parameter)[decorator.end() :][:1] == ")"
        request = Value((Origin(REQUEST, name, whole=whole),))
        return request.through_schema() if annotation[1:].strip()[:1].isupper() else request
    member = place.partition(".")[2]
    if member in _FROM_ROUTE or (not member and name == "searchParams") or "FormData" in annotation:
        return Value((Origin(REQUEST, name),))
    if _is_action(scope, file):
        return Value((Origin(REQUEST, name, whole=not member),))
    if member in _OF_REQUEST and place.startswith("0") and any(_ANSWER.match(one) for one in scope.parameters):
        return Value((Origin(REQUEST, f"req.{member}", whole=True),))
    return _of_callback(scope, parameter) or _own(scope, parameter)


def _own(scope: Scope, parameter: Parameter) -> Value:
    """Return what whoever calls the function fills *parameter* with."""
    if scope.inline:
        return Value((Origin(UNKNOWN, parameter.name),))
    return Value((Origin(PARAMETER, parameter.place, owner=scope.name),))


def _of_callback(scope: Scope, parameter: Parameter) -> Value | None:
    """Return what an unnamed function gets from the call it is handed to: a socket's message, a procedure's input."""
    arguments = scope.node.parent
    call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
    function = call.child_by_field_name("function") if call is not None else None
    if function is None or not scope.inline:
        return None
    last = function.child_by_field_name("property")
    if (
        parameter.place.endswith(".input")
        and last is not None
        and dotted(last) in {"query", "mutation", "subscription"}
    ):
        return Value((Origin(REQUEST, "input", schema=True),))
    if parameter.place.startswith("0") and _MESSAGES.search(dotted(function)):
        return Value((Origin(REQUEST, parameter.name),))
    return None


def _is_action(scope: Scope, file: File) -> bool:
    """Whether *scope* is a server action: marked itself, or exported from a marked file."""
    if scope.action and scope.name:
        return True
    if not file.actions or scope.parent is None or scope.parent.name:
        return False
    node = scope.node.parent
    for _ in range(3):
        if node is None:
            return False
        if node.type == "export_statement":
            return True
        node = node.parent
    return False


def _text(parameter: Parameter) -> str:
    node = parameter.node
    if node is None or node.end_byte - node.start_byte > 300:  # noqa: PLR2004 - a parameter, not a body
        return ""
    return (node.text or b"").decode("utf-8", "replace")


def _python_parameter(scope: Scope, parameter: Parameter, file: File) -> Value:
    annotation = parameter.annotation
    own = _own(scope, parameter)
    if _PLAIN_TYPE.search(annotation) and not _TEXT_TYPE.search(annotation):
        return NOTHING
    marks = decorators(scope)
    if not marks:
        return own
    if _EVENTS.search(marks):
        return Value((Origin(REQUEST, parameter.name),))
    if "fastapi" in file.modules.lower() and _FASTAPI.search(marks):
        return _of_fastapi(parameter, marks)
    if _FLASK.search(marks):
        return from_path(marks, parameter.name) or own
    return own


def _of_fastapi(parameter: Parameter, marks: str) -> Value:
    default = dotted(parameter.default, 300)
    annotation = parameter.annotation
    if _INJECTED.search(default) or _INJECTED.search(annotation):
        given = re.search(r"Depends\(\s*\)", default + annotation) or "RequestForm" in annotation
        return Value((Origin(REQUEST, parameter.name, schema=True),)) if given else NOTHING
    if _SERVICE_TYPE.match(annotation):
        return Value((Origin(UNKNOWN, parameter.name),))
    found = from_path(marks, parameter.name)
    if found is not None:
        return found
    if annotation[:1].isupper() and not _TEXT_TYPE.search(annotation) and "Optional[" not in annotation:
        return Value((Origin(REQUEST, parameter.name, whole=True, schema=True),))
    return Value((Origin(REQUEST, parameter.name),))


def from_path(path: str, name: str) -> Value | None:
    """Return what parameter *name* is as a piece of the route *path* ("/x/<int:id>", "/x/{id}"), or None."""
    for match in _CONVERTED.finditer(path[:2000]):
        if name not in {match["name"], match["plain"], match["brace"]}:
            continue
        how = match["type"] or match["as"] or ""
        if how in _NUMBERS:
            return NOTHING
        origin = Origin(REQUEST, name)
        # One piece of a path holds no slash: the server splits the address before it looks for the route.
        return Value((caught_all(origin) if how == "path" else origin.but_safe("path"),))
    return None


def decorators(scope: Scope) -> str:
    """Return the text of the decorators of the Python function *scope*."""
    holder = scope.node.parent
    if holder is None or holder.type != "decorated_definition":
        return ""
    marks = [child for child in holder.named_children[:20] if child.type == "decorator"]
    return "\n".join((mark.text or b"")[:400].decode("utf-8", "replace") for mark in marks)
