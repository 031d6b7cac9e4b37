"""Places where the browser decides."""

from __future__ import annotations

import pytest

from checks.facts.browser.browser_gates import read
from checks.facts.browser.gate_kinds import Gate


def gates(text: str) -> list[tuple[int, Gate]]:
    """Line and gate of each decision in *text*."""
    part = read(text, "code")
    return [(each.line, each.gate) for each in part.decisions] if part is not None else []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("const ok = localStorage.getItem('isAdmin');", [(1, Gate.FLAG)]),
        ("x;\nsessionStorage.getItem(`app:admin_logged_in`)", [(2, Gate.FLAG)]),
        ("localStorage.setItem('userRole', 'admin')", [(1, Gate.SET)]),
        ("if (pin !== import.meta.env.VITE_ADMIN_PIN) return;", [(1, Gate.PASSWORD)]),
        ("const role = user?.user_metadata?.role;", [(1, Gate.METADATA)]),
        ("const admin = isAdminEmail(user.email);", [(1, Gate.ADDRESS)]),
        ("const ok = allowedEmails.includes(user.email);", [(1, Gate.ADDRESS)]),
        ("const free = email === 'ana@example.com' ? unlimited : plan;", [(1, Gate.LITERAL)]),
        ("const mine = users.find((one) => one.email === 'ana@example.com');", []),  # nothing is given for it
        ("if (window.top !== window.self) { window.top.location = window.location; }", []),  # it leaves the frame
        ("localStorage.getItem('subscription_tier')", [(1, Gate.PAID)]),
        ("supabase.auth.updateUser({ data: { role } }); // user_metadata.role", []),  # it writes, and decides nothing
        ("localStorage.getItem('token'); localStorage.getItem('theme'); localStorage.getItem('admin_tab');", []),
        ("const me = JSON.parse(localStorage.getItem('user'));", []),  # who it is, and no role
    ],
)
def test_an_entry_counts_by_its_name(text: str, told: list[tuple[int, Gate]]) -> None:
    """Entries that say who may come in count; tokens, tabs and what is only written do not."""
    assert gates(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "localStorage.getItem('" * 50_000,
        "user_metadata" + "?" * 500_000,
        "ADMIN_EMAIL" * 90_000,
        "localStorage " * 80_000,
        "location.hostname.includes(" * 40_000,
        "email.toLowerCase()" * 50_000,
        "skipAuth && " * 80_000,
        "user.email === 'a@" * 50_000,
    ],
)
def test_a_long_line_is_read_to_its_end(text: str) -> None:
    """One line of a megabyte is read like others; the suite's own limit on time is the bound."""
    assert gates(text) == []
