"""What the name of a variable promises."""

from __future__ import annotations

import pytest

from checks.facts.browser.bundled_names import Holds, holds


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("NEXT_PUBLIC_SUPABASE_SERVICE_ROLE_KEY", Holds.DATABASE),
        ("VITE_SUPABASE_SERVICE_KEY", Holds.DATABASE),
        ("VITE_OPENAI_API_KEY", Holds.MONEY),
        ("REACT_APP_GEMINI_KEY", Holds.MONEY),
        ("NEXT_PUBLIC_CLERK_SECRET_KEY", Holds.SECRET),
        ("VITE_ADMIN_PASSWORD", Holds.SECRET),
        ("EXPO_PUBLIC_DATABASE_URL", Holds.SECRET),
        ("VITE_JWT_SECRET", Holds.SECRET),
        ("VITE_WEATHER_API_KEY", Holds.MAYBE),
        ("NEXT_PUBLIC_DEMO_PASSWORD", Holds.MAYBE),
        ("VITE_SUPABASE_ANON_KEY", None),
        ("VITE_SUPABASE_PUBLISHABLE_KEY", None),
        ("NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY", None),
        ("NEXT_PUBLIC_FIREBASE_API_KEY", None),
        ("NEXT_PUBLIC_GOOGLE_MAPS_API_KEY", None),
        ("VITE_RECAPTCHA_SITE_KEY", None),
        ("NEXT_PUBLIC_POSTHOG_KEY", None),
        ("NEXT_PUBLIC_SENTRY_DSN", None),
        ("VITE_API_URL", None),
        ("VITE_PASSWORD_MIN_LENGTH", None),
        ("VITE_USE_ID_TOKEN", None),
        ("VITE_OPENAI_MODEL", None),
    ],
)
def test_a_name_says_what_its_value_opens(name: str, kind: Holds | None) -> None:
    """Keys that are made to be seen are told from those of a server by their words."""
    assert holds(name) is kind
