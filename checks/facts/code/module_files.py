"""
Which files the name of a module may stand for.

Nothing is executed and no package path is known, so a module is looked for beside the importing file, then in each
folder above it and its `src`. An alias such as `@/lib/auth` is looked for the same way, without its first sign.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

#: A folder deep in an app that is called like one of these, `adapters/fastapi/`, is not what `import fastapi` means.
_NAMES = """
aiohttp bottle celery chainlit dash django fastapi flask gradio litestar openai redis sanic sqlalchemy sqlmodel
starlette streamlit stripe supabase tornado
"""
_PACKAGES = frozenset(_NAMES.split())
_JS_ENDINGS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts")


class Files:
    """The *paths* of all modules, and the folders that hold one at any depth."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = frozenset(paths)
        self.folders: set[str] = set()
        for path in self.paths:
            folder = posixpath.dirname(path)
            while folder and folder not in self.folders:
                self.folders.add(folder)
                folder = posixpath.dirname(folder)

    def named(self, path: str, module: str) -> list[str]:
        """Return the files that *module*, as written in *path*, may stand for, likeliest first."""
        return list(self._python(path, module) if path.endswith(".py") else self._javascript(path, module))

    def submodule(self, package: str, name: str) -> str:
        """Return the module *name* within *package* (its __init__.py), or nothing."""
        folder = package.removesuffix("/__init__.py").removesuffix("__init__.py")
        for path in (posixpath.join(folder, f"{name}.py"), posixpath.join(folder, name, "__init__.py")):
            if path in self.paths:
                return path
        return posixpath.join(folder, name, "__init__.py") if posixpath.join(folder, name) in self.folders else ""

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
            if above and parts[:1] and parts[0] in _PACKAGES:
                continue
            yield from self._python_at(above, parts)
            yield from self._python_at(posixpath.join(above, "src"), parts)

    def _python_at(self, folder: str, parts: list[str]) -> Iterator[str]:
        stem = posixpath.join(folder, *parts)
        for candidate in (f"{stem}.py", posixpath.join(stem, "__init__.py")):
            if candidate in self.paths:
                yield candidate
        if stem in self.folders and posixpath.join(stem, "__init__.py") not in self.paths:
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
        yield from (path for path in tried if path in self.paths)


def _above(folder: str) -> Iterator[str]:
    """Yield *folder* and every folder above it, the top ("") last."""
    for _ in range(20):
        yield folder
        if not folder:
            return
        folder = posixpath.dirname(folder)
