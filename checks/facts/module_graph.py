"""
Where a name leads: through scopes, imports and re-exports, to a function, class or value of the repository or outside.

Nothing is executed and no package path is known, so a module is looked for beside the importing file, then in each
folder above it and its `src`. An alias such as `@/lib/auth` is looked for the same way, without its first sign.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from checks.facts.outline import Assign, Class, Expr, Function, Import, Outline

_STEPS = 12  # names followed one after the other; a cycle of re-exports ends here
_JS_ENDINGS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts")


@dataclass(frozen=True, slots=True)
class Found:
    """
    What a name leads to.

    *kind* is function, class, value, parameter, module, external or unknown. *path* and *scope* say where it stands,
    *name* is its name there (of something external: its origin, "flask_login.login_required"), *value* what a value was
    set to.
    """

    kind: str
    path: str = ""
    scope: str = ""
    name: str = ""
    value: Expr | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What identifies it."""
        return self.path, self.scope, self.name


UNKNOWN = Found("unknown")


class Module:
    """One outline with its names in reach."""

    def __init__(self, path: str, outline: Outline) -> None:
        self.path = path
        self.outline = outline
        self.functions: dict[str, Function] = {function.name: function for function in outline.functions}
        self.classes: dict[str, Class] = {one.name: one for one in outline.classes}
        self.parents = {inner: function.name for function in outline.functions for inner in function.inner}
        self.assigns: dict[tuple[str, str], Assign] = {}
        for assign in outline.assigns:
            before = self.assigns.get((assign.scope, assign.name))
            # `x = None` first and the real thing later: the call is what counts.
            if before is None or before.value.kind != "call" or assign.value.kind == "call":
                self.assigns[assign.scope, assign.name] = assign
        self.imports: dict[str, Import] = {one.local: one for one in outline.imports if one.local != "*"}
        self.wildcards = [one.module for one in outline.imports if one.local == "*"]
        self.exports: dict[str, Expr] = {}
        for name, value in outline.exports:
            self.exports.setdefault(name, value)
        self.starred = [value.name for name, value in outline.exports if name == "*"]

    def scopes(self, scope: str) -> Iterator[str]:
        """Yield *scope* and the scopes around it, the module ("") last."""
        for _ in range(_STEPS):
            if not scope:
                break
            yield scope
            scope = self.parents.get(scope) or scope.rpartition(".")[0]
        yield ""


class Program:
    """All outlines of a repository, by path."""

    def __init__(self, outlines: Mapping[str, Outline]) -> None:
        self.modules = {path: Module(path, outline) for path, outline in sorted(outlines.items())}

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a module, at any depth."""
        found: set[str] = set()
        for path in self.modules:
            folder = posixpath.dirname(path)
            while folder and folder not in found:
                found.add(folder)
                folder = posixpath.dirname(folder)
        return frozenset(found)

    def function(self, found: Found) -> Function | None:
        """Return the function that *found* is, or None."""
        module = self.modules.get(found.path)
        return module.functions.get(found.name) if module is not None and found.kind == "function" else None

    def one_class(self, found: Found) -> Class | None:
        """Return the class that *found* is, or None."""
        module = self.modules.get(found.path)
        return module.classes.get(found.name) if module is not None and found.kind == "class" else None

    def evaluate(self, path: str, scope: str, value: Expr | None, steps: int = 0) -> Found:
        """Return what expression *value*, standing in *scope* of *path*, leads to; a call is left as it is."""
        if value is None or steps > _STEPS:
            return UNKNOWN
        if value.kind == "function":
            return Found("function", path, scope, value.name)
        if value.kind == "name":
            if value.base is not None:
                return self._member(self.instance(path, scope, value.base, steps + 1), value.name[1:], steps + 1)
            return self.resolve(path, scope, value.name, steps + 1)
        if value.kind == "from":
            wanted = value.items[0].name if value.items else ""
            return self.imported(path, Import("", value.name, wanted), steps + 1)
        return Found("value", path, scope, f"@{value.line}", value)

    def instance(self, path: str, scope: str, value: Expr, steps: int = 0) -> Found:
        """Return what a call gives: its class, its function's result, or what is required; else as `evaluate`."""
        if value.kind != "call" or steps > _STEPS:
            return self.evaluate(path, scope, value, steps)
        if value.name in {"require", "import"} and value.items and value.items[0].kind == "text":
            return self.imported(path, Import("", value.items[0].name), steps + 1)
        callee = self.callee(path, scope, value, steps + 1)
        if callee.kind == "function":
            function = self.function(callee)
            for result in function.returns if function is not None else ():
                given = self.evaluate(callee.path, callee.name, result, steps + 1)
                if given.kind in {"value", "class", "function"}:
                    return given
            return callee  # a function that fills in `this`
        return callee if callee.kind == "class" else Found("value", path, scope, f"@{value.line}", value)

    def callee(self, path: str, scope: str, call: Expr, steps: int = 0) -> Found:
        """Return what *call* calls."""
        if call.base is not None:
            if not call.name.strip("."):
                return self.instance(path, scope, call.base, steps + 1)
            return self._member(self.instance(path, scope, call.base, steps + 1), call.name[1:], steps + 1)
        return self.resolve(path, scope, call.name, steps + 1)

    def resolve(self, path: str, scope: str, dotted: str, steps: int = 0) -> Found:
        """Return what *dotted*, as written in *scope* of *path*, leads to."""
        module = self.modules.get(path)
        if module is None or not dotted or steps > _STEPS:
            return UNKNOWN
        first, _, rest = dotted.partition(".")
        if first in {"self", "this", "cls"} and rest:
            return self._of_class(module, scope, rest, steps)
        for inside in module.scopes(scope):
            found = self._defined(module, inside, first, dotted, steps)
            if found is not None:
                return found
        longest = dotted
        while longest:  # `import a.b` makes a.b.c reachable
            if longest in module.imports:
                found = self.imported(path, module.imports[longest], steps + 1)
                return self._members(found, dotted[len(longest) + 1 :], steps)
            longest = longest.rpartition(".")[0]
        for wildcard in module.wildcards:
            found = self.imported(path, Import("", wildcard, first), steps + 1)
            if found.kind not in {"unknown", "external"}:
                return self._members(found, rest, steps)
        return UNKNOWN

    def _defined(self, module: Module, scope: str, first: str, dotted: str, steps: int) -> Found | None:
        """Return what *dotted* is by a definition right in *scope*, or None."""
        qualified = f"{scope}.{first}" if scope else first
        rest = dotted[len(first) + 1 :]
        if rest and (scope, dotted) in module.assigns:
            return self._value(module, module.assigns[scope, dotted], steps)
        if qualified in module.functions:
            return self._members(Found("function", module.path, scope, qualified), rest, steps)
        if qualified in module.classes:
            return self._members(Found("class", module.path, scope, qualified), rest, steps)
        function = module.functions.get(scope)
        if function is not None and any(parameter.name == first for parameter in function.parameters):
            return self._members(Found("parameter", module.path, scope, first), rest, steps)
        if (scope, first) in module.assigns and not (not scope and first in module.imports):
            return self._members(self._value(module, module.assigns[scope, first], steps), rest, steps)
        return None

    def _value(self, module: Module, assign: Assign, steps: int) -> Found:
        value = assign.value
        if value.kind in {"name", "function", "from"} and not (value.kind == "name" and value.name == assign.name):
            found = self.evaluate(module.path, assign.scope, value, steps + 1)
            if found.kind != "unknown":
                return found
        if value.kind == "call":
            made = self.instance(module.path, assign.scope, value, steps + 1)
            if made.kind in {"value", "module"} and made.value is not value:
                return made
        return Found("value", module.path, assign.scope, assign.name, value)

    def _of_class(self, module: Module, scope: str, rest: str, steps: int) -> Found:
        first, _, more = rest.partition(".")
        for inside in module.scopes(scope):
            for prefix in ("self", "this"):
                if (inside, f"{prefix}.{first}") in module.assigns:
                    found = self._value(module, module.assigns[inside, f"{prefix}.{first}"], steps)
                    return self._members(found, more, steps)
            if inside in module.classes:
                return self._member(Found("class", module.path, "", inside), rest, steps)
        return UNKNOWN

    def _members(self, found: Found, rest: str, steps: int) -> Found:
        return self._member(found, rest, steps) if rest else found

    def _member(self, found: Found, rest: str, steps: int) -> Found:
        """Return attribute *rest* (dotted) of *found*."""
        if not rest or steps > _STEPS:
            return found if not rest else UNKNOWN
        first, _, more = rest.partition(".")
        module = self.modules.get(found.path)
        match found.kind:
            case "external":
                return Found("external", name=f"{found.name}.{rest}")
            case "module" if module is not None:
                return self._members(self._exported(module, first, steps + 1), more, steps + 1)
            case "class" | "function" if module is not None:
                return self._members(self._attribute(module, found, first, steps + 1), more, steps + 1)
            case "value" if found.value is not None and found.value.kind == "map":
                value = found.value.get(first)
                inner = self.evaluate(found.path, found.scope, value, steps + 1)
                return self._members(inner, more, steps + 1)
            case "value" if found.value is not None and found.value.kind == "call":
                made = self.instance(found.path, found.scope, found.value, steps + 1)
                if made.kind in {"class", "function", "module"}:
                    return self._member(made, rest, steps + 1)
                callee = self.callee(found.path, found.scope, found.value, steps + 1)
                if callee.kind == "external":
                    return Found("external", name=f"{callee.name}().{rest}")
        return UNKNOWN

    def _attribute(self, module: Module, found: Found, first: str, steps: int) -> Found:
        """Return attribute *first* of a class, its bases or a function that fills in `this`."""
        if f"{found.name}.{first}" in module.functions:
            return Found("function", module.path, found.name, f"{found.name}.{first}")
        for name in (first, f"this.{first}", f"self.{first}"):
            if (found.name, name) in module.assigns:
                return self._value(module, module.assigns[found.name, name], steps)
        one = module.classes.get(found.name)
        for base in one.bases[:6] if one is not None else ():
            inherited = self.evaluate(module.path, found.scope, base, steps + 1)
            if inherited.kind == "class":
                attribute = self._member(inherited, first, steps + 1)
                if attribute.kind != "unknown":
                    return attribute
            elif inherited.kind == "external":
                return Found("external", name=f"{inherited.name}.{first}")
        return UNKNOWN

    def imported(self, path: str, wanted: Import, steps: int = 0) -> Found:
        """Return what `from module import name` (or its like) in *path* gives."""
        if steps > _STEPS:
            return UNKNOWN
        python = path.endswith(".py")
        candidates = list(self._python(path, wanted.module) if python else self._javascript(path, wanted.module))
        for candidate in candidates:
            found = self._from_module(candidate, wanted.name, python=python, steps=steps + 1)
            if found.kind != "unknown":
                return found
        if candidates:
            return UNKNOWN
        name = "" if wanted.name in {"", "default", "*"} else f".{wanted.name}"
        return Found("external", name=wanted.module + name)

    def _from_module(self, candidate: str, name: str, *, python: bool, steps: int) -> Found:
        module = self.modules.get(candidate)
        if python and name:
            inner = self._submodule(candidate, name)
            if module is not None:
                found = self.resolve(candidate, "", name, steps + 1)
                if found.kind != "unknown":
                    return found
            return Found("module", inner, "", "") if inner else UNKNOWN
        if module is None:
            return Found("module", candidate, "", "")
        if name in {"", "*"}:
            whole = module.exports.get("=")
            if whole is not None and whole.kind != "map":
                return self.evaluate(candidate, "", whole, steps + 1)
            return Found("module", candidate, "", "")
        return self._exported(module, name, steps + 1)

    def _submodule(self, package: str, name: str) -> str:
        folder = package.removesuffix("/__init__.py").removesuffix("__init__.py")
        for path in (posixpath.join(folder, f"{name}.py"), posixpath.join(folder, name, "__init__.py")):
            if path in self.modules:
                return path
        return posixpath.join(folder, name, "__init__.py") if posixpath.join(folder, name) in self.folders else ""

    def _exported(self, module: Module, name: str, steps: int) -> Found:
        """Return export *name* of *module*."""
        if steps > _STEPS:
            return UNKNOWN
        if module.path.endswith(".py"):
            found = self.resolve(module.path, "", name, steps + 1)
            inner = self._submodule(module.path, name) if found.kind == "unknown" else ""
            return Found("module", inner, "", "") if inner else found
        if name in module.exports:
            return self.evaluate(module.path, "", module.exports[name], steps + 1)
        whole = module.exports.get("=") or (module.exports.get("default") if name != "default" else None)
        if whole is not None:
            if name == "default":
                return self.evaluate(module.path, "", whole, steps + 1)
            found = self.evaluate(module.path, "", whole, steps + 1)
            inner_found = self._member(found, name, steps + 1)
            if inner_found.kind != "unknown":
                return inner_found
        for star in module.starred:
            found = self.imported(module.path, Import("", star, name), steps + 1)
            if found.kind not in {"unknown", "external"}:
                return found
        return UNKNOWN

    def _python(self, path: str, module: str) -> Iterator[str]:
        dots = len(module) - len(module.lstrip("."))
        folder = posixpath.dirname(path)
        parts = module.lstrip(".").split(".") if module.lstrip(".") else []
        if dots:
            for _ in range(dots - 1):
                folder = posixpath.dirname(folder)
            yield from self._python_at(folder, parts)
            return
        for above in _above(folder):
            yield from self._python_at(above, parts)
            yield from self._python_at(posixpath.join(above, "src"), parts)

    def _python_at(self, folder: str, parts: list[str]) -> Iterator[str]:
        stem = posixpath.join(folder, *parts)
        for candidate in (f"{stem}.py", posixpath.join(stem, "__init__.py")):
            if candidate in self.modules:
                yield candidate
        if stem in self.folders and posixpath.join(stem, "__init__.py") not in self.modules:
            yield posixpath.join(stem, "__init__.py")  # a namespace package

    def _javascript(self, path: str, module: str) -> Iterator[str]:
        folder = posixpath.dirname(path)
        if module.startswith("."):
            yield from self._javascript_at(posixpath.normpath(posixpath.join(folder, module)))
            return
        plain = module.lstrip("@~#$").lstrip("/")
        if plain == module and "/" not in module:
            return  # a package by its bare name
        for above in _above(folder):
            for inside in (above, posixpath.join(above, "src"), posixpath.join(above, "app")):
                yield from self._javascript_at(posixpath.join(inside, plain))

    def _javascript_at(self, stem: str) -> Iterator[str]:
        bare = stem
        for ending in (".js", ".jsx", ".mjs", ".cjs"):
            bare = bare.removesuffix(ending)
        tried = [stem, *(bare + ending for ending in _JS_ENDINGS)]
        tried += [posixpath.join(stem, "index" + ending) for ending in _JS_ENDINGS]
        yield from (path for path in tried if path in self.modules)


def _above(folder: str) -> Iterator[str]:
    """Yield *folder* and every folder above it, the top ("") last."""
    for _ in range(20):
        yield folder
        if not folder:
            return
        folder = posixpath.dirname(folder)
