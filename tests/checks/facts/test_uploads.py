"""Where files that people send are kept."""

from __future__ import annotations

import pytest

from checks.facts.uploads import read

TAKES = "from fastapi import UploadFile\n"


def names(text: str, kind: str) -> list[tuple[int, str, bool]]:
    """Line, name and whether it may climb, of each upload in *text*."""
    part = read(text, kind)
    return [(each.line, each.name, each.anywhere) for each in part.uploads] if part is not None else []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (TAKES + "p = os.path.join(D, file.filename)\nopen(p, 'wb').write(b)\n", [(2, "kept", True)]),
        (TAKES + "p = folder / file.filename\np.write_bytes(b)\n", [(2, "kept", True)]),
        (TAKES + "name = file.filename\np = os.path.join(D, name)\nopen(p, 'wb')\n", [(3, "kept", True)]),
        (TAKES + "p = f'up/{stamp}_{file.filename}'\nopen(p, 'wb')\n", [(2, "kept", False)]),  # no folder stamp_..
        (TAKES + "name = secure_filename(file.filename)\nopen(D + name, 'wb')\n", []),
        (TAKES + "p = D / Path(file.filename).name\np.write_bytes(b)\n", []),
        (TAKES + "p = D / f'{uuid4()}.{file.filename.split(\".\")[-1]}'\np.write_bytes(b)\n", []),
        (TAKES + "logger.info(f'got {file.filename}')\nopen('x', 'wb')\n", []),
        ("for z in zipfile.infolist():\n    open(os.path.join(D, z.filename), 'wb')\n", []),  # nothing that is sent
    ],
)
def test_python_keeps_a_name_where_it_reaches_the_path(text: str, told: list[tuple[int, str, bool]]) -> None:
    """The sender's name counts where it is written to, and not where it is cleaned, cut to its ending, or logged."""
    assert names(text, "python") == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("multer({ storage });\nfilename: (req, file, cb) => cb(null, file.originalname)", [(2, "kept", False)]),
        ("filename: (r, f, cb) => cb(null, Date.now() + path.extname(f.originalname))", [(1, "ending", False)]),
        ("const d = await req.formData();\nawait writeFile(join(dir, file.name), b)", [(2, "kept", True)]),
        ("const d = await req.formData();\nawait writeFile(join(dir, id), b)", []),
    ],
)
def test_javascript_keeps_a_name_where_it_reaches_the_path(text: str, told: list[tuple[int, str, bool]]) -> None:
    """Multer takes folders out of a name, so that it cannot climb; a name that a route writes itself can."""
    assert names(text, "typescript") == told


@pytest.mark.parametrize("kind", ["python", "typescript"])
@pytest.mark.parametrize(
    "piece", ["os.path.join(", "x.filename ", "cb(null, originalname ", "UploadFile open('", "static('"]
)
def test_a_long_line_is_read_to_its_end(piece: str, kind: str) -> None:
    """One line of a megabyte is read like others; the suite's own limit on time is the bound."""
    part = read("UploadFile multer( .filename .save(" + piece * (1_000_000 // len(piece)), kind)
    assert part is not None
