"""Which names mean a secret: the words of a variable, key or setting, judged by themselves."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class Sort(StrEnum):
    """What kind of secret a name promises; the value is how a message calls it."""

    PASSWORD = "password"  # noqa: S105 - a word for people
    SIGNING = "signing key"
    TOKEN = "access key or token"  # noqa: S105 - a word for people
    KEY = "key"  # "key", "salt", "auth" alone: a secret only where the value looks like one


#: A superset of all names that `sort_of` answers, for regular expressions that look for places worth judging.
HINT = r"(?:pass|pwd|passwd|secret|token|key|cred|salt|auth|passwort|senha|mdp|contrase|bearer|pepper|hmac)"

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_MOST = 120  # characters of a name that are looked at

# Words that say where or how, not what: dropped from the end before the last word is judged.
_TRAILERS = frozenset(
    "dev development prod production staging stage live test testing local default value val string str text plain raw "
    "env base64 b64 old new backup current var const literal hardcoded".split()
)
# A name with one of these anywhere is meant for everybody to see, or speaks about secrets without being one.
_PUBLIC = frozenset(
    "public publishable anon pub csrf xsrf recaptcha captcha turnstile sitekey site foreign primary sort partition cache query "
    "translation i18n locale keyboard keycode hotkey shortcut regex pattern placeholder label hint error errors msg message "
    "messages title tooltip warning idempotency measurement vapidpublic dsn".split()
)
# Prefixes by which build tools copy a variable into the browser's bundle.
_BUNDLED = re.compile(r"^(?:NEXT_PUBLIC|VITE|REACT_APP|EXPO_PUBLIC|NUXT_PUBLIC|PUBLIC|GATSBY|VUE_APP)_")

_PASSWORDS = frozenset(
    "password passwd pwd passphrase passcode passwort senha contrasena contrasenia mdp passw pword userpass dbpass "
    "adminpass adminpassword dbpassword rootpassword userpassword mypassword pgpassword sshpass rpcpassword".split()
)
_TOKENS = frozenset(
    "apikey accesskey secretkey authtoken accesstoken apitoken authkey apisecret clientsecret token tokens credential "
    "credentials bearer privatekey".split()
)
_SIGNING_PAIRS = frozenset(
    ("secret key,jwt key,session key,signing key,encryption key,hmac key,cookie key,master key,token key,"
     "sign key,crypto key,cipher key,aes key,fernet key,flask key,django key,app key,auth secret,jwt secret,"
     "session secret,cookie secret,app secret,nextauth secret,refresh secret,token secret,signing secret,"
     "encryption secret,server secret,password salt,password pepper,key base,jwt salt,csrf secret").split(",")
)  # fmt: skip
_SIGNING = frozenset(
    "secret secretkey jwtsecret sessionsecret cookiesecret appsecret jwtkey authsecret nextauthsecret".split()
)
_TOKEN_PAIRS = frozenset(
    ("api key,access key,auth key,service key,account key,role key,license key,api secret,client secret,webhook secret,"
     "consumer secret,oauth secret,private key,deploy key,subscription key,admin key,api token,access token,auth token,"
     "bot token,refresh token,bearer token,storage key,stripe key,openai key,anthropic key,gemini key,groq key,"
     "supabase key,database key,db key,server key,integration key,ingest key,function key,connection key").split(",")
)  # fmt: skip
_NOT_TOKENS = frozenset(
    "storage,local storage,cookie,header,param,query,session storage,async storage,field,column,next,page,continuation,"
    "max,min,total,num,design,theme,color,css,syntax,prev,cancel,cancellation,abort,stop,eos,bos,pad,mask,input,output,"
    "completion,prompt,invalid,special,start,end,lock,react,row,item,map,object,data,config,feature,event".split(",")
)


def words_of(name: str) -> list[str]:
    """Return the words of *name* in small letters, whether it is written snake_case, kebab-case or camelCase."""
    return [word.lower() for word in _WORDS.findall(name[:_MOST])]


@lru_cache(maxsize=4096)
def sort_of(name: str) -> Sort | None:  # noqa: PLR0911 - one answer a rule reads best in order
    """
    Return what kind of secret the name *name* promises, or None where it promises none.

    The last word decides (`password_field` is a field, `DB_PASSWORD` a password), after words like "dev" and "value"
    and digits are taken off the end.
    """
    words = words_of(_BUNDLED.sub("", name))
    while len(words) > 1 and (words[-1] in _TRAILERS or words[-1].isdigit()):
        words.pop()
    if not words or not _PUBLIC.isdisjoint(words):
        return None
    last, pair = words[-1], " ".join(words[-2:])
    bundled = _BUNDLED.match(name) is not None
    if last in _PASSWORDS or (last in {"pass", "pw"} and (len(words) > 1 or name == "pass")):
        return Sort.PASSWORD
    if bundled and "secret" not in last:
        return None  # a build-time setting that everybody gets; a vendor's secret token is found by its form
    if len(words) > 2 and words[-3:-1] == ["access", "key"]:  # noqa: PLR2004 - two words before the last
        return None  # access_key_id
    if pair in _TOKEN_PAIRS and not (pair == "storage key" and "account" not in words):
        return Sort.TOKEN
    if pair in _SIGNING_PAIRS or last in _SIGNING:
        return Sort.TOKEN if "access" in words else Sort.SIGNING
    if last in _TOKENS:
        return None if words[-2:-1] and words[-2] in _NOT_TOKENS else Sort.TOKEN
    if last in {"key", "salt", "auth", "pepper", "authorization"}:
        return None if words[-2:-1] and words[-2] in _NOT_TOKENS else Sort.KEY
    return None


_SURE = frozenset(
    "secret jwt sign signing encryption encrypt hmac master crypto cipher aes fernet django flask salt".split()
)


def names_signing(name: str, value: str) -> bool:
    """
    Whether *value*, written for *name*, can be a signing key, and is not the name of one.

    `SESSION_KEY = "user_session"` names an entry in a browser's storage; `JWT_SECRET = "user_session"` signs with it.
    """
    plain_name, plain_value = (re.sub(r"[\W_]", "", each).lower() for each in (name, value))
    if plain_value == plain_name or (plain_name.endswith(plain_value) and value.isupper()):
        return False
    words = words_of(name)
    if len(words) == 1 and words[0] == "secret":
        return not value.istitle()
    return not _SURE.isdisjoint(words) or any(word.endswith("secret") for word in words) or any(map(str.isdigit, value))


def is_public(name: str) -> bool:
    """Whether *name* says that its value is for everybody: a bundler's prefix, or words such as "anon", "publishable"."""
    return _BUNDLED.match(name) is not None or not _PUBLIC.isdisjoint(words_of(name))


#: Passes over a text in which no name can be a secret's.
HINT_IN_TEXT = re.compile(rf"{HINT}|://[^\s/]*:[^\s/]*@", re.IGNORECASE)
