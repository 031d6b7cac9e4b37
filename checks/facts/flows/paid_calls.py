"""
Calls that cost the app's owner money, and what limits them, by file and function.

A limit is whatever counts: a rate limiter, a quota, credits that are checked, a plan. It is known by its words, since
each app has its own; that it is there says nothing of how good it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import re2
from tree_sitter import Node

from checks.fact import Collector, Listing
from checks.facts.code.literals import callee_of, short
from checks.facts.code.syntax import PARSERS, language_of, line_of
from checks.facts.flows.paid_services import MODEL, Service, by_address, by_call
from checks.facts.flows.scopes import File, dotted, read_scopes
from checks.facts.tier import Tier, is_earlier_version, tier_of


@dataclass(frozen=True, slots=True)
class PaidCall:
    """
    *function* calls *service* at *line*; *own_key* False where the caller brings the key, and so pays.

    *sure* is False where only the name of a call says so.
    """

    function: str
    line: int
    service: str
    what: str
    own_key: bool = True
    sure: bool = True


@dataclass(frozen=True, slots=True)
class PaidInFile:
    """
    The paid calls of one file.

    *limits* are the functions that count calls. *streamlit* says that the file is a page of it, *asked* are the names
    that such a page calls, with their lines, and *gate* says that it asks who is there. *shipped*: its key is one
    that every visitor's browser gets.
    """

    calls: tuple[PaidCall, ...] = ()
    limits: tuple[str, ...] = ()
    streamlit: bool = False
    gate: bool = False
    asked: tuple[tuple[str, int], ...] = ()
    shipped: bool = False


@dataclass(frozen=True, slots=True)
class PaidCalls:
    """What each file calls and limits, by path."""

    files: Mapping[str, PaidInFile]


#: Files without any of these words neither pay nor limit.
_WORTH = re2.compile(
    r"(?i)openai|anthropic|gemini|generativelanguage|genai|gateway|openrouter|groq|mistral|cohere|replicate|elevenlabs"
    r"|huggingface|perplexity|together|deepseek|api\.x\.ai|stability|fal\.|deepgram|assembly|langchain|langgraph|llama"
    r"|streamText|generateText|generateObject|completions|twilio|sendgrid|resend|nodemailer|smtplib|send_mail|mailgun"
    r"|brevo|postmark|stripe|paypal|rate.?limit|limiter|quota|credits?\b|throttl|429|too many|crewai|bedrock|dashscope"
    r"|bigmodel|serp|firecrawl|tavily|usage|streamlit|maps\.googleapis|places\.googleapis|routes\.googleapis|mapbox|hereapi"
    r"|opencage|graph\.facebook|boto|client-s[en]s|fast2sms|msg91|2factor|textlocal|txtlocal|plivo|clicksend|termii|gupshup"
    r"|genkit|definePrompt|customsearch|coingecko|coinmarketcap|rapidapi|alphavantage|polygon\.io|newsapi|apify|scrapingbee"
    r"|zenrows|hunter\.io|apollo\.io|peopledatalabs|moralis|api\.bing|search\.brave|api\.exa|_URL\}/|Url\}/"
    r"|mailjet|mailersend|emailjs|transacemail|inviteUserByEmail|invite_user_by_email|voyageai|api\.jina|embed|live\.connect"
)
_LIMIT = re2.compile(
    r"(?i)rate_?limit|limiter|throttl|quota|credits\b|(?:check|has|deduct|consume|spend|remaining)_?credits?(?:$|\W)"
    r"|usage_?(?:limit|count|today|remaining)|(?:check|track|increment|record|log)_?(?:\w{1,12}_?)?usage"
    r"|(?:daily|monthly|hourly|free|max|message|request|query|chat|plan|ai|user|trial)_?(?:request|usage|message|generation|query|call)?s?_?limit"
    r"|(?:check|assert|within|reserve|consume|ai|token|spend)_?budget|budget_?(?:exceeded|guard|check|left|remaining)"
    r"|remaining_?(?:uses|credits|messages|requests|generations|calls)|check_?(?:limit|plan|subscription|allowance)|cool_?down"
)
#: Tables that count, by their names in a query.
_COUNTED = re2.compile(
    r"(?i)(?:(?:from|rpc|collection|table)\(\s*[\"'`]|\bfrom\s+|\bupdate\s+|\binto\s+)\w*(?:usage|quota|rate_?limit|credits)\w*"
)
#: Strings and comments: what code says about limits is no limit.
_SAID = re2.compile(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`$]*`|//[^\n]*|#[^\n]*")
#: Credits that a new user is given, or a column that is only fetched.
_GRANTED = re.compile(r"\bcredits\s*:\s*(?:true\b|[\d.]+)")
#: How another service's refusal is handled, and the names of its errors.
_SOUNDS_LIKE = re2.compile(
    r"(?i)\w*rate_?limit_?(?:ed|error|exceeded|exception|err|hit|reset|msg|message)\w*|is_?(?:rate|quota)\w*|\w*quota_?(?:error|exceeded|exception)\w*"
)
_GATE = re2.compile(
    r"(?i)st\.login|st\.user|experimental_user|stauth|streamlit_authenticator|check_password|is_logged_in|authenticated|logged_in|require_login|st\.stop\(\)[^\n]*auth"
)
_CALLERS_KEY = re.compile(
    r"(?:api_?key|apiKey|key)\s*[:=]\s*(?:req\b|request|body|data|payload|input|st\.|user_?key|session_state|headers|x_api|customKey|userApiKey|params)",
    re.IGNORECASE,
)
_ENVIRONMENT = re.compile(r"process\.env|environ|getenv|secrets\[|env\.get|settings\.|config\.")
#: A field for a key that already holds one, the owner's.
_PREFILLED = re.compile(r"\bvalue\s*=\s*[A-Za-z_f]")
#: A provider's key that the build puts into the code of the page.
_SHIPPED = re2.compile(
    r"(?:import\.meta\.env\.VITE_|process\.env\.(?:NEXT_PUBLIC|REACT_APP|EXPO_PUBLIC)_)\w{0,20}"
    r"(?:OPENAI|ANTHROPIC|CLAUDE|GEMINI|GROQ|GOOGLE_AI|GENERATIVE|OPENROUTER|DEEPSEEK|MISTRAL|ELEVENLABS|HUGGING|PERPLEXITY)"
)
_ASKS = re.compile(
    r"^(?:fetch|axios|got|ky|\$fetch|needle|superagent|requests|httpx|session|client|http|undici|urlopen|Request|fetchWithRetry|fetchWithTimeout|WebSocket|aiohttp)\b|\.(?:post|fetch|request|urlopen)$"
)
#: What stands in for a service: `mockOpenAI.generate()`.
_STAND_IN = re.compile(
    r"^(?:this\.|self\.)?_?(?:mock|fake|stub|dummy)_?[A-Za-z]|^custom_?(?:openai|llm|ai)", re.IGNORECASE
)
_PROMPT = re.compile(r"\.definePrompt$")
#: What a page of Streamlit asks its visitor with.
_WIDGETS = re2.compile(
    r"\bst\.(?:sidebar\.)?(?:button|chat_input|text_input|text_area|form|selectbox|file_uploader|radio)\("
)
_LONGEST_CALL = 4_000  # bytes of a call that are searched for an address
_MOST = 200  # calls or functions of one file
_TIMES, _FREE = 10, 200_000
_LONGEST_BODY = 60_000  # bytes of a function that are searched for limits


def kind_of(path: str) -> str | None:
    """Return the language of *path*, or None for what is not served."""
    return language_of(path) if tier_of(path) is Tier.CODE and not is_earlier_version(path) else None


def read(text: str, kind: str) -> PaidInFile | None:
    """Return the paid calls and limits of *text*, or None."""
    if _WORTH.search(text) is None:
        return None
    file = read_scopes(text, kind)
    imports = file.modules
    addresses = _addresses(file)
    brought = _brings_key(text)
    calls = tuple(
        PaidCall(scope.name, line_of(call), service.name, service.what, not brought, service.sure)
        for scope in file.scopes
        for call in scope.calls
        if (service := _service(call, imports, addresses)) is not None
    )
    limits = _limiting(text, file)
    page = "streamlit" in imports and _WIDGETS.search(text) is not None
    gate = "streamlit" in imports and _GATE.search(text) is not None
    if not (calls or limits or page or gate):
        return None
    shipped = _SHIPPED.search(text) is not None and any(one.what == "model" for one in calls)
    return PaidInFile(calls[:_MOST], limits, page, gate, _names_called(file) if page else (), shipped)


def _names_called(file: File) -> tuple[tuple[str, int], ...]:
    """Return the names of functions that *file* imports or defines and calls, each with the line of its first call."""
    found: dict[str, int] = {}
    own = {scope.name for scope in file.scopes}
    for scope in file.scopes:
        for call in scope.calls:
            name = callee_of(call)
            if name.partition(".")[0] in file.imports or name in own or "." in name:
                found.setdefault(name[:100], line_of(call))
    return tuple(sorted(found.items(), key=lambda item: item[1]))[:_MOST]


def _brings_key(text: str) -> bool:
    """Whether the caller's key is what is used, and not only where the owner's is missing."""
    return any(
        _ENVIRONMENT.search(after) is None and _PREFILLED.search(after) is None
        for one in _CALLERS_KEY.finditer(text)
        if (after := text[one.end() : one.end() + 120])
    )


def _service(call: Node, imports: str, addresses: Mapping[str, Service]) -> Service | None:
    """Return the service that *call* costs money at, or None."""
    function = call.child_by_field_name("function") or call.child_by_field_name("constructor")
    callee = dotted(function, 200) or callee_of(call)
    if _STAND_IN.search(callee) is not None:
        return None
    found = by_call(callee, imports) or (addresses.get(callee) if callee in addresses else None)
    if found is not None or _ASKS.search(callee) is None:
        return found
    arguments = call.child_by_field_name("arguments")
    first = arguments.named_children[0] if arguments is not None and arguments.named_children else None
    if first is None:
        return None
    for node in arguments.named_children[:4] if arguments is not None else []:
        text = short(node, _LONGEST_CALL)
        found = by_address(text[:_LONGEST_CALL]) if node.type in {"string", "template_string"} else None
        named = re.match(r"[A-Za-z_$][\w$]*", text.removeprefix("`${").removeprefix('f"{').removeprefix("f'{"))
        found = found or (addresses.get(named[0]) if named is not None else None)
        if node.type in {"object", "keyword_argument"} and found is None:
            found = by_address(text)
        if found is not None:
            return found
    return None


def _addresses(file: File) -> dict[str, Service]:
    """Return the names that are set to an address of a service."""
    found: dict[str, Service] = {}
    for scope in file.scopes:
        for name, bindings in scope.bindings.items():
            for binding in bindings[:3]:
                if binding.node is not None and _PROMPT.search(callee_of(binding.node)):
                    found[name] = Service("a language model", MODEL)  # Genkit's: calling the prompt asks the model
                elif binding.node is not None and binding.node.type in {
                    "string",
                    "template_string",
                    "binary_expression",
                }:
                    service = by_address(short(binding.node, 400))
                    if service is not None:
                        found[name] = service
    return found


def _limiting(text: str, file: File) -> tuple[str, ...]:
    """Return the functions of *file* whose code counts calls: by names, or a table it asks; not by what it says."""
    source = text.encode("utf-8", "replace")
    left = _FREE + _TIMES * len(source)  # functions within functions cost their text again
    found = []
    for scope in file.scopes[1:]:
        node, holder = scope.node, scope.node.parent
        if holder is not None and holder.type in {"decorated_definition", "variable_declarator", "pair"}:
            node = holder
        body = source[node.start_byte : min(node.end_byte, node.start_byte + _LONGEST_BODY)].decode("utf-8", "replace")
        left -= len(body)
        if left < 0:
            break
        if _COUNTED.search(body) or _LIMIT.search(_GRANTED.sub("", _SOUNDS_LIKE.sub("", _SAID.sub("", body)))):
            found.append(scope.name)
    return tuple(found[:_MOST])


def join(parts: Mapping[str, PaidInFile], _listing: Listing) -> PaidCalls:
    """Return all files together."""
    return PaidCalls(dict(parts))


source = Collector(fact=PaidCalls, part=PaidInFile, kind_of=kind_of, read=read, join=join, parsers=PARSERS)
