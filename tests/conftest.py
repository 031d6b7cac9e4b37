"""
What holds for all tests: no property test fails for being slow, for a busy machine proves nothing.

No package index and no source of advisories is asked but those that a test stands up itself.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.postgres_roles import Roles, make_roles
from tests.postgres_server import PostgresServer, running_postgres
from tests.registries import FileRegistries, PostgresRegistries, make_tables
from tests.requirements_of_machine import needs

settings.register_profile("house", deadline=None)
settings.load_profile("house")
for name in ("GROUNDCREW_PYPI_INDEX", "GROUNDCREW_NPM_REGISTRY", "GROUNDCREW_ADVISORIES_URL"):
    os.environ[name] = "off"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Give a running PostgreSQL server."""
    with running_postgres(needs("postgres")) as server:
        yield server


@pytest.fixture
def roles(postgres: PostgresServer) -> Roles:
    """Give two roles of PostgreSQL that no other test uses."""
    return make_roles(postgres)


@pytest.fixture(scope="session")
def file_registries(tmp_path_factory: pytest.TempPathFactory) -> FileRegistries:
    """Give a maker of registries in files."""
    template = tmp_path_factory.mktemp("template") / "registry.db"
    make_tables(f"sqlite+aiosqlite:///{template}")
    return FileRegistries(template)


@pytest.fixture(scope="session")
def postgres_registries(postgres: PostgresServer) -> PostgresRegistries:
    """Give a maker of registries on PostgreSQL."""
    return PostgresRegistries(postgres, make_tables(postgres.new_database()).rpartition("@/")[2].partition("?")[0])


@pytest.fixture(params=["sqlite", "postgres"])
def registry_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of a registry that has its tables and nothing else: whoever asks for it runs on both engines."""
    kind = "file_registries" if request.param == "sqlite" else "postgres_registries"
    maker: FileRegistries | PostgresRegistries = request.getfixturevalue(kind)
    return maker.make(tmp_path)
