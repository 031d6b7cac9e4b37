"""
Which routes are meant to be open to anybody, by their path: data that open_route.py judges with.

A path is no guard, so nothing here makes a route count as guarded: it says where a login would be senseless.
"""

from __future__ import annotations

import re
from enum import Enum

from checks.facts.routes.served import Served


class Leave(Enum):
    """How far a route is left alone."""

    PUBLIC = "public"  # nothing to say
    ASK = "ask"  # advice: the owner knows
    NO = "no"


def _words(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[/_\-.:])(?:{'|'.join(text.split())})(?=$|[/_\-.:?}}])", re.IGNORECASE)


#: Getting in and out, and what must answer before anybody is in.
_PUBLIC = _words(
    r"""
    log-?_?in\w* sign-?_?in(?!g)\w* log-?_?out sign-?_?out register\w* registration sign-?_?up\w*
    create[-_]?(?:user|account)\w* authenticate join session
    sessions auth oauth2? openid sso saml callback access-?token access_token refresh\w* token tokens csrf\w*
    csrf[-_]token captcha\w* forgot\w* (?:password|passwd)[-_/]?(?:reset|forgot\w*|recover\w*|lost)
    (?:reset|recover\w*|lost)[-_]?(?:password|passwd) recover\w* verify[-_]?email email[-_]?verif\w* verify
    verification\w*
    confirm\w* activat\w* magic[-_]?link otp mfa 2fa totp resend\w*
    health\w* healthcheck readyz readiness livez liveness ping heartbeat uptime
    robots\.txt favicon\w* favicon\.ico sitemap\w* manifest\w* \.well-known security\.txt docs redoc swagger\w*
    openapi\w* api-docs static assets public csp[-_]?report languages? locales? i18n setlang theme consent logos? about
    """
)
#: What a load balancer asks: what answers other methods under such a word is no health check.
_PROBES = _words(r"ready live version up")
#: Forms and feeds that apps often open on purpose; only the owner knows.
_ASK = _words(
    r"""
    contact\w* newsletter\w* subscri\w* unsubscri\w* waitlist feedback\w* search\w* track\w* analytics collect
    events? enquir\w* inquir\w* quote rsvp surveys? beacon vitals graphql graphiql trpc rpc mcp inngest uploadthing
    metrics status config demo preview share\w* embed widget\w* badge\w* rss feed hooks? webhooks? bot ipn inbound me
    whoami current setup setup[-_]database first[-_]?run install\w*
    autocomplete\w* suggest(?:ions?)? typeahead js-?_?errors? client[-_]?errors? error[-_]?reports?
    diagnostic[-_](?:info|report)\w* telemetry device[-_/]?(?:code|poll|token)
    """
)
#: A parameter that is a secret of its own: who holds the link may follow it.
_CAPABILITY = re.compile(
    r"[{<:\[](?:\w+:)?\w*(?:token|code|signature|signed|secret|hash|nonce|otp|invite|magic|share)\w*"
    r"|[{<:\[](?:\w+:)?(?!primary|foreign)[a-z]+(?:_k|-k|(?-i:K))ey\b",
    re.IGNORECASE,
)
_NEVER = re.compile(r"\b_?(?:admin\w*|debug|internal|users?|dump|export)\b", re.IGNORECASE)


#: Public words that are said of a thing here: refreshed data, a session of somebody, a joined contest, a tested login.
_OF_THINGS = re.compile(
    r"[a-z](?<!user)(?<!auth)(?<!login)(?<!my)(?<!active)(?<!refresh)(?<!revoke)(?<!end)(?<!create)(?<!check)(?<!get)"
    r"[-_]sessions/?$|"
    r"/(?!auth|users?/|accounts?/|tokens?/|sessions?/|jwt|api/|v\d)[\w{<:\[\]>}.]+/refresh\w*(?:[-_]\w+)?/?$"
    r"|refresh[-_/](?!token|session|jwt|access|auth|cookie|csrf)\w+"
    r"|/(?:sessions?|tokens?)/[{<:\[][^/]+/?$|(?:^|[/_\-.:])(?:join|register)-(?!us|up|now)\w+"
    r"|verify[-_](?![\w-]*(?:mail|token|otp|code|phone|account|user|captcha|[2m]fa|sms|magic|link|session|jwt|passw|sign|pin))"
    r"\w+"
    r"|confirm[-_](?![\w-]*(?:mail|token|otp|code|phone|account|user|sms|magic|link|passw|sign|pin|subscri|reset))\w+"
    r"|/verify/[{<:\[](?:\w+:)?(?!\w*(?:token|code|otp|hash|key|uid|slug|signature|secret|e?mail))\w+[}>\]]?/?$|/test/log-?_?in",
    re.IGNORECASE,
)
#: A registration for some thing, kept with personal details: not for the app itself.
_FOR_THINGS = re.compile(
    r"/(?!(?:auth\w*|api|v\d+|users?|accounts?|members?|customers?|clients?|identity|public|students?|session|me)/)"
    r"[a-z][\w-]*/register/?$",
    re.IGNORECASE,
)
#: Logins that ask for nothing.
_UNASKED = _words(
    r"(?:demo|dev|test|mock|fake|bypass|instant|auto|impersonat\w*)[-_]?(?:log-?_?in|sign-?_?in|auth) impersonat\w*"
)
_PARAMETER = re.compile(r"[{<\[][^/]*|(?<=/):[^/]*")
_ONE_PAGE = frozenset({"Streamlit", "Gradio", "Dash", "Chainlit"})


#: A code for who is not in yet, and what the secret in an invitation is the key to.
_CODES = _words(r"(?:re)?send[-_]?(?:\w+[-_])?(?:code|otp) request[-_]?(?:\w+[-_])?(?:code|otp) login[-_]code")
_INVITED = re.compile(r"invit\w*/(?:accept|redeem|decline|validate)", re.IGNORECASE)
#: What a shop lets its guests do, and forms that only add something; with a parameter it is somebody's.
_GUESTS = _words(
    r"(?:[\w]+[-_])?(?:cart|basket)(?:[-_]\w+)* checkout create[-_]checkout\w* consultation\w* leads? apply application"
    r" (?:demo|callback|viewing|quote|tour|visit|info|support|contact)[-_]request\w* guest[-_]?\w*"
    r" (?:\w+[-_])?interest bug[-_]?reports? (?:ad|page)[-_]?(?:visit|view)s?"
)


def public_by_design(route: Served) -> Leave:
    """Return how far *route* is left alone."""
    if route.wipes or (route.guard == "open" and route.by):
        return Leave.NO  # a set-up that anybody may run again, or a login that takes anything for one
    path = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", route.path)  # action:requestPasswordReset is read as words
    path = path.removeprefix("/trpc") if route.framework == "tRPC" else path
    # A Streamlit app, and its like, is one page: what it shows, it shows there.
    first_page = path.strip("/") in {"", "index", "home", "about", "api"} and route.framework not in _ONE_PAGE
    if first_page and route.method in {"GET", "ANY"}:
        return Leave.PUBLIC
    tail = "/" + "/".join(path.strip("/").split("/")[-3:])
    named = _PARAMETER.sub(":", tail)  # the name of a parameter, :sessionId, says nothing of the route
    public = _PUBLIC.search(named) is not None or (route.method == "POST" and _CODES.search(named) is not None)
    public = public or (route.method in {"GET", "ANY", "HEAD"} and _PROBES.search(named) is not None)
    if route.method == "GET" and "stores" in route.traits and re.search(r"/refresh\w*/?$", path):
        public = False  # a plain link that rewrites data gives nobody a new token
    last = path.rstrip("/").rpartition("/")[2]
    # Kept with the login, and more than that: /auth/consume-invitation.
    beside = "/auth/" in path and last[:1] not in "{<:[" and not _PUBLIC.search(f"/{last}")
    beside = beside and bool(route.traits & {"writes", "service_role"})
    # What acts with the database's master key is no registration form, whatever it is called.
    master = route.framework == "function" and "service_role" in route.traits
    things = route.method == "POST" and (_FOR_THINGS.search(path) or _UNASKED.search(f"/{last}"))
    if public and not master and not beside and not things and not _misleading(path):
        return Leave.PUBLIC
    # What stores a password's hash is a registration under another name.
    registers = route.method == "POST" and "hashes" in route.traits
    whole = not re.search(r"[{<\[]|/:", path) and route.method in {"POST", "DELETE"}
    guests = _INVITED.search(path) or (whole and _GUESTS.search(f"/{last}"))
    meant = public and ("public" in path.split("/") or ((master or beside) and not _misleading(path)))
    return (
        Leave.ASK
        if guests or meant or things or registers or _CAPABILITY.search(path) or _ASK.search(tail)
        else Leave.NO
    )


def _misleading(path: str) -> bool:
    """Whether *path* has a public word and then goes on to something that is not: /auth/users, /public/debug."""
    segments = path.strip("/").split("/")
    last = [segment for segment in segments if segment[:1] not in "{<:["][-1:] or [""]
    return bool(_NEVER.search(last[0].replace("-", " ").replace("_", " "))) or _OF_THINGS.search("/" + path) is not None
