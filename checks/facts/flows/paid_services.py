"""Services that take money for each call: their addresses, and the calls of their libraries, as data."""

from __future__ import annotations

import re
from dataclasses import dataclass

import re2

MODEL, SMS, MAIL, MAPS, PAYMENT, DATA = "model", "sms", "mail", "maps", "payment", "data"


@dataclass(frozen=True, slots=True)
class Service:
    """*name* as people know it, *what* it takes money for; *sure* False where only words say so."""

    name: str
    what: str
    sure: bool = True


_HOSTS = """
model OpenAI: api.openai.com openai.azure.com
model Anthropic: api.anthropic.com
model Google Gemini: generativelanguage.googleapis.com aiplatform.googleapis.com
model the Lovable AI gateway: ai.gateway.lovable.dev
model OpenRouter: openrouter.ai
model Groq: api.groq.com
model Mistral: api.mistral.ai codestral.mistral.ai
model Cohere: api.cohere.ai api.cohere.com
model Replicate: api.replicate.com
model ElevenLabs: api.elevenlabs.io
model Hugging Face: api-inference.huggingface.co router.huggingface.co
model Perplexity: api.perplexity.ai
model Together: api.together.xyz api.together.ai
model DeepSeek: api.deepseek.com
model xAI: api.x.ai
model Stability AI: api.stability.ai
model fal: fal.run queue.fal.run
model Deepgram: api.deepgram.com
model AssemblyAI: api.assemblyai.com
model Fireworks: api.fireworks.ai
model the Vercel AI gateway: ai-gateway.vercel.sh
model Cloudflare AI: gateway.ai.cloudflare.com
model Moonshot: api.moonshot.cn api.moonshot.ai
model Alibaba Qwen: dashscope.aliyuncs.com dashscope-intl.aliyuncs.com
model Zhipu: open.bigmodel.cn
model Runway: api.runwayml.com api.dev.runwayml.com
model HeyGen: api.heygen.com
model D-ID: api.d-id.com
model Vapi: api.vapi.ai
model Voyage: api.voyageai.com
model Jina: api.jina.ai
model Amazon Bedrock: bedrock-runtime.
model Tavily: api.tavily.com
model Firecrawl: api.firecrawl.dev
model SerpApi: serpapi.com google.serper.dev
sms Twilio: api.twilio.com verify.twilio.com
sms Vonage: rest.nexmo.com api.nexmo.com
sms MessageBird: rest.messagebird.com
sms Africa's Talking: api.africastalking.com
sms Fast2SMS: www.fast2sms.com
sms MSG91: api.msg91.com control.msg91.com
sms 2Factor: 2factor.in
sms Textlocal: api.textlocal.in api.txtlocal.com
sms Plivo: api.plivo.com
sms ClickSend: rest.clicksend.com
sms Termii: api.ng.termii.com api.termii.com
sms Gupshup: api.gupshup.io
maps Google Maps: maps.googleapis.com places.googleapis.com routes.googleapis.com
maps Mapbox: api.mapbox.com
maps HERE: geocode.search.hereapi.com router.hereapi.com
maps OpenCage: api.opencagedata.com
data Google Custom Search: www.googleapis.com/customsearch customsearch.googleapis.com
data Bing Search: api.bing.microsoft.com
data Brave Search: api.search.brave.com
data Exa: api.exa.ai
data CoinGecko Pro: pro-api.coingecko.com
data CoinMarketCap: pro-api.coinmarketcap.com
data RapidAPI: .p.rapidapi.com
data Alpha Vantage: www.alphavantage.co
data Polygon: api.polygon.io
data NewsAPI: newsapi.org
data Apify: api.apify.com
data ScrapingBee: app.scrapingbee.com
data ZenRows: api.zenrows.com
data Hunter: api.hunter.io
data Apollo: api.apollo.io
data People Data Labs: api.peopledatalabs.com
data Moralis: deep-index.moralis.io
mail SendGrid: api.sendgrid.com
mail Resend: api.resend.com
mail Mailgun: api.mailgun.net
mail Brevo: api.brevo.com
mail Postmark: api.postmarkapp.com
mail Mailjet: api.mailjet.com
mail MailerSend: api.mailersend.com
mail EmailJS: api.emailjs.com
payment Stripe: api.stripe.com
payment PayPal: api-m.paypal.com api.paypal.com
"""
_SERVICE_LINE = re.compile(r"^(?P<what>\w+) (?P<name>[^:]+): (?P<hosts>.+)$", re.MULTILINE)
_BY_HOST = {
    host: Service(match["name"], match["what"])
    for match in _SERVICE_LINE.finditer(_HOSTS)
    for host in match["hosts"].split()
}
_HOST = re2.compile("|".join(re.escape(host) for host in sorted(_BY_HOST, key=len, reverse=True)))

#: Callee -> what it costs, the library that must be imported somewhere in the file ("" for names that say enough).
_CALLS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(
            r"(?:^|\.)(?:chat\.completions\.(?:create|parse)|completions\.create|responses\.(?:create|parse|stream)"
            r"|embeddings\.create|images\.(?:generate|edit|createVariation)|audio\.(?:speech|transcriptions|translations)\.create"
            r"|createChatCompletion|createCompletion|createImage|ChatCompletion\.a?create|Completion\.create"
            r"|beta\.threads\.(?:runs\.\w+|createAndRun)|threads\.runs\.\w+|beta\.chat\.completions\.\w+"
            r"|generateContent(?:Stream)?|generate_content(?:_async)?|generate_content_stream|generateImages"
            r"|embedContent|batchEmbedContents|embed_content|live\.connect"
            r"|textToSpeech\.(?:convert|stream)|text_to_speech\.(?:convert|stream)|textGeneration|text_generation"
            r"|chatCompletion|chat_completion|chatCompletionStream|InvokeModelCommand|invoke_model)$"
        ),
        MODEL,
        "",
    ),
    # Names that one's own functions have as well.
    (re.compile(r"(?:^|\.)(?:streamText|generateText|generateObject|streamObject|embedMany)$"), MODEL,
     r"(?:^|[\s/@_-])(?:ai|llm)(?:[\s/._-]|$)|ai-sdk|openai|gemini|anthropic|genkit|xenova|huggingface"),
    (re.compile(r"\.messages\.(?:create|stream)$"), MODEL, r"anthropic"),
    (re.compile(r"(?:^|\.)ai\.(?:generate|generateStream|embed)$"), MODEL,
     r"genkit|(?:^|\s)[@.~/\w-]*/(?:ai|genkit)(?:/|\s|$)"),
    (re.compile(r"\.messages\.create$"), SMS, r"twilio"),
    (re.compile(r"\.(?:a?embed_(?:query|documents)|embedQuery|embedDocuments)$"), MODEL, r"langchain|openai|google"),
    (re.compile(r"\.publish$|^PublishCommand$"), SMS, r"client-sns"),
    (re.compile(r"(?:^|\.)SendEmailCommand$|ses(?:_?client|v2)?\.send_?(?:raw_?|templated_?)?email$", re.IGNORECASE),
     MAIL, r"boto|client-ses|aws"),
    (re.compile(r"\.sendTransacEmail$"), MAIL, r"brevo|sib|sendinblue"),
    (re.compile(r"\.sendEmail(?:WithTemplate|Batch)?$"), MAIL, r"postmark"),
    (re.compile(r"\.messages\.create$"), MAIL, r"mailgun"),
    (re.compile(r"auth\.admin\.(?:inviteUserByEmail|invite_user_by_email)$"), MAIL, r"supabase"),
    (re.compile(r"\.verifications\.create$|\.calls\.create$"), SMS, r"twilio"),
    (re.compile(r"\.(?:a?(?:invoke|stream|predict|run|generate|complete|chat)|call|query|sendMessage|send_message)$"),
     MODEL, r"langchain|langgraph|llama_?index|@google/gen|google\.gen|crewai|pydantic_ai|dspy|agents"),
    (re.compile(r"^replicate\.(?:run|stream|predictions\.create)$"), MODEL, r"replicate"),
    (re.compile(r"^fal\.(?:run|subscribe|queue\.submit)$"), MODEL, r"fal"),
    (re.compile(r"\.emails\.send$|\.Emails\.send$|\.batch\.send$"), MAIL, r""),
    (re.compile(r"(?:^|\.)(?:sgMail|sendgrid|sg|sendgridClient|mail)\.(?:send|sendMultiple)$"), MAIL, r"sendgrid"),
    (re.compile(r"\.sendMail$|\.sendmail$|\.send_message$"), MAIL, r"nodemailer|smtplib|mailer|transport|mail"),
    (re.compile(r"^(?:send_mail|mail\.send|EmailMessage\.send|mail\.send_message)$"), MAIL, r"django|flask_mail|mail"),
    (re.compile(r"(?:^|\.)(?:checkout\.sessions\.create|paymentIntents\.create|PaymentIntent\.create|checkout\.Session\.create"
                r"|Session\.create|customers\.create|subscriptions\.create"
                r"|(?:transfers|payouts|refunds|Transfer|Payout|Refund)\.create)$"), PAYMENT, r"stripe"),
)  # fmt: skip
_NAMES = {
    "openai": "OpenAI", "anthropic": "Anthropic", "google": "Google Gemini", "generateContent": "Google Gemini",
    "generate_content": "Google Gemini", "groq": "Groq", "replicate": "Replicate", "twilio": "Twilio",
    "sendgrid": "SendGrid", "resend": "Resend", "stripe": "Stripe", "elevenlabs": "ElevenLabs",
    "langchain": "a language model", "ai": "a language model", "mistral": "Mistral", "cohere": "Cohere",
    "huggingface": "Hugging Face", "fal": "fal", "nodemailer": "mail", "smtplib": "mail",
}  # fmt: skip
_NO_MODELS = frozenset({"Twilio", "SendGrid", "Resend", "Stripe", "mail"})
#: Who sends messages and mail, by what is called and imported: a file that mails may import a model's library too.
_SENDERS = (
    ("twilio", "Twilio"), ("sendgrid", "SendGrid"), ("resend", "Resend"), ("sendTransacEmail", "Brevo"),
    ("postmark", "Postmark"), ("mailgun", "Mailgun"), ("supabase", "Supabase"),
)  # fmt: skip
_OF_MODEL_OBJECT = re.compile(
    r"llm|chain|agent|model|chat|engine|gpt|claude|gemini|graph|crew|retriever|assistant|workflow|app\.", re.IGNORECASE
)


#: The one address of the Graph API that costs money: a message to a phone.
_WHATSAPP = re2.compile(r"graph\.facebook\.com/[^\s\"'<>]{1,120}/messages")


#: A service of one's own that asks models, by the name of its address and what is asked of it.
_OWN = re2.compile(
    r"(?i)\$?\{[\w.]{0,40}(?:service|agent|python|backend|ml|ai|model|inference)\w{0,20}ur[li]\w{0,10}\}/[\w/-]{0,60}"
    r"(?:agent|generat|chat|llm|rag|inference|completion|embed|speech|transcri|imagen|banana|music|video)"
)


def by_address(text: str) -> Service | None:
    """Return the service whose address stands in *text*, or None."""
    if _WHATSAPP.search(text) is not None:
        return Service("WhatsApp", SMS)
    match = _HOST.search(text)
    if match is None and _OWN.search(text) is not None:
        return Service("its own service of models", MODEL, sure=False)
    return _BY_HOST.get(match[0]) if match is not None else None


def by_call(callee: str, imports: str) -> Service | None:
    """Return the service that calling *callee* costs money at; *imports* are the modules the file imports, or None."""
    for pattern, what, library in _CALLS:
        if pattern.search(callee) is None or (library and re.search(library, imports, re.IGNORECASE) is None):
            continue
        if library.startswith("langchain") and _OF_MODEL_OBJECT.search(callee) is None:
            continue
        if what == MAIL and not library and "resend" not in (callee + imports).lower():
            continue
        return Service(_name(callee, imports, what), what)
    return None


def _begins(word: str, said: str) -> bool:
    """Whether *said* has *word* at the beginning of one of its own."""
    return re.search(rf"(?<![a-z]){word.lower()}", said) is not None


def _name(callee: str, imports: str, what: str) -> str:
    said = callee.lower()
    named = {word: name for word, name in _NAMES.items() if (name in _NO_MODELS) == (what != MODEL)}
    known = next((name for word, name in named.items() if len(word) > 2 and _begins(word, said)), None)  # noqa: PLR2004 - "ai" is in many words
    if known is None and what == MODEL:
        known = next((name for word, name in named.items() if re.search(rf"(?:^|[\s/@]){word}", imports)), None)
    if known is None and what != MODEL:
        said = f"{callee} {imports}"
        known = next((name for word, name in _SENDERS if re.search(word, said, re.IGNORECASE)), None)
    default = {MODEL: "a language model", SMS: "SMS", MAIL: "mail", PAYMENT: "Stripe"}
    return known or default[what]
