"""What commands and actions are for."""

import pytest

from checks.facts.delivery.purposes import Purpose, purposes_of, purposes_of_action

TEST, LINT, BUILD, DEPLOY = Purpose.TEST, Purpose.LINT, Purpose.BUILD, Purpose.DEPLOY


@pytest.mark.parametrize(
    ("script", "purposes"),
    [
        ("pytest", {TEST}),
        ("uv run --frozen pytest -q", {TEST}),
        ("python -m pytest tests", {TEST}),
        ("python manage.py test", {TEST}),
        ("coverage run -m pytest && coverage report", {TEST}),
        ("npm ci && npm test", {TEST}),
        ("npm run test:unit", {TEST}),
        ("pnpm --filter web run e2e", {TEST}),
        ("npx playwright test", {TEST}),
        ("yarn vitest run", {TEST}),
        ("node --test", {TEST}),
        ("make check", {TEST}),
        ("go test ./...", {TEST}),
        ("./gradlew test", {TEST}),
        ("scripts/test", {TEST}),
        ("docker compose exec -T backend bash scripts/tests-start.sh", {TEST}),
        (".ci/run", {TEST}),
        ("ruff check . \\\n  --fix", {LINT}),
        ("npm run lint", {LINT}),
        ("tsc --noEmit", {LINT}),
        ("npm run build", {BUILD}),
        ("docker build -t app .", {BUILD}),
        ("next build && vercel deploy --prod", {BUILD, DEPLOY}),
        ("flyctl deploy --remote-only", {DEPLOY}),
        # Naming a tool is not running it.
        ("pip install pytest ruff", set()),
        ("python -m pip install -r requirements-test.txt", set()),
        ("npm ci", set()),
        ("npx playwright install --with-deps", set()),
        ('echo "no pytest here"', set()),
        ("# pytest", set()),
        ("cd tests && ls", set()),
        ("mkdir -p test-results", set()),
        ("gh pr merge --auto --squash", set()),
    ],
)
def test_a_command_is_known_by_its_words(script: str, purposes: set[Purpose]) -> None:
    """A script is for what its commands run, not for what they install, print or name."""
    assert purposes_of(script) == purposes


@pytest.mark.parametrize(
    ("uses", "purposes"),
    [
        ("actions/checkout@v4", set()),
        ("actions/stale@v9", set()),
        ("actions/labeler@v5", set()),
        ("dependabot/fetch-metadata@v2", set()),
        ("cypress-io/github-action@v6", {TEST}),
        ("acme/shared/.github/workflows/test.yml@main", {TEST}),
        ("acme/shared/.github/workflows/ci.yml@main", {LINT}),
        ("github/codeql-action/analyze@v3", {LINT}),
        ("pre-commit/action@v3.0.1", {LINT}),
        ("docker/build-push-action@v6", {BUILD, DEPLOY}),
        ("peaceiris/actions-gh-pages@v4", {DEPLOY}),
    ],
)
def test_an_action_is_known_by_its_name(uses: str, purposes: set[Purpose]) -> None:
    """An action, or a workflow of another repository, is for what its name says."""
    assert purposes_of_action(uses) == purposes


def test_a_hostile_command_is_read_to_the_end() -> None:
    """A command made to make patterns repeat themselves is answered; only its beginning is looked at."""
    for piece in ("test-", "npm ", "a/", "make -", "docker x ", "A=1 ", "npx --a "):
        assert purposes_of(piece * 50_000) <= set(Purpose)
