"""Two roles of a PostgreSQL server: an admin of the machine, and the one that the bot runs as."""

from dataclasses import dataclass

import psycopg

from tests.postgres_server import PostgresServer


@dataclass
class Roles:
    """*admin* is a superuser, *crew* an ordinary role; *database* is the one made last, for whoever was named."""

    server: PostgresServer
    admin: str
    crew: str
    database: str = ""

    def database_of(self, owner: str) -> str:
        """Make an empty database that *owner* has, and return its name."""
        self.database = self.server.new_database().rpartition("@/")[2].partition("?")[0]
        self.run(f"ALTER DATABASE {self.database} OWNER TO {owner}")
        return self.database

    def admin_at(self, database: str) -> str:
        """Return the address of *database* for the admin."""
        return f"postgresql+psycopg://{self.admin}@/{database}?host={self.server.folder}"

    def crew_at(self, database: str) -> str:
        """Return the address of *database* for the bot."""
        return f"postgresql+psycopg://{self.crew}@/{database}?host={self.server.folder}"

    def run(self, statement: str, database: str = "postgres") -> None:
        """Have the server's own superuser run *statement*."""
        with psycopg.connect(
            host=str(self.server.folder), user=self.server.user, dbname=database, autocommit=True
        ) as connection:
            connection.execute(statement.encode())

    def owners(self, database: str) -> set[str]:
        """Return who has tables, views, sequences, functions and schemas in *database*, beside PostgreSQL itself."""
        with psycopg.connect(host=str(self.server.folder), user=self.server.user, dbname=database) as connection:
            rows = connection.execute(
                """
                SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'v', 'S', 'i')
                UNION SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE oid >= 16384
                UNION SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE oid >= 16384
                """
            ).fetchall()
        return {row[0] for row in rows}


def make_roles(server: PostgresServer) -> Roles:
    """Make the two roles on *server*; others that are called so have another number."""
    made = Roles(server, "", "")
    made.database_of(server.user)  # whose name is no other's
    made.admin, made.crew = f"admin_{made.database}", f"crew_{made.database}"
    made.run(f"CREATE ROLE {made.admin} SUPERUSER LOGIN")
    made.run(f"CREATE ROLE {made.crew} LOGIN")
    return made
