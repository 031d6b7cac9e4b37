"""
What the name of a call says about money, where the code behind it is not followed: `sendOtp`, `ai_group_terms`.

Apps keep their wrappers in classes, in other packages of a monorepo, or behind a library nobody knows. A name is a sign
and no proof: what is found by it alone is told as advice.
"""

from __future__ import annotations

import re2

from checks.facts.flows.paid_services import MAIL, MODEL, SMS, Service

_SAYS = (
    (
        re2.compile(
            r"(?i)^(?:re)?(?:send|enviar|envoyer|deliver|dispatch)_?\w{0,30}(?:sms|otp|whats_?app|text_?message|verification_?code)\w{0,20}$"
            r"|(?:sms|twilio|whats_?app)_?(?:service|client|sender|provider|api)?\.(?:messages\.)?send\w{0,30}$"
        ),
        Service("its own sender of messages", SMS),
    ),
    (
        re2.compile(
            r"(?i)^(?:re)?(?:send|enviar|envoyer|deliver|dispatch)_?\w{0,30}(?:e_?mails?|correo|newsletter)\w{0,20}$"
            r"|(?:mail|mailer|postman)_?(?:service|client|sender|provider|api)?\.send\w{0,30}$"
        ),
        Service("its own mailer", MAIL),
    ),
    (
        re2.compile(
            r"(?:^|_)(?:get|generate|ask|call|query|create|run|fetch|stream)_?(?:\w{0,20}_)?(?:ai|gpt|llm|gemini|claude|openai)"
            r"(?:_(?:response|answer|reply|completion|text|content|message|analysis|summary|suggestions?|chat|check|review|feedback"
            r"|evaluation|translation|images?|report|plan)\w{0,20})?$"
            r"|^ai_(?:group|generate|suggest|summari[sz]e|analy[sz]e|classify|extract|rewrite|complete|chat|answer)\w{0,30}$"
            r"|^(?:get|generate|ask|call|query|create|fetch|stream)\w{0,20}(?:AI|GPT|LLM|Gemini|Claude|OpenAI)"
            r"(?:(?:Response|Answer|Reply|Completion|Text|Content|Message|Analysis|Summary|Suggestion|Chat|Api|API)\w{0,20})?$"
            r"|(?i)(?:openai|gemini|claude|anthropic|chatgpt|llm|live_?api|live_?|\bai_?)(?:_?(?:service|client|session|manager|provider|wrapper|helper)){1,2}\."
            r"(?:generate|get_?or_?create|create|send|ask|chat|complete|process|analy[sz]e|run|start|stream|summari[sz]e|extract|embed|connect)\w{0,30}$"
        ),
        Service("a language model", MODEL),
    ),
)
#: What such names end in where nothing is spent.
_FREE = re2.compile(r"(?i)(?:settings?|config\w*|keys?|clients?|history|usage|logs?|status|enabled|error|template\w*)$")
_LONGEST = 100  # characters of a call's name


#: Folders of code that asks models, and what is asked of it: `import { regenerateCopy } from "@/ai/flows/copy"`.
_MODELS = re2.compile(r"(?i)(?:^|[/.])(?:ai|llm|genkit|gemini|openai|gpt)(?:[/.]|$)")
_ASKED = re2.compile(
    r"^(?i)(?:re)?(?:generate|write|summari[sz]e|analy[sz]e|suggest|ask|chat|translate|extract|classify|compose|edit|draft"
    r"|score|recommend|answer|predict|describe|explain)_?[A-Za-z]\w{0,60}$"
)


def by_origin(name: str, module: str) -> Service | None:
    """Return what calling *name*, imported from *module*, costs by where it comes from; or None."""
    asks = _ASKED.search(name) is not None and _FREE.search(name) is None and _MODELS.search(module) is not None
    return Service("a language model", MODEL) if asks else None


def by_name(callee: str) -> Service | None:
    """Return what calling *callee*, a dotted name, costs by what it is called; or None."""
    if len(callee) > _LONGEST or _FREE.search(callee) is not None:
        return None
    return next((service for says, service in _SAYS if says.search(callee) is not None), None)
