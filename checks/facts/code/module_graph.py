"""Where a name leads: through scopes, imports and re-exports, to a function, class or value, here or outside."""

from __future__ import annotations

from collections.abc import Mapping

from checks.facts.code.module_files import Files
from checks.facts.code.modules import UNKNOWN, Found, Module
from checks.facts.code.outline import Assign, Class, Expr, Function, Import, Outline

_STEPS = 12  # names followed one after the other; a cycle of re-exports ends here


class Program:
    """All outlines of a repository, by path."""

    def __init__(self, outlines: Mapping[str, Outline]) -> None:
        self.modules = {path: Module(path, outline) for path, outline in sorted(outlines.items())}
        self.files = Files(self.modules)
        self._names: dict[tuple[str, str, str], Found] = {}
        self._exports: dict[tuple[str, str], Found] = {}

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

    def body_of(self, found: Found) -> Found:
        """Return the function that *found* is, or that it wraps: `const getUser = cache(async () => ...)`."""
        for _ in range(4):
            if found.kind != "value" or found.value is None or found.value.kind != "call":
                return found
            inner = [self.evaluate(found.path, found.scope, item) for item in found.value.items[:4]]
            functions = [one for one in inner if one.kind == "function"]
            if functions:
                return functions[-1]
            calls = [one for one in inner if one.value is not None and one.value.kind == "call"]
            if not calls:
                return found
            found = calls[-1]
        return found

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
                if result.kind == "call" and function is not None and result.name == function.name:
                    continue  # `if (!(this instanceof Dao)) return new Dao()`: it is the function that fills in `this`
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
        """Return what *dotted*, as written in *scope* of *path*, leads to; each name is looked up once."""
        module = self.modules.get(path)
        if module is None or not dotted or steps > _STEPS:
            return UNKNOWN
        key = (path, scope, dotted)
        if key not in self._names:
            self._names[key] = UNKNOWN  # a name that leads back to itself leads nowhere
            self._names[key] = self._resolved(module, scope, dotted, steps)
        return self._names[key]

    def _resolved(self, module: Module, scope: str, dotted: str, steps: int) -> Found:
        first, _, rest = dotted.partition(".")
        if first in {"self", "this", "cls"} and rest:
            return self._of_class(module, scope, rest, steps)
        for inside in module.scopes(scope):
            found = self._defined(module, inside, first, dotted, steps)
            if found is not None:
                return found
        return self._through_imports(module, dotted, steps)

    def _through_imports(self, module: Module, dotted: str, steps: int) -> Found:
        longest = dotted
        while longest:  # `import a.b` makes a.b.c reachable
            if longest in module.imports:
                found = self.imported(module.path, module.imports[longest], steps + 1)
                rest = dotted[len(longest) + 1 :]
                if found.kind in {"value", "function"} and rest.partition(".")[0] == "default":
                    rest = rest.partition(".")[2]  # `(await import("m")).default` is what CommonJS's m exports
                return self._members(found, rest, steps)
            longest = longest.rpartition(".")[0]
        first, _, rest = dotted.partition(".")
        for wildcard in module.wildcards:
            found = self.imported(module.path, Import("", wildcard, first), steps + 1)
            if found.kind not in {"unknown", "external"}:
                return self._members(found, rest, steps)
        return UNKNOWN

    def _defined(self, module: Module, scope: str, first: str, dotted: str, steps: int) -> Found | None:
        """Return what *dotted* is by a definition right in *scope*, or None."""
        qualified = f"{scope}.{first}" if scope else first
        rest = dotted[len(first) + 1 :]
        if not scope and first in module.imports and qualified in module.functions:
            # Imported, and defined again where the import fails (`except ImportError`): the import is what runs.
            imported = self._members(self.imported(module.path, module.imports[first], steps + 1), rest, steps)
            if imported.kind in {"function", "class", "value"}:
                return imported
        if rest and (scope, dotted) in module.assigns:
            return self._value(module, module.assigns[scope, dotted], steps)
        if qualified in module.functions or qualified in module.classes:
            kind = "function" if qualified in module.functions else "class"
            return self._members(Found(kind, module.path, scope, qualified), rest, steps)
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
            # What a factory made and named, `router = Router(); return router`; not what a wrapper wrapped.
            if made.kind == "module" or (made.kind == "value" and not made.name.startswith("@")):
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
            case "value" if found.value is not None:
                return self._of_value(found, found.value, rest, steps + 1)
        return UNKNOWN

    def _of_value(self, found: Found, value: Expr, rest: str, steps: int) -> Found:
        """Return attribute *rest* of a value: a map's entry, or what a call's result has."""
        if value.kind == "map":
            first, _, more = rest.partition(".")
            return self._members(self.evaluate(found.path, found.scope, value.get(first), steps), more, steps)
        if value.kind == "call":
            made = self.instance(found.path, found.scope, value, steps)
            if made.kind in {"class", "function", "module"}:
                return self._member(made, rest, steps)
            callee = self.callee(found.path, found.scope, value, steps)
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
        candidates = self.files.named(path, wanted.module)
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
            inner = self.files.submodule(candidate, name)
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

    def _exported(self, module: Module, name: str, steps: int) -> Found:
        """Return export *name* of *module*; each is looked up once, and one that leads back to itself is unknown."""
        key = (module.path, name)
        if key not in self._exports:
            self._exports[key] = UNKNOWN
            look_up = self._python_export if module.path.endswith(".py") else self._javascript_export
            self._exports[key] = look_up(module, name, steps)
        return self._exports[key]

    def _python_export(self, module: Module, name: str, steps: int) -> Found:
        found = self.resolve(module.path, "", name, steps + 1)
        inner = self.files.submodule(module.path, name) if found.kind == "unknown" else ""
        return Found("module", inner, "", "") if inner else found

    def _javascript_export(self, module: Module, name: str, steps: int) -> Found:
        if name in module.exports:
            return self.evaluate(module.path, "", module.exports[name], steps + 1)
        whole = self.evaluate(module.path, "", module.exports.get("=") or module.exports.get("default"), steps + 1)
        found = whole if name == "default" else self._member(whole, name, steps + 1)
        for star in module.starred:
            if found.kind != "unknown":
                break
            starred = self.imported(module.path, Import("", star, name), steps + 1)
            found = starred if starred.kind != "external" else found
        return found
