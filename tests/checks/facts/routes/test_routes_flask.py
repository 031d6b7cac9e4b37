"""Flask's routes and what guards them."""

from __future__ import annotations

import pytest

from tests.checks.facts.routes.route_facts import guards, served

APP = "from flask import Flask, Blueprint, abort, g, redirect, request, session, url_for\napp = Flask(__name__)\n"
VIEW = "@app.post('/x')\ndef x():\n    db.session.commit()\n    return ''\n"
DECORATED = "@app.post('/x')\n@{name}\ndef x():\n    return ''\n"


def decorator(name: str, body: str) -> str:
    """Return a decorator called *name* whose wrapper begins with *body*."""
    return f"def {name}(f):\n    def inner(*args):\n{body}        return f(*args)\n    return inner\n"


DENIES = [
    "        if 'user' not in session:\n            abort(401)\n",
    "        if session.get('user_id') is None:\n            return redirect(url_for('login'))\n",
    "        t = request.headers.get('Authorization')\n        if not t:\n            return {'error': 'no'}, 401\n",
    "        try:\n            jwt.decode(request.headers)\n        except Exception:\n            return {}, 403\n",
    "        if not g.user:\n            raise Unauthorized()\n",
]
DOES_NOT_DENY = [
    "        g.user = session.get('user')\n",
    "        if not app.config['OPEN']:\n            abort(403)\n",
    "        item = db.get(args[0])\n        if not item:\n            abort(404)\n",
    "        token = request.headers.get('Authorization')\n        if not token:\n            return f(*args)\n",
    "        if request.form.get('csrf_token') != session['csrf_token']:\n            abort(403)\n",
]


@pytest.mark.parametrize("body", DENIES)
def test_decorator_that_can_deny_guards_whatever_its_name(body: str) -> None:
    """A decorator counts when its body can turn a caller away, though its name says nothing."""
    files = {"app.py": APP + decorator("stripes", body) + DECORATED.format(name="stripes")}
    assert guards(files) == {"POST /x": "guarded"}


@pytest.mark.parametrize("body", DOES_NOT_DENY)
def test_decorator_that_denies_nobody_guards_nothing(body: str) -> None:
    """A decorator called login_required does not count when its body turns nobody away for who they are."""
    files = {"app.py": APP + decorator("login_required", body) + DECORATED.format(name="login_required")}
    assert guards(files) == {"POST /x": "open"}


def test_decorator_above_the_route_guards_nothing() -> None:
    """Flask registers what stands below @app.route, so a decorator above it is never called."""
    above = "@guard\n@app.post('/x')\ndef x():\n    return ''\n"
    assert guards({"app.py": APP + decorator("guard", DENIES[0]) + above}) == {"POST /x": "open"}


def test_known_package_guards_and_unknown_one_is_said() -> None:
    """Flask-Login's decorator is known; one of a package nobody knows is unknown, not open and not guarded."""
    known = "from flask_login import login_required\n" + DECORATED.format(name="login_required")
    unknown = "from acme import requires_login\n" + DECORATED.format(name="requires_login")
    assert guards({"app.py": APP + known}) == {"POST /x": "guarded"}
    assert guards({"app.py": APP + unknown}) == {"POST /x": "unknown"}


def test_import_wins_over_its_fallback() -> None:
    """A decorator that is defined again under `except ImportError` is the imported one."""
    fallback = "try:\n    from auth import guard\nexcept ImportError:\n    def guard(f):\n        return f\n"
    files = {"app.py": APP + fallback + DECORATED.format(name="guard"), "auth.py": APP + decorator("guard", DENIES[0])}
    assert guards(files)["POST /x"] == "guarded"


def test_blueprints_add_their_prefix_and_unmounted_ones_serve_nothing() -> None:
    """A blueprint's routes lie under the prefix of its registration; one that nobody registers is not served."""
    files = {
        "shop/__init__.py": "from flask import Flask\nfrom .orders import bp\ndef create_app():\n    app = Flask('x')\n"
        "    app.register_blueprint(bp, url_prefix='/shop')\n    return app\n",
        "shop/orders.py": "from flask import Blueprint\nbp = Blueprint('o', __name__)\n"
        "@bp.route('/orders', methods=['PUT'])\n"
        "def put(): ...\n",
        "shop/old.py": "from flask import Blueprint\nold = Blueprint('p', __name__)\n@old.post('/old')\n"
        "def post(): ...\n",
    }
    route = served(files)["PUT /shop/orders"]
    assert (route.file, route.line, route.framework) == ("shop/orders.py", 3, "Flask")
    assert len(served(files)) == 1


def test_request_hook_guards_all_but_its_exceptions() -> None:
    """A before_request hook that denies guards every route but the endpoints that it lets pass."""
    hook = (
        "@app.before_request\ndef check():\n    if request.endpoint in ('login', 'static'):\n        return\n"
        "    if 'user' not in session:\n        return redirect('/login')\n"
    )
    login = "@app.post('/login')\ndef login():\n    return ''\n"
    assert guards({"app.py": APP + hook + VIEW + login}) == {"POST /x": "guarded", "POST /login": "open"}


def test_class_views_and_resources_have_a_route_each_method() -> None:
    """MethodView and Flask-RESTful resources serve their methods, guarded by the decorators of class and base."""
    files = {
        "app.py": APP + "from flask.views import MethodView\nfrom flask_restful import Api, Resource\n"
        "from flask_login import login_required\napi = Api(app)\n"
        "class Base(Resource):\n    method_decorators = [login_required]\n"
        "class Item(Base):\n    def get(self): ...\n    def delete(self): ...\n"
        "class Page(MethodView):\n    def post(self): ...\n"
        "api.add_resource(Item, '/item')\napp.add_url_rule('/page', view_func=Page.as_view('page'))\n"
    }
    assert guards(files) == {"GET /item": "guarded", "DELETE /item": "guarded", "POST /page": "open"}


def test_check_in_the_body_and_in_what_it_calls_counts() -> None:
    """A handler that turns callers away itself, or calls a function that does, is guarded."""
    inside = "@app.post('/a')\ndef a():\n    if not session.get('user'):\n        return '', 401\n    return ''\n"
    called = "from me import whoami\n@app.post('/b')\ndef b():\n    user = whoami()\n    return ''\n"
    me = (
        "from flask import abort, session\ndef whoami():\n    if 'id' not in session:\n        abort(401)\n"
        "    return 1\n"
    )
    assert guards({"app.py": APP + inside + called, "me.py": me}) == {"POST /a": "guarded", "POST /b": "guarded"}


def test_reading_the_user_without_asking_is_open() -> None:
    """A handler that reads who the user is and goes on either way is open; so is one that 404s on a missing row."""
    reads = "@app.post('/a')\ndef a():\n    user = session.get('user')\n    save(user)\n    return ''\n"
    missing = (
        "@app.post('/b')\ndef b():\n    user = db.get(1)\n    if not user:\n        return '', 404\n    return ''\n"
    )
    assert guards({"app.py": APP + reads + missing}) == {"POST /a": "open", "POST /b": "open"}


def test_personal_data_is_named_by_what_is_fetched() -> None:
    """What a handler fetches is named, and fetching the caller's own row is not."""
    every = "@app.get('/a')\ndef a():\n    return jsonify(Customer.query.all())\n"
    own = "@app.get('/b')\ndef b():\n    return jsonify(User.query.get(session['id']))\n"
    routes = served({"app.py": APP + every + own})
    assert routes["GET /a"].reads == ("Customer",)
    assert routes["GET /b"].reads == ()


@pytest.mark.parametrize(
    "body",
    [
        "    r = requests.get(URL, headers={'Authorization': KEY})\n    if r.status_code == 401:\n        abort(401)\n",
        "    if request.headers.get('Origin') != HOST:\n        abort(403)\n",
        "    if form.validate_on_submit():\n        save()\n        return redirect(url_for('auth.login'))\n",
        "    row = db.update(user_id=request.user.id)\n    if not row:\n        return '', 500\n",
        "    author = request.json.get('author')\n    if not author:\n        return '', 400\n",
    ],
)
def test_what_only_looks_like_a_denial_is_none(body: str) -> None:
    """Another server's 401, an origin, a form's way to the login, a failed write or a missing field guard nothing."""
    assert guards({"app.py": APP + f"@app.post('/x')\ndef x():\n{body}    return ''\n"}) == {"POST /x": "open"}


def test_login_for_whoever_is_left_counts() -> None:
    """Who has a session left before with an answer, so the login at the end is for the others."""
    view = (
        "@app.post('/x')\ndef x():\n    if session.get('id'):\n        return page()\n    return redirect('/login')\n"
    )
    assert guards({"app.py": APP + view}) == {"POST /x": "guarded"}
