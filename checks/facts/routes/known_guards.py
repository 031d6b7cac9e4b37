"""
Guards of well-known packages, by where they are imported from: data only.

An entry that ends in ".*" or "*" matches what begins with it. "Package().x" is attribute x of an instance. Everything
else from outside the repository is either known to guard nothing (`NEUTRAL`) or unknown, which lowers confidence.
"""

from __future__ import annotations

import re

_DENY = """
flask_login.login_required flask_login.fresh_login_required flask_login.utils.login_required
flask_jwt_extended.jwt_required flask_jwt_extended.fresh_jwt_required flask_jwt_extended.jwt_refresh_token_required
flask_jwt_extended.verify_jwt_in_request flask_jwt.jwt_required flask_jwt_extended.view_decorators.*
flask_security.*required flask_security.decorators.* flask_user.*required flask_simplelogin.login_required
flask_httpauth.* flask_principal.* flask_basicauth.BasicAuth().required flask_praetorian.auth_required
flask_praetorian.roles_required flask_oidc.OpenIDConnect().* flask_pyoidc.* flask_appbuilder.security.*
quart_auth.login_required authlib.integrations.flask_oauth2.*
tornado.web.authenticated bottle.auth_basic litestar.security.* dash_auth.*
aiohttp_security.* aiohttp_jwt.* aiohttp_basicauth.* aiohttp_session_auth.*
starlette.authentication.requires
fastapi.security.* fastapi_users.FastAPIUsers().current_user fastapi_users.FastAPIUsers().authenticator.*
fastapi_jwt_auth.* fastapi_login.* fastapi_clerk_auth.* fastapi_azure_auth.* fastapi_keycloak.*
django.contrib.auth.decorators.* django.contrib.auth.mixins.* django.contrib.admin.views.decorators.*
django.contrib.auth.middleware.LoginRequiredMiddleware django.contrib.admin.site.admin_view
django.contrib.admin.site.urls login_required.middleware.* stronghold.middleware.* braces.views.*
rest_framework.permissions.Is* rest_framework.permissions.Django* rest_framework_api_key.permissions.*
rest_framework.authentication.require* oauth2_provider.contrib.rest_framework.* oauth2_provider.decorators.*
guardian.decorators.* guardian.mixins.* rules.contrib.views.* allauth.account.decorators.*
ninja.security.* knox.auth.* two_factor.views.mixins.* django_otp.decorators.* mozilla_django_oidc.*
stripe.Webhook.construct_event stripe.webhook.* svix.Webhook().verify svix.webhooks.Webhook().verify
passport.authenticate express-jwt express-jwt.* express-oauth2-jwt-bearer.auth
express-openid-connect.requiresAuth connect-ensure-login.* express-basic-auth express-basic-auth.*
@clerk/express.requireAuth @clerk/clerk-sdk-node.ClerkExpressRequireAuth @clerk/fastify.*
@clerk/nextjs/server.auth.protect @clerk/nextjs.auth.protect @clerk/nextjs/server.auth().protect
@clerk/nextjs.authMiddleware @clerk/nextjs/server.authMiddleware @clerk/nextjs.withAuth
next-auth/middleware next-auth/middleware.* next-auth/next.withAuth
@auth0/nextjs-auth0.with* @auth0/nextjs-auth0/edge.with* express-session-auth koa-jwt koa-passport.*
@hono/clerk-auth.* hono/jwt.* hono/bearer-auth.* hono/basic-auth.* @hono/oidc-auth.*
@fastify/auth.* @fastify/basic-auth.* @fastify/passport.* @fastify/bearer-auth
@kinde-oss/kinde-auth-nextjs/middleware.withAuth @workos-inc/authkit-nextjs.* supertokens-node/recipe/session.*
supertokens-node/recipe/session/framework/express.verifySession
@nestjs/passport.AuthGuard
inngest/*.serve inngest/next.serve @upstash/qstash/nextjs.* @upstash/qstash/dist/nextjs.*
next/navigation.unauthorized next/navigation.forbidden
@trigger.dev/*
@aws-amplify/* aws-jwt-verify.*
"""
_NEUTRAL = """
express express.* cors helmet helmet.* morgan morgan.* compression cookie-parser body-parser body-parser.* multer
multer* express-session express-rate-limit express-rate-limit.* express-slow-down express-validator express-validator.*
express-fileupload response-time serve-favicon serve-static connect-flash method-override express-async-handler*
express-mongo-sanitize hpp xss-clean csurf csurf.* winston* pino-http pino* swagger-ui-express* zod* joi* celebrate*
i18next* passport.initialize passport.session express-ejs-layouts on-finished http-proxy-middleware*
path.* fs.* hono/cors.* hono/logger.* hono/* @hono/zod-validator* @fastify/cors @fastify/helmet @fastify/static
functools.* flask_limiter* flask_cors* flask_caching* flask_cache* flask_wtf* flasgger* flask_restx* flask_smorest*
flask_restful* flask.* webargs* marshmallow* slowapi* fastapi.* starlette.middleware.* pydantic*
django.views.decorators.* django.utils.decorators.* django.db.transaction* django.middleware.* django.contrib.*
django.views.generic.* rest_framework.decorators.* rest_framework.generics.* rest_framework.views.*
rest_framework.viewsets.* rest_framework.mixins.* rest_framework.permissions.AllowAny drf_yasg* drf_spectacular*
django_ratelimit* ratelimit* corsheaders* whitenoise* debug_toolbar* aiohttp_cors* aiohttp_jinja2* contextlib*
celery* typing* sqlalchemy* asgiref* prometheus_* sentry_sdk* csp* django_htmx* waffle* silk* htmlmin*
django_prometheus* django_currentuser* crum* cuser* django_userforeignkey* auditlog*
simple_history* reversion* django_hosts* axes* allauth.account.middleware* next* react* @vercel/* fastapi_limiter*
@nestjs/throttler* @nestjs/common* @nestjs/swagger* @nestjs/cache* @sentry/* sentry* next-safe-action* @fastify/*
cachetools* tenacity* aiocache* fastapi_cache* flask_compress*
"""
#: Deny only what changes something: reading stays open.
READ_ONLY = frozenset(
    {
        "rest_framework.permissions.IsAuthenticatedOrReadOnly",
        "rest_framework.permissions.DjangoModelPermissionsOrAnonReadOnly",
    }
)
#: Their session is often asked for with these, which answer "nobody" instead of denying.
_ANSWER_NOBODY = """
flask_jwt_extended.jwt_optional next-auth.getServerSession next-auth/next.getServerSession flask_login.current_user
@clerk/express.clerkMiddleware @clerk/nextjs/server.clerkMiddleware @clerk/nextjs/server.auth
"""
#: What gives the request, or who sent it, to any code, and what answers it: a module with one of these serves callers.
AROUND = frozenset(
    {
        *("request", "session", "g", "current_user", "cookies", "headers", "next/headers", "contextvars", "Request"),
        *("HTTPException", "abort", "UnauthorizedException", "TRPCError", "PermissionDenied", "next/server"),
    }
)
#: Asks that something is sent, and leaves it to others whether it is true.
HANDS_OVER = re.compile(
    r"^fastapi\.security\.(?:[\w.]*\.)?(?:HTTP\w+|OAuth2\w+|OpenIdConnect|APIKey(?:Header|Query|Cookie))"
)
#: Clients that act with the caller's own session: what they may touch, the database's row level security decides.
ACTS_AS_CALLER = re.compile(
    r"^@supabase/(?:ssr\.createServerClient|auth-helpers-\w+\.create(?:Server|Route|Middleware))"
)
#: Names that make an unresolved guard worth a doubt. They never make one count.
DOUBTFUL = re.compile(
    r"auth|login|logged|permi|protect|guard|requir|verif|jwt|token|session|role|admin|secur|(?:current|active)_?user",
    re.IGNORECASE,
)


def _compiled(entries: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(entry).replace(r"\*", ".*") for entry in entries.split()))


_DENIES, _PASSES, _NEUTRALS = _compiled(_DENY), _compiled(_ANSWER_NOBODY), _compiled(_NEUTRAL)


def ruling_on(origin: str) -> str:
    """Return what is known of *origin* ("package.name"): denies, passes, or unknown."""
    if _PASSES.fullmatch(origin):
        return "passes"
    if _DENIES.fullmatch(origin):
        return "denies"
    if _NEUTRALS.fullmatch(origin) or not DOUBTFUL.search(origin):
        return "passes"
    return "unknown"
