"""Django's routes, those of REST framework, and what guards them."""

from __future__ import annotations

import pytest

from tests.checks.facts.routes.route_facts import guards, served

ROOT = {
    "site/settings.py": "ROOT_URLCONF = 'site.urls'\nMIDDLEWARE = ['django.middleware.security.SecurityMiddleware']\n",
    "site/urls.py": "from django.urls import include, path\nurlpatterns = [path('shop/', include('shop.urls'))]\n",
    "shop/__init__.py": "",
}
URLS = (
    "from django.urls import path, re_path\nfrom django.contrib.auth.decorators import login_required\n"
    "from . import views\n"
)


def project(urls: str, views: str, **more: str) -> dict[str, str]:
    """Return a project whose app has *urls* and *views*; *more* are files by name, with __ for each slash."""
    files = ROOT | {"shop/urls.py": URLS + urls, "shop/views.py": views}
    return files | {name.replace("__", "/") + ".py": text for name, text in more.items()}


@pytest.mark.parametrize(
    ("view", "guard"),
    [
        ("from django.contrib.auth.decorators import login_required\n@login_required\n", "guarded"),
        ("from django.contrib.admin.views.decorators import staff_member_required as s\n@s\n", "guarded"),
        ("from shop.own import members\n@members\n", "guarded"),
        ("from shop.own import shown\n@shown\n", "open"),
        ("from django.views.decorators.csrf import csrf_exempt\n@csrf_exempt\n", "open"),
        ("", "open"),
    ],
)
def test_decorators_count_by_what_they_do(view: str, guard: str) -> None:
    """Django's own decorators are known, a project's own are looked up; csrf_exempt and logging guard nothing."""
    own = (
        "from django.shortcuts import redirect\ndef members(view):\n    def inner(request):\n"
        "        if not request.user.is_authenticated:\n            return redirect('accounts:login')\n"
        "        return view(request)\n    return inner\n"
        "def shown(view):\n    def inner(request):\n        print(request.user)\n        return view(request)\n"
        "    return inner\n"
    )
    views = view + "def x(request):\n    if request.method != 'POST':\n        return None\n    save()\n"
    assert guards(project("urlpatterns = [path('x', views.x)]\n", views, shop__own=own)) == {"POST /shop/x": guard}


def test_urls_are_followed_through_includes_and_patterns() -> None:
    """Includes add their prefix, regular expressions become paths, and what no root includes is not served."""
    files = project(
        "urlpatterns = [path('a/', views.a), re_path(r'^b/(?P<pk>\\d+)/$', login_required(views.b))]\n",
        "def a(request): ...\ndef b(request): ...\n",
        old__urls="from django.urls import path\nfrom shop import views\nurlpatterns = [path('old/', views.a)]\n",
    )
    assert guards(files) == {"GET /shop/a/": "open", "GET /shop/b/<pk>/": "guarded"}


def test_class_views_are_guarded_by_mixins_decorators_and_dispatch() -> None:
    """A mixin, a method_decorator and a project's own base class guard every method of a class view."""
    views = (
        "from django.contrib.auth.mixins import LoginRequiredMixin\n"
        "from django.utils.decorators import method_decorator\n"
        "from django.contrib.auth.decorators import login_required\nfrom django.views import View\n"
        "from django.http import HttpResponseForbidden\n"
        "class Closed(View):\n    def dispatch(self, request):\n        if not request.user.is_staff:\n"
        "            return HttpResponseForbidden()\n        return super().dispatch(request)\n"
        "class A(LoginRequiredMixin, View):\n    def post(self, request): ...\n"
        "@method_decorator(login_required, name='dispatch')\nclass B(View):\n    def post(self, request): ...\n"
        "class C(Closed):\n    def post(self, request): ...\nclass D(View):\n    def post(self, request): ...\n"
    )
    urls = "urlpatterns = [" + ", ".join(f"path('{n.lower()}', views.{n}.as_view())" for n in "ABCD") + "]\n"
    assert guards(project(urls, views)) == {
        "POST /shop/a": "guarded",
        "POST /shop/b": "guarded",
        "POST /shop/c": "guarded",
        "POST /shop/d": "open",
    }


REST = (
    "from rest_framework import permissions, viewsets\n"
    "from rest_framework.permissions import AllowAny, IsAuthenticated\n"
    "from rest_framework.views import APIView\nfrom rest_framework.decorators import api_view, permission_classes\n"
)
VIEWSETS = (
    "from rest_framework.routers import DefaultRouter\nfrom django.urls import include\nrouter = DefaultRouter()\n"
    "router.register('people', views.People)\nurlpatterns = [path('', include(router.urls))]\n"
)


@pytest.mark.parametrize(
    ("permission", "reading", "writing"),
    [
        ("permission_classes = [IsAuthenticated]", "guarded", "guarded"),
        ("permission_classes = [AllowAny]", "open", "open"),
        ("permission_classes = [permissions.IsAuthenticatedOrReadOnly]", "open", "guarded"),
        ("permission_classes = [Own]", "guarded", "guarded"),
        ("permission_classes = [Nodding]", "open", "open"),
        ("pass", "open", "open"),
    ],
)
def test_viewsets_are_guarded_by_their_permissions(permission: str, reading: str, writing: str) -> None:
    """A view set serves its actions; a permission counts unless it only ever says yes."""
    views = (
        REST + "class Own(permissions.BasePermission):\n    def has_permission(self, request, view):\n"
        "        return bool(request.user)\n"
        "class Nodding(permissions.BasePermission):\n    def has_permission(self, request, view):\n"
        "        return True\n"
        f"class People(viewsets.ModelViewSet):\n    queryset = Customer.objects.all()\n    {permission}\n"
    )
    routes = served(project(VIEWSETS, views))
    assert routes["GET /shop/people/"].guard == reading
    assert routes["DELETE /shop/people/{pk}/"].guard == writing
    assert routes["GET /shop/people/"].reads == ("Customer",)


def test_default_permissions_guard_what_names_none() -> None:
    """DEFAULT_PERMISSION_CLASSES guards REST framework's views that name none of their own, and no others."""
    settings = (
        "ROOT_URLCONF = 'site.urls'\n"
        "REST_FRAMEWORK = {'DEFAULT_PERMISSION_CLASSES': ['rest_framework.permissions.IsAuthenticated']}\n"
    )
    views = (
        REST + "class A(APIView):\n    def post(self, request): ...\n"
        "class B(APIView):\n    permission_classes = []\n    def post(self, request): ...\n"
        "@api_view(['POST'])\ndef c(request): ...\n@api_view(['POST'])\n@permission_classes([AllowAny])\n"
        "def d(request): ...\n"
    )
    places = "path('a', views.A.as_view()), path('b', views.B.as_view()), path('c', views.c), path('d', views.d)"
    urls = f"urlpatterns = [{places}]\n"
    files = project(urls, views) | {"site/settings.py": settings}
    assert guards(files) == {
        "POST /shop/a": "guarded",
        "POST /shop/b": "open",
        "POST /shop/c": "guarded",
        "POST /shop/d": "open",
    }


def test_login_middleware_guards_everything() -> None:
    """A middleware named in the settings is looked up, Django's own known, and both reach every route."""
    views = "def a(request): ...\n"
    urls = "urlpatterns = [path('a', views.a)]\n"
    known = "ROOT_URLCONF = 'site.urls'\nMIDDLEWARE = ['django.contrib.auth.middleware.LoginRequiredMiddleware']\n"
    own = "ROOT_URLCONF = 'site.urls'\nMIDDLEWARE = ['site.guard.Guard']\n"
    guard = (
        "from django.shortcuts import redirect\nclass Guard:\n    def __call__(self, request):\n"
        "        if not request.user.is_authenticated and not request.path.startswith('/login'):\n"
        "            return redirect('/login')\n        return self.get_response(request)\n"
    )
    assert guards(project(urls, views) | {"site/settings.py": known}) == {"GET /shop/a": "guarded"}
    assert guards(project(urls, views, site__guard=guard) | {"site/settings.py": own}) == {"GET /shop/a": "guarded"}
