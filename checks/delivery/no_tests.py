"""
There are no tests that could fail.

Code that an AI builder writes is changed by an AI builder, and nobody notices what the change broke elsewhere. A suite
counts when its tests assert something, lie where the framework finds them, and some configuration, script or pipeline
runs them. Scripts in the root named test_* or debug_* that print what a running server answers are no suite; neither is
npm's own `echo "Error: no test specified"`.

## How to fix

Write a test for each thing that must not break. Begin with who may do what: one test that a stranger is refused on
every route that changes data, one that the main path works. Then declare the command that runs them, in `package.json`
or `pyproject.toml`, and run it in the pipeline.

## Fix prompt

Add a test suite to this app. For Python use pytest in `tests/`, for JavaScript or TypeScript the runner the project
already has, or vitest. Cover first: every route that changes data refuses a request without a valid login; a signed-in
user cannot read or change another user's records; the main path works from request to stored result. Use the
framework's test client and a temporary database, never a running server or a real service. Every test asserts a result.
Declare the command (`[tool.pytest.ini_options]` or the `test` script) and show me how to run it. Delete scripts named
test_* in the root that assert nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable
from checks.facts.delivery.test_suites import Suites
from checks.facts.delivery.workflows import Workflows
from checks.model import Finding, Outcome, Placement, Severity

_APP = {"app.py": "def add(a, b):\n    return a + b\n"}
_NPM_DEFAULT = '{\n  "scripts": {\n    "test": "echo \\"Error: no test specified\\" && exit 1"\n  }\n}\n'
_ASSERTS = "from app import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"
_EXPECTS = "import { add } from './add'\ntest('adds', () => {\n  expect(add(1, 2)).toBe(3)\n})\n"
_BOILERPLATE = "test('renders', () => {\n  expect(screen.getByText(/learn react/i)).toBeInTheDocument()\n})\n"
_BROWSER = "test('signs in', async ({ page }) => {\n  await expect(page.locator('h1')).toHaveText('Hi')\n})\n"
_METHOD = "class PollTest(TestCase):\n    def test_x(self):\n        self.assertEqual(self.poll.votes, 0)\n"
_ANDROID = (
    "import static org.junit.Assert.*;\npublic class ExampleUnitTest {\n    @Test\n"
    "    public void addition_isCorrect() {\n        assertEquals(4, 2 + 2);\n    }\n}\n"
)

check = Check(
    __name__,
    severity=Severity.MEDIUM,
    allows=Placement.ISOLATED,
    examples=(
        Bad(_APP, says="no tests"),
        Bad({"index.js": "run()\n", "package.json": _NPM_DEFAULT}, says="runs nothing", line=3),
        Bad(
            {**_APP, "test_api.py": "import requests\nprint(requests.get('http://localhost:8000/items').json())\n"},
            says="no tests",
        ),
        Bad(
            {
                **_APP,
                "test_login.py": "import requests\n\n\ndef test_login():\n    r = requests.get('http://localhost')\n"
                "    assert r.status_code == 200\n\n\nif __name__ == '__main__':\n    test_login()\n",
            },
            says="run by hand",
        ),
        Bad({**_APP, "tests/test_app.py": "def test_it():\n    assert True\n"}),
        Bad({"a.js": "", "a.test.js": "test('works', () => {\n  expect(true).toBe(true)\n})\n"}),
        Bad(
            {
                "src/App.js": "",
                "src/App.test.js": _BOILERPLATE,
                "package.json": '{"scripts": {"test": "react-scripts test"}}',
            }
        ),
        Bad({**_APP, "polls/tests.py": "from django.test import TestCase\n\n# Create your tests here.\n"}),
        Bad(  # what the wrapper for phones came with, and a guide for people
            {
                "src/app.ts": "",
                "android/build.gradle": "",
                "android/app/src/test/java/com/example/app/ExampleUnitTest.java": _ANDROID,
                "TESTING_GUIDE.md": "1. Open the app. 2. Sign in.\n",
            },
            says="no tests",
        ),
        Bad({**_APP, "tests/test_app.py": _ASSERTS}, says="nothing declares how to run"),
        Bad({"add.ts": "", "add.test.ts": _EXPECTS, "package.json": "{}"}, says="nothing declares how to run"),
        Bad({**_APP, "archive/tests/test_app.py": _ASSERTS, "requirements.txt": "pytest==9.0.0\n"}, says="no tests"),
        Good({**_APP, "tests/test_app.py": _ASSERTS, "pyproject.toml": "[tool.pytest.ini_options]\n"}),
        Good({**_APP, "test_app.py": _ASSERTS, "requirements-dev.txt": "pytest==9.0.0\n"}),
        Good(
            {
                **_APP,
                "tests/test_app.py": _ASSERTS,
                ".github/workflows/ci.yml": "on: push\njobs:\n  t:\n    steps:\n      - run: python -m pytest\n",
            }
        ),
        Good(
            {
                **_APP,
                "manage.py": "",
                "polls/tests.py": _METHOD,
                "Makefile": "test:\n\tpython manage.py test\n",
            }
        ),
        Good({**_APP, "tests.py": f"import unittest\n{_METHOD}\nif __name__ == '__main__':\n    unittest.main()\n"}),
        Good({**_APP, "polls/tests.py": f"from django.test import TestCase\n{_METHOD}"}),
        Good({"add.ts": "", "add.test.ts": _EXPECTS, "package.json": '{"scripts": {"test": "vitest run"}}'}),
        Good(
            {
                "app/page.tsx": "",
                "e2e/login.spec.ts": _BROWSER,
                "package.json": '{"scripts": {"e2e": "playwright test"}}',
            }
        ),
        Good({"README.md": "Notes.\n"}, outcome=Outcome.NOT_APPLICABLE, says="no source code"),
    ),
)


@check.detect
def detect(suites: Suites, workflows: Workflows) -> Iterator[Finding]:
    """Ask whether there are tests that assert something, and whether anything runs them."""
    if suites.suites and (suites.runners or workflows.running_tests):
        return
    if not suites.program:
        raise NotApplicable("there is no source code that could be tested")
    if suites.suites:
        path = suites.suites[0]
        several = "the only test, that" if suites.tests == 1 else f"the {suites.tests} tests, such as those"
        said = f"nothing declares how to run {several} of {path}"
        yield Finding(said, path=path, identity="no-tests", blocking=not suites.found_by_default)
        return
    if suites.pretended:
        path, line = min(suites.pretended, key=lambda one: (one[0].count("/"), one[0]))
        yield Finding("there are no tests: the test script runs nothing", path=path, line=line, identity="no-tests")
    elif suites.scripts:
        path = suites.scripts[0]
        yield Finding(
            f"there are no tests: {path} is run by hand and asserts nothing that is kept", identity="no-tests"
        )
    else:
        yield Finding("there are no tests that assert anything", identity="no-tests")
