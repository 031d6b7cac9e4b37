"""What maintainers of a well-run app would dispute is told as advice, and what stands beside it still holds back."""

from __future__ import annotations

import pytest

from checks.check import Bad, all_checks
from checks.example import run_example

_DATABASES = (
    'services:\n  db:\n    image: postgres:16\n    ports:\n      - "5432:5432"\n    environment:\n'
    "      POSTGRES_PASSWORD: postgres\n  mail:\n    image: mailhog/mailhog\n"
)
_WEB = "services:\n  web:\n    build: .\n    environment:\n      JWT_SECRET: s3cr3t-jwt\n"
_SEED = (
    "const email = 'ann@shop.test';\nconst password = 'admin123';\n"
    "await prisma.user.create({ data: { email, password } });\n"
)
_NOTES = (
    "from flask import Flask, jsonify\nfrom flask_login import current_user, login_required\nfrom models import Note\n"
    "app = Flask(__name__)\n@app.get('/mine')\n@login_required\ndef mine():\n"
    "    return jsonify(Note.query.filter_by(user_id=current_user.id).all())\n"
    "class Note(db.Model):\n    user_id = db.Column(db.Integer)\n"
)
_READ = (
    "@app.get('/notes/<int:id>/form')\n@login_required\ndef form(id):\n    return jsonify(Note.query.get_or_404(id))\n"
)
_SHOW = "@app.get('/notes/<int:id>')\ndef show(id):\n    return jsonify(Note.query.get_or_404(id))\n"
_LIKE = (
    "@app.post('/likes/<int:id>')\n@login_required\ndef like(id):\n    note = Note.query.get_or_404(id)\n    LIKED\n"
    "    return ''\n"
)
_BASE = "SECRET_KEY = 'kq8#vz2m!tr5w@x9plu3'\nALLOWED_HOSTS = ['*']\n"
_PROD = "from .base import *\nSECRET_KEY = open('/data/key').read()\n"
_PEOPLE = "name,email,phone\n" + "".join(
    f"X Y,{first}.{last}@gmail.com,0151 2345\n" for first in ("mia", "ben", "ida", "tom") for last in ("lang", "roth")
)
_ENV = 'env = [\n    "SECRET_KEY=kq8vz2mtr5wx9plu3",\n]\n'

#: Check, files where all is advice, files where something holds back: the same fault where it is consequential.
CASES = {
    "databases alone, for the app that a developer runs beside them": (
        "fallback-secret",
        {"docker-compose.yml": _DATABASES},
        {"docker-compose.yml": _DATABASES + "  web:\n    build: .\n"},
    ),
    "a signing key that production's settings replace": (
        "fallback-secret",
        {"shop/settings/base.py": _BASE, "shop/settings/prod.py": _PROD},
        {"shop/settings/base.py": _BASE, "shop/settings/prod.py": "from .base import *\nDEBUG = False\n"},
    ),
    "a handful of records that developers try things with": (
        "committed-data",
        {"scripts/dev/people.csv": _PEOPLE},
        {"exports/people.csv": _PEOPLE},
    ),
    "what tests are run with": (
        "hardcoded-secret",
        {"pyproject.toml": "[tool.pytest.ini_options]\n" + _ENV},
        {"pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-q'\n[tool.shop]\n" + _ENV},
    ),
    "a development server that a developer starts": (
        "debug-mode",
        {"scripts/run-shop.sh": "python manage.py runserver\n"},
        {"scripts/run-shop.sh": "python manage.py runserver\n", "Dockerfile": 'CMD ["scripts/run-shop.sh"]\n'},
    ),
    "a cookie that the page's own scripts write too": (
        "insecure-cookie",
        {"server.js": "res.cookie('token', made, { path: '/' });\n", "pad.js": "Cookies.set('token', made);\n"},
        {"server.js": "res.cookie('token', made, { path: '/' });\n"},
    ),
    "a cookie of an attempt to register": (
        "insecure-cookie",
        {"flow.py": "response.set_cookie('registration_session', made, secure=True)\n"},
        {"flow.py": "response.set_cookie('session', made, secure=True)\n"},
    ),
    "a record that another page shows to anybody": (
        "route-without-authorisation",
        {"app.py": _NOTES + _READ + _SHOW},
        {"app.py": _NOTES + _READ},
    ),
    "a record that the caller's own new one speaks of": (
        "route-without-authorisation",
        {"app.py": _NOTES + _LIKE.replace("LIKED", "Like.objects.create(user=current_user, note=note)")},
        {"app.py": _NOTES + _LIKE.replace("LIKED", "note.likes = 1\n    db.session.commit()")},
    ),
    "a compose file among the tools": (
        "fallback-secret",
        {"tools/fill/docker-compose.yml": _WEB},
        {"docker-compose.yml": _WEB},
    ),
    "accounts that are made up by a script that nothing starts": (
        "hardcoded-secret",
        {
            "prisma/seed.ts": _SEED,
            "package.json": '{"scripts": {"start": "next start", "db:seed": "tsx prisma/seed.ts"}}',
        },
        {
            "prisma/seed.ts": _SEED,
            "package.json": '{"scripts": {"start": "npm run db:seed && next start", "db:seed": "x"}}',
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_disputable_findings_are_advice(name: str) -> None:
    """Each is told, and holds nothing back; where the cause is not there, the fault does."""
    check_id, disputed, plain = CASES[name]
    check = next(check for check in all_checks() if check.id == check_id)
    told, sure = (run_example(check, Bad(files)).findings for files in (disputed, plain))
    assert told
    assert not any(finding.blocking for finding in told), told
    assert any(finding.blocking for finding in sure), sure
