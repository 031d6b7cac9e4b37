"""FastAPI's and Starlette's routes and what guards them."""

from __future__ import annotations

import pytest

from tests.checks.facts.routes.route_facts import guards, served

DEPS = (
    "from typing import Annotated\nfrom fastapi import Depends, Header, HTTPException\n"
    "from fastapi.security import OAuth2PasswordBearer\n"
    "def user(authorization: str = Header(None)):\n    if not authorization:\n        raise HTTPException(401)\n"
    "def maybe(authorization: str = Header(None)):\n    if not authorization:\n        return None\n    return 1\n"
    "def database():\n    yield 1\n"
    "User = Annotated[dict, Depends(user)]\nAlias = User\n"
    "class Bearer:\n    def __call__(self, request):\n        if not request.headers.get('x-api-key'):\n"
    "            raise HTTPException(status_code=403)\n"
    "scheme = OAuth2PasswordBearer(tokenUrl='t')\nlax = OAuth2PasswordBearer(tokenUrl='t', auto_error=False)\n"
)
APP = "from fastapi import FastAPI, Depends, APIRouter\nimport deps\nfrom deps import *\napp = FastAPI()\n"


@pytest.mark.parametrize(
    ("parameter", "guard"),
    [
        ("me=Depends(user)", "guarded"),
        ("me=Depends(deps.user)", "guarded"),
        ("me: User", "guarded"),
        ("me: Alias", "guarded"),
        ("me: User | None", "guarded"),
        ("me=Depends(Bearer())", "guarded"),
        ("token=Depends(scheme)", "open"),
        ("token=Depends(lax)", "open"),
        ("me=Depends(maybe)", "open"),
        ("db=Depends(database)", "open"),
        ("me: dict", "open"),
    ],
)
def test_dependency_counts_when_it_can_deny(parameter: str, guard: str) -> None:
    """A dependency guards when what it calls can raise for the caller: by default, annotation, alias or instance."""
    files = {"main.py": APP + f"@app.post('/x')\ndef x({parameter}): ...\n", "deps.py": DEPS}
    assert served(files)["POST /x"].guard in {guard, "waived" if guard == "open" else guard}


def test_dependency_of_a_dependency_counts() -> None:
    """A guard two dependencies deep guards the route."""
    inner = "def admin(me: User):\n    return me\n@app.delete('/x')\ndef x(me=Depends(admin)): ...\n"
    assert guards({"main.py": APP + inner, "deps.py": DEPS}) == {"DELETE /x": "guarded"}


@pytest.mark.parametrize(
    "made",
    [
        "r = APIRouter(prefix='/r', dependencies=[Depends(user)])\n{route}app.include_router(r)\n",
        "r = APIRouter(prefix='/r')\n{route}app.include_router(r, dependencies=[Depends(user)])\n",
        "r = APIRouter()\n{route}app.include_router(r, prefix='/r', dependencies=[Depends(user)])\n",
        "r = APIRouter(prefix='/r')\n{route}u = APIRouter(dependencies=[Depends(user)])\nu.include_router(r)\n{mount}",
    ],
)
def test_router_level_dependencies_and_prefixes_add_up(made: str) -> None:
    """A dependency on a router, on its mount or on a router above it guards every route below."""
    route = "@r.post('/x')\ndef x(): ...\n"
    assert guards({"main.py": APP + made.format(route=route, mount="app.include_router(u)\n"), "deps.py": DEPS}) == {
        "POST /r/x": "guarded"
    }


def test_app_level_dependency_guards_everything() -> None:
    """FastAPI(dependencies=[...]) guards every route of the app."""
    app = APP.replace("FastAPI()", "FastAPI(dependencies=[Depends(user)])")
    assert guards({"main.py": app + "@app.put('/x')\ndef x(): ...\n", "deps.py": DEPS}) == {"PUT /x": "guarded"}


def test_middleware_that_denies_guards_all_but_its_public_paths() -> None:
    """An http middleware guards by what its body does, and not the paths that it lets pass first."""
    middleware = (
        "PUBLIC = ['/login', '/health']\n@app.middleware('http')\nasync def check(request, call_next):\n"
        "    if request.url.path in PUBLIC:\n        return await call_next(request)\n"
        "    if not request.cookies.get('sid'):\n        return JSONResponse({}, status_code=401)\n"
        "    return await call_next(request)\n"
    )
    routes = "@app.post('/x')\ndef x(): ...\n@app.post('/login')\ndef login(): ...\n"
    assert guards({"main.py": APP + middleware + routes, "deps.py": DEPS}) == {
        "POST /x": "guarded",
        "POST /login": "open",
    }


def test_controller_classes_pass_their_dependencies_on() -> None:
    """A class-based controller's attributes, and its base's, guard its methods."""
    files = {
        "main.py": APP + "r = APIRouter()\nclass Base:\n    me: User\n@controller(r)\nclass Items(Base):\n"
        "    @r.delete('/items')\n    def drop(self): ...\napp.include_router(r)\n",
        "deps.py": DEPS,
    }
    assert guards(files) == {"DELETE /items": "guarded"}


def test_router_mounted_in_development_alone_says_so() -> None:
    """A router that is only included where the environment says development carries that trait."""
    files = {
        "main.py": APP + "r = APIRouter()\n@r.post('/x')\ndef x(): ...\nif settings.ENV == 'development':\n"
        "    app.include_router(r)\n",
        "deps.py": DEPS,
    }
    assert "development" in served(files)["POST /x"].traits


def test_starlette_tables_are_routes() -> None:
    """Route and Mount tables of Starlette serve, and `requires` guards."""
    files = {
        "main.py": "from starlette.applications import Starlette\nfrom starlette.authentication import requires\n"
        "from starlette.routing import Mount, Route\n@requires('authenticated')\nasync def a(request): ...\n"
        "async def b(request): ...\napp = Starlette(routes=[Route('/a', a, methods=['POST']),"
        " Mount('/in', routes=[Route('/b', b, methods=['POST'])])])\n"
    }
    assert guards(files) == {"POST /a": "guarded", "POST /in/b": "open"}
