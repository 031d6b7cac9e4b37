"""Express's routes, those of Hono, Fastify and NestJS, and what guards them."""

from __future__ import annotations

import pytest

from tests.checks.facts.routes.route_facts import guards, served

APP = 'const express = require("express");\nconst app = express();\n'
GUARD = (
    "function check(req, res, next) {\n  if (!req.session.userId) return res.status(401).json({});\n  next();\n}\n"
    "function reader(req, res, next) {\n  if (!req.session.userId) return next();\n  req.user = load();\n  next();\n}\n"
    "const byRole = (role) => (req, res, next) => {\n  if (req.user.role !== role) return res.sendStatus(403);\n"
    "  next();\n};\n"
    "const verify = (req, res, next) => {\n  jwt.verify(req.headers.authorization, process.env.K, (err, user) => {\n"
    "    if (err) return next(err);\n    req.user = user;\n    next();\n  });\n};\n"
    "const maintenance = (req, res, next) => {\n  if (process.env.CLOSED) return res.status(403).end();\n"
    "  next();\n};\n"
)


@pytest.mark.parametrize(
    ("route", "guard"),
    [
        ('app.post("/x", check, save);', "guarded"),
        ('app.post("/x", [limit, check], save);', "guarded"),
        ('app.post("/x", byRole("admin"), save);', "guarded"),
        ('app.post("/x", verify, save);', "guarded"),
        ('app.route("/x").post(check, save);', "guarded"),
        ('app.use(check); app.post("/x", save);', "guarded"),
        ('app.use("/", check); app.post("/x", save);', "guarded"),
        ('app.all("*", check); app.post("/x", save);', "guarded"),
        ('app.post("/x", wrap(async (req, res) => { if (!req.user) throw new Error("no"); }));', "guarded"),
        ('app.post("/x", async (req, res) => { if (!req.user) { res.status(403).end(); return; } });', "guarded"),
        ('app.post("/x", save);', "open"),
        ('app.post("/x", reader, save);', "open"),
        ('app.post("/x", maintenance, save);', "open"),
        ('app.use("/other", check); app.post("/x", save);', "open"),
        ('app.post("/x", save); app.use(check);', "open"),
        ('app.post("/x", async (req, res) => { const user = await User.find(1); if (!user) return; });', "open"),
    ],
)
def test_middleware_counts_when_it_can_deny_and_comes_before(route: str, guard: str) -> None:
    """A middleware guards what comes after it, when its body turns callers away for who they are."""
    lines = route.replace("; app", ";\napp")
    assert guards({"server.js": APP + GUARD + lines + "\n"}) == {"POST /x": guard}


def test_routers_in_other_files_take_prefix_and_guards_from_their_mount() -> None:
    """A router that another file requires lies under its mount's path, behind the guards named there."""
    files = {
        "server.js": APP + 'const { check } = require("./mw");\napp.use("/api", check, require("./routes"));\n'
        'app.use("/open", require("./open").default);\n',
        "mw.js": "exports.check = (req, res, next) => req.user ? next() : res.sendStatus(401);\n",
        "routes/index.js": 'const r = require("express").Router();\nr.use("/orders", require("./orders"));\n'
        "module.exports = r;\n",
        "routes/orders.js": 'const router = require("express").Router();\n'
        'router.put("/:id", (req, res) => res.end());\n'
        "module.exports = router;\n",
        "open.js": 'import { Router } from "express";\nconst r = Router();\nr.post("/x", save);\nexport default r;\n',
        "unused.js": 'const r = require("express").Router();\nr.post("/never", save);\nmodule.exports = r;\n',
    }
    assert guards(files) == {"PUT /api/orders/:id": "guarded", "POST /open/x": "open"}


def test_app_passed_to_a_function_keeps_its_order() -> None:
    """`require("./routes")(app)` registers on the very same app, behind what was used before."""
    files = {
        "server.js": APP + GUARD + 'app.post("/early", save);\napp.use(check);\nrequire("./routes")(app);\n',
        "routes.js": 'module.exports = (app) => {\n  app.post("/late", save);\n};\n',
    }
    assert guards(files) == {"POST /early": "open", "POST /late": "guarded"}


def test_methods_of_services_made_elsewhere_are_found() -> None:
    """A guard that is a method of an object made by `new` is looked up in its constructor function or class."""
    files = {
        "server.js": APP
        + 'const Session = require("./session");\nconst session = new Session();\nconst isIn = session.isIn;\n'
        'app.post("/a", isIn, save);\napp.post("/b", session.sees, save);\n',
        "session.js": "function Session() {\n  this.isIn = (req, res, next) => {\n"
        '    if (req.session.user) return next();\n    return res.redirect("/login");\n  };\n'
        "  this.sees = (req, res, next) => next();\n}\nmodule.exports = Session;\n",
    }
    assert guards(files) == {"POST /a": "guarded", "POST /b": "open"}


def test_routers_from_a_list_and_from_chains_are_served() -> None:
    """Routers mounted in a loop over a list, and chains of `use`, serve what they hold."""
    files = {
        "server.js": APP + 'const a = require("./a");\nconst all = [{ path: "/a", route: a }];\n'
        'all.forEach((one) => {\n  app.use(one.path, one.route);\n});\napp.use(require("./b"));\n',
        "a.js": 'const r = require("express").Router();\nr.post("/x", save);\nmodule.exports = r;\n',
        "b.js": 'const { Router } = require("express");\nconst inner = Router();\ninner.post("/y", save);\n'
        'module.exports = Router().use("/b", inner);\n',
    }
    assert set(guards(files)) == {"POST /a/x", "POST /b/y"}


def test_folder_listings_are_routes() -> None:
    """serve-index gives a folder's files to anybody."""
    app = APP + 'const serveIndex = require("serve-index");\napp.use("/logs", serveIndex("logs"));\n'
    assert "listing" in served({"server.js": app})["GET /logs"].traits


def test_hono_and_fastify_register_alike() -> None:
    """Hono's use and route, and Fastify's hooks and options, are read as Express is."""
    files = {
        "hono.ts": 'import { Hono } from "hono";\nimport { jwt } from "hono/jwt";\nconst app = new Hono();\n'
        'app.post("/open", (c) => c.json({}));\napp.use("/in/*", jwt({ secret }));\n'
        'app.post("/in/x", (c) => c.json({}));\n',
        "fast.js": 'const fastify = require("fastify")();\n'
        'fastify.post("/f", { preHandler: async (req, reply) => { if (!req.user) reply.code(401).send(); } }, save);\n'
        'fastify.route({ method: "PUT", url: "/g", handler: save });\n',
    }
    assert guards(files) == {"POST /open": "open", "POST /in/x": "guarded", "POST /f": "guarded", "PUT /g": "open"}


NEST = (
    'import { Controller, Post, Get, UseGuards } from "@nestjs/common";\nimport { In } from "./in";\n'
    '@Controller("cats")\nexport class Cats {\n  @UseGuards(In)\n  @Post("a")\n  a() {}\n  @Post("b")\n  b() {}\n'
    "  @Public()\n  @Post()\n  c() {}\n}\n"
)
IN = "export class In {\n  canActivate(context) {\n    return Boolean(context.user);\n  }\n}\n"


def test_nest_controllers_and_their_guards() -> None:
    """NestJS's controllers serve their methods behind @UseGuards, and a guard over the app reaches all but opt-outs."""
    bare = {"cats.ts": NEST, "in.ts": IN}
    assert guards(bare) == {"POST /cats/a": "guarded", "POST /cats/b": "open", "POST /cats": "open"}
    module = (
        'import { In } from "./in";\n@Module({ providers: [{ provide: APP_GUARD, useClass: In }] })\n'
        "export class App {}\n"
    )
    assert guards(bare | {"app.ts": module}) == {
        "POST /cats/a": "guarded",
        "POST /cats/b": "guarded",
        "POST /cats": "waived",
    }
    assert (
        guards(bare | {"in.ts": "export class In {\n  canActivate() {\n    return true;\n  }\n}\n"})["POST /cats/a"]
        == "open"
    )


def test_router_that_is_imported_late_is_served() -> None:
    """A router that `await import()` brings in is served where it is mounted."""
    files = {
        "server.js": 'const app = require("express")();\nasync function start() {\n'
        '  const api = await import("./orders.js");\n  app.use("/v1", api.default);\n}\n',
        "orders.js": 'const router = require("express").Router();\n'
        'router.delete("/orders/:id", async (req, res) => {\n  await Order.destroy();\n});\nmodule.exports = router;\n',
    }
    assert served(files)["DELETE /v1/orders/:id"].guard == "open"
