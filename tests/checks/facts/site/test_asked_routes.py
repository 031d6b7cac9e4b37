"""Which routes may be asked where an app runs: only those of which nothing says that they change something."""

import pytest

from checks.facts.routes.served import Served
from checks.facts.site.asked_routes import may_be_asked


def route(path: str, method: str = "GET", *traits: str, resolved: bool = True) -> Served:
    """Return a route at *path*."""
    return Served(method, path, "Flask", "app.py", 1, "f", "guarded", resolved=resolved, traits=frozenset(traits))


@pytest.mark.parametrize(
    "path", ["/", "/api/users", "/invoices", "/api/v1/orders/", "/settings", "/newsletter", "/contacts"]
)
def test_a_route_that_only_reads_may_be_asked(path: str) -> None:
    """A list or a page that anybody's browser would ask for."""
    assert may_be_asked(route(path))


@pytest.mark.parametrize(
    "path",
    [
        *("/createdb", "/create_db", "/api/reset-database", "/seed", "/logout", "/sign-out", "/users/deleteAll"),
        *("/cron/daily", "/api/sendReminders", "/webhook", "/api/mintListener", "/gc-cleanup", "/api/runBacktest"),
        *("/users/<int:id>", "/users/:id", "/users/{id}", "/users/[id]", "/files/*", "/settings.BASE_PATH/user/"),
    ],
)
def test_a_path_that_sounds_like_an_order_is_left_alone(path: str) -> None:
    """Nor is one asked that needs a value, or that stands in the code by a name."""
    assert not may_be_asked(route(path))


def test_what_the_handler_does_or_hides_keeps_it_from_being_asked() -> None:
    """Another method, a body that writes, starts programs or reads what was sent, or one that was not found."""
    assert may_be_asked(route("/a", "GET", "reads"))
    assert not may_be_asked(route("/a", "POST"))
    assert not may_be_asked(route("/a", "ANY"))
    for trait in ("writes", "stores", "destroys", "runs", "body", "forwards"):
        assert not may_be_asked(route("/a", "GET", "reads", trait))
    assert not may_be_asked(route("/a", resolved=False))
