"""How the house is built: the contracts between the floors, and the few rules that no linter knows."""

import ast
import importlib.metadata
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from checks.plugins import FAMILIES

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("bot", "commands", "storage", "checks", "workspace")
FOLDERS = (*FLOORS, "tests", "docs", "benchmarks")
#: Put together here, so that this file does not hold what it forbids.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("www", "npmjs", "com"),
        ("yarnpkg", "com"),
        ("golang", "org"),
    )
)


def sources(*folders: str) -> list[Path]:
    """The Python files in *folders*."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    """The name of *path* within the checkout."""
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    """The syntax tree of *path*."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function in *tree*."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imported(node: ast.AST) -> list[str]:
    """The modules that *node* imports where it is an import."""
    if isinstance(node, ast.ImportFrom):
        return [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def test_floors_import_only_from_below() -> None:
    """Every contract between the floors that pyproject.toml names is kept."""
    # In a process of its own: import-linter changes the path, and leaves every logger there is disabled.
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_of_ours_is_imported_inside_a_function() -> None:
    """An import inside a function hides who depends on whom; there is none of ours."""
    inside = {
        f"{name_of(path)}: {function.name} imports {module}"
        for path in sources(*FOLDERS)
        for function in functions(tree_of(path))
        for node in ast.walk(function)
        for module in imported(node)
        if module.split(".")[0] in FOLDERS
    }
    assert not inside


def test_files_can_be_read_in_one_go() -> None:
    """No file has more than 300 lines; half of the floors' files, but for checks with examples, have fewer than 110."""
    lines = {name_of(path): path.read_text(encoding="utf-8").count("\n") for path in sources(*FOLDERS)}
    assert not {name: count for name, count in lines.items() if count > 300}
    checks = {ROOT / "checks" / family for family in FAMILIES}
    files = [path for path in sources(*FLOORS) if path.name != "__init__.py" and path.parent not in checks]
    assert statistics.median(lines[name_of(path)] for path in files) < 110


def test_functions_can_be_read_in_one_go() -> None:
    """No function of the program has more than 60 lines; a migration lists tables, however many there are."""
    long = {
        f"{name_of(path)}: {function.name}": count
        for path in sources(*FLOORS, "docs", "benchmarks")
        if path.parent.name != "versions"
        for function in functions(tree_of(path))
        if (count := (function.end_lineno or 0) - function.lineno + 1) > 60
    }
    assert not long


def test_every_module_says_what_it_is_for() -> None:
    """Each module, tests too, opens with a docstring; only an empty one needs none."""
    silent = [
        name_of(path) for path in sources(*FOLDERS) if (tree := tree_of(path)).body and not ast.get_docstring(tree)
    ]
    assert not silent


def test_nothing_of_ours_is_mocked() -> None:
    """Fakes stand at the ports: no test imports a mocking library."""
    mocking = ("unittest.mock", "mock", "pytest_mock")
    found = [
        name_of(path)
        for path in sources(*FOLDERS)
        for node in ast.walk(tree_of(path))
        if set(imported(node)) & set(mocking)
    ]
    assert not found


def test_no_file_names_a_package_registry() -> None:
    """Where packages come from is the machine's setting: none of our files, lock files included, names a host."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    found: list[str] = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
        found.extend(f"{name}: {host}" for host in REGISTRIES if host in text)
    assert not found


def test_nobody_else_claims_our_names() -> None:
    """No other installed distribution brings a top-level package of one of our names."""
    claimed = importlib.metadata.packages_distributions()
    others = {name: set(claimed.get(name, [])) - {"groundcrew-bot"} for name in FLOORS}
    assert not any(others.values()), others


def test_the_workspace_starts_isolated() -> None:
    """An isolated Python anywhere finds the local workspace and every floor, so children can be started with -I."""
    names = ", ".join(FLOORS)
    code = f"import {names}, importlib.util as u; print(u.find_spec('workspace.__main__') is not None)"
    done = subprocess.run([sys.executable, "-I", "-c", code], cwd="/", capture_output=True, check=False, text=True)
    assert (done.stdout.strip(), done.stderr) == ("True", "")


def test_the_floors_are_documented_as_they_are_held() -> None:
    """docs/design.md lists the floors in the order of the layers' contract, then what stands beside the house."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    told = re.findall(r"^\| `(\w+)/` \|", (ROOT / "docs" / "design.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert told == [*layers, "workspace"]
