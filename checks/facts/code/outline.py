"""
What one source file says, in few words: imports, functions, classes, assignments and calls that may register routes.

Python and JavaScript are read into the same shapes (outline_python.py, outline_javascript.py), so that everything after
them speaks of one language. An outline holds identifiers, route strings and line numbers, and no other text of the
file: strings survive only where a route, a module or a method may be named (`KEEPS_TEXT`), never as an option's value.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Expr:
    """
    One expression, cut off at a small depth.

    *kind* is name, call, text, list, map, function, flag, join (a + b, a | b), subscript, either (a if c else b) or
    other. *name* is the dotted name or callee ("bp.route"), the text, or the function's name in the outline. *base* is
    what a dotted name hangs on where that is no plain name: in `app.route("/x").get(f)` the name is ".get" and the
    base is the call of app.route.
    """

    kind: str
    name: str = ""
    line: int = 0
    items: tuple[Expr, ...] = ()
    named: tuple[tuple[str, Expr], ...] = ()
    base: Expr | None = None

    def get(self, *names: str) -> Expr | None:
        """Return the first named argument called one of *names*."""
        return next((value for name, value in self.named if name in names), None)


@dataclass(frozen=True, slots=True)
class Import:
    """*local* stands for *name* of *module*; an empty *name* is the module itself, "*" everything in it."""

    local: str
    module: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Denial:
    """
    One place where a body turns a caller away.

    *how* is 401, 403, login (a redirect), raise (it says why), throw (it does not) or exit (a plain early return).
    *about* says what it depends on: identity (session, token, user), own (the same, of the object whose method it is:
    a client's own login as well), presence (that a header is there, whatever it says), signed (the same of a
    webhook's signature), request (some other input), state (only what the whole process shares), always.
    *only* and *unless* are path patterns it is limited to ("/api/*"; "@name" is an endpoint), *methods* and
    *not_methods* the HTTP methods.
    """

    line: int
    how: str
    about: str
    only: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    not_methods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """
    One parameter with its annotation and default, as far as they were kept.

    *idle* says that it has a type or a default and that the body never names it.
    """

    name: str
    annotation: Expr | None = None
    default: Expr | None = None
    idle: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """
    One function. *name* is qualified by what it stands in ("create_app.index", "Guard.check", "at:12:4" unnamed).

    *calls* are the dotted names it calls, *waived* those called with an option that switches their check off. *inner*
    are functions within it, *returns* what it hands back. *reads* are names of personal data it fetches; *traits* any
    of renders, reads, writes, destroys, body, signed; *methods* the HTTP methods its body tells apart.
    """

    name: str
    line: int
    parameters: tuple[Parameter, ...] = ()
    decorators: tuple[Expr, ...] = ()
    denials: tuple[Denial, ...] = ()
    calls: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()
    returns: tuple[Expr, ...] = ()
    reads: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Class:
    """One class; its methods are functions called "Class.method", its attributes assignments in scope "Class"."""

    name: str
    line: int
    bases: tuple[Expr, ...] = ()
    decorators: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Assign:
    """*name* gets *value* in *scope* (a function or class, or "" for the module)."""

    scope: str
    name: str
    value: Expr
    line: int


@dataclass(frozen=True, slots=True)
class Call:
    """A call that may register something, in *scope*; *development* where that happens only in development."""

    scope: str
    value: Expr
    development: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of an OpenAPI document. *secured* is None where neither it nor the document says."""

    method: str
    path: str
    line: int
    handler: str
    secured: bool | None


@dataclass(frozen=True, slots=True)
class Outline:
    """
    One file. *exports* maps exported names to local ones (JavaScript; "default" and "*" included).

    *directives* are "use server" and its like; *truncated* says that a limit ended the reading.
    """

    language: str
    imports: tuple[Import, ...] = ()
    functions: tuple[Function, ...] = ()
    classes: tuple[Class, ...] = ()
    assigns: tuple[Assign, ...] = ()
    calls: tuple[Call, ...] = ()
    exports: tuple[tuple[str, Expr], ...] = ()
    directives: tuple[str, ...] = ()
    operations: tuple[Operation, ...] = field(default=())
    truncated: bool = False


_CALLS = """
route get post put patch delete head options all any use mount include include_router register_blueprint path
re_path url require import add_url_rule add_resource add_org_resource add_route add_get add_post add_put
add_patch add_delete add_view add_api add_api_route api_route register APIRouter Blueprint Flask FastAPI Route
Mount Router Controller Get Post Put Patch Delete All createRouteMatcher api_view require_http_methods action
middleware before_request i18n_patterns basePath prefix static addHook method_decorator FlaskApp App AsyncApp
namespace Namespace Api setGlobalPrefix getattr URL websocket Application add_handlers URLSpec Elysia
"""
_OPTIONS = """
prefix url_prefix path url method methods route routes matcher url_path DEFAULT_PERMISSION_CLASSES specification_dir
source base_path basePath root_path http_method_names publicRoutes ignoredRoutes
"""
#: Calls whose string arguments are route paths, modules, methods or dotted names, and may be kept.
KEEPS_TEXT = frozenset(_CALLS.split())
#: Options whose string value is a path, a method or a dotted name, and may be kept.
KEEPS_OPTION = frozenset(_OPTIONS.split())
