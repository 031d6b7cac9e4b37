"""Which tests count as a suite."""

import pytest

from checks.example import facts_of
from checks.facts.delivery.test_bodies import count
from checks.facts.delivery.test_suites import Suites


def suites(files: dict[str, str]) -> Suites:
    """The fact for *files*."""
    fact = facts_of(files).get(Suites).value
    assert isinstance(fact, Suites)
    return fact


@pytest.mark.parametrize(
    ("text", "tests", "hollow"),
    [
        ("def test_a():\n    assert add(1) == 2\n", 1, 0),
        ("async def test_a():\n    assert await add(1)\n", 1, 0),
        ("class T(TestCase):\n    def test_a(self):\n        self.assertEqual(add(1), 2)\n", 1, 0),
        ("def test_a():\n    with pytest.raises(ValueError):\n        add('x')\n", 1, 0),
        ("def test_a(mocker):\n    send.assert_called_once()\n", 1, 0),
        ("def test_a():\n    print(requests.get(URL).json())\n", 0, 1),
        ("def test_a():\n    assert True\n", 0, 1),
        ("def test_a(self):\n    self.assertTrue(True)\n", 0, 1),
        ("# def test_a(): assert x\nS = 'def test_a(): assert x'\n", 0, 0),
        ("def helper():\n    assert ready\n", 0, 0),
    ],
)
def test_python_tests_are_counted(text: str, tests: int, hollow: int) -> None:
    """A Python test counts where it asserts something that could be false."""
    body = count(text, "python")
    assert (body.tests, body.hollow) == (tests, hollow)


@pytest.mark.parametrize(
    ("text", "tests", "hollow"),
    [
        ("it('adds', () => { expect(add(1)).toBe(2) })", 1, 0),
        ("test('adds', async () => { await expect(page).toHaveTitle('x') })", 1, 0),
        ("test.each([1, 2])('adds %i', (n) => { expect(add(n)).toBe(n + 1) })", 1, 0),
        ("it('adds', () => { assert.strictEqual(add(1), 2) })", 1, 0),
        ("it('adds', () => { add(1).should.equal(2) })", 1, 0),
        ("it('shows', () => { cy.get('h1').should('contain', 'Hi') })", 1, 0),
        ("Deno.test('adds', () => { assertEquals(add(1), 2) })", 1, 0),
        ("it('works', () => { expect(true).toBe(true) })", 0, 1),
        ("it('works', () => { expect(1 + 1).toBe(2) })", 0, 1),
        ("it('logs', () => { console.log(add(1)) })", 0, 1),
        ("it.skip('adds', () => { expect(add(1)).toBe(2) })", 0, 0),
        ("// it('adds', () => { expect(add(1)).toBe(2) })", 0, 0),
    ],
)
def test_javascript_tests_are_counted(text: str, tests: int, hollow: int) -> None:
    """A JavaScript or TypeScript test counts where it asserts something that could be false."""
    for language in ("javascript", "typescript"):
        body = count(text, language)
        assert (body.tests, body.hollow) == (tests, hollow)


REAL = "def test_a():\n    assert add(1) == 2\n"


def test_a_script_beside_the_code_is_no_suite() -> None:
    """A test file in the root that starts itself is a script; in a tests folder it may."""
    script = f"{REAL}\nif __name__ == '__main__':\n    test_a()\n"
    fact = suites({"test_api.py": script, "tests/test_add.py": script, "test_unit.py": REAL})
    assert set(fact.suites) == {"tests/test_add.py", "test_unit.py"}
    assert fact.scripts == ("test_api.py",)


def test_others_tests_do_not_count() -> None:
    """Tests of installed packages and of examples are not the app's."""
    spec = "it('a', () => { expect(add(1)).toBe(2) })"
    assert suites({"node_modules/x/a.test.js": spec, "examples/tests/test_a.py": REAL}).suites == ()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", "[tool.pytest.ini_options]\n"),
        ("setup.cfg", "[tool:pytest]\n"),
        ("requirements/dev.txt", "pytest==9\n"),
        ("tox.ini", "[testenv]\n"),
        ("Makefile", "check:\n\tpython -m pytest\n"),
        ("scripts/test.sh", "pytest -q\n"),
        ("tests/conftest.py", "import pytest\n"),
        ("web/package.json", '{"scripts": {"e2e": "playwright test"}}'),
        ("vitest.config.ts", "export default {}"),
    ],
)
def test_what_runs_the_tests_is_known(path: str, text: str) -> None:
    """A configuration, a script or a declared runner says how the tests are run."""
    assert suites({path: text}).runners == (path,)


def test_a_commented_runner_is_none() -> None:
    """The name of a runner in a comment runs nothing."""
    assert suites({"requirements.txt": "# pytest\nflask==3\n"}).runners == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{\n "scripts": {\n  "test": "echo \\"Error: no test specified\\" && exit 1"\n }\n}', 3),
        ('{"scripts": {"test": "exit 0"}}', 1),
    ],
)
def test_a_test_script_that_runs_nothing_pretends(text: str, line: int) -> None:
    """The default script of npm, and one that only exits, pretend; the line is given."""
    fact = suites({"package.json": text})
    assert (fact.runners, fact.pretended) == ((), (("package.json", line),))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"scripts": []}', '{"scripts": {"tests": 3}}', "[" * 100_000])
def test_a_broken_package_json_says_nothing(text: str) -> None:
    """A package.json that is none runs no tests, and ends nothing."""
    fact = suites({"package.json": text})
    assert (fact.runners, fact.pretended) == ((), ())


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pkg/add_test.go", "func TestAdd(t *testing.T) { if Add(1) != 2 { t.Error(1) } }"),
        ("spec/add_spec.rb", "it { expect(add(1)).to eq 2 }"),
        ("src/test/java/AddTest.java", "assertEquals(2, add(1));"),
    ],
)
def test_other_languages_count_by_their_places(path: str, text: str) -> None:
    """Tests of other languages are known by where they lie and that they assert."""
    assert suites({path: text}).suites == (path,)
