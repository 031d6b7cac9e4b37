"""
The library for durable work (DBOS Transact), set up so that the traps known of it are closed. All calls here block.

It keeps a row for each job in the registry's own database, hands it to a process that has a hand free, and has it taken
up again by another. What it must not do stands here: no log of its own, no server, no telemetry, no pickle, and no
version that changes with each release and would strand what was begun under the one before.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from datetime import datetime

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions, SetWorkflowID

from storage.database import Database, StorageError
from storage.jobs_engine import acting_url, make_jobs_engine

#: What a person waits for, and everything else.
CHECKS, ROUNDS = "checks", "rounds"
_QUEUES = {"run-check": CHECKS}
_ROUNDS_AT_ONCE = 2  # in each process
_POLL_S = 0.5  # how often a queue is asked; a process alone begins checks without it
_QUIET_S = 3600.0  # its own scheduler has nothing to do: the clock gives our orders

#: The one workflow takes an order and what it is for. One that takes something else needs another name.
_JOB = "job"
_NAME = "groundcrew"
_VERSION = "1"  # by default a hash of the code, and what was begun under another version stays where it is
_JSON = DBOSPortableJSONSerializer()  # the default is pickle, which runs what it reads
_PATIENCE_S = 2.0
_AT_ONCE = 500  # rows in one statement

Body = Callable[[str, str], None]


class Stopped(BaseException):
    """The process stops: the job stays as it is for another, which the library sees to only for no Exception."""


class Durable:
    """
    The jobs in *database*, as the process *process_id* has them.

    Where it *works* it makes jobs in threads of the library, *checks_at_once* checks together; it asks every *poll_s*.
    """

    def __init__(
        self, database: Database, process_id: str, *, works: bool, checks_at_once: int, poll_s: float = _POLL_S
    ) -> None:
        self._process_id = process_id
        self._works = works
        self._checks_at_once = checks_at_once
        self._poll_s = poll_s
        self._engine = make_jobs_engine(database.url)

    def open(self, body: Body) -> None:
        """
        Bring the library's tables to its version, and begin to make jobs where this process does.

        Raises StorageError where the database does not take the tables.
        """
        try:
            if self._works:
                self._launch(body)
            else:
                DBOS.migrate(acting_url(self._engine).render_as_string(hide_password=False))
            self._client = DBOSClient(
                system_database_engine=self._engine,
                serializer=_JSON,
                application_name=_NAME,
                retry_connection_errors=False,  # else who asks for a check waits for the database to come back
            )
        except Exception as error:  # noqa: BLE001 - the drivers raise errors of their own
            DBOS.destroy(destroy_registry=True)
            self._engine.dispose()
            reason = (str(getattr(error, "orig", error)).splitlines() or [type(error).__name__])[0]
            raise StorageError(
                f"The registry takes no tables for jobs: {reason}. On PostgreSQL its user must be allowed to create a "
                "schema: GRANT CREATE ON DATABASE ... TO ... (`groundcrew doctor` says what it lacks)."
            ) from None

    def _launch(self, body: Body) -> None:
        log = logging.getLogger("dbos")
        if not log.handlers:  # else it adds one that writes to the error stream, past our redaction
            log.addHandler(logging.NullHandler())

        def job(order: str, key: str) -> None:
            body(order, key)

        DBOS(
            config={
                "name": _NAME,
                "system_database_engine": self._engine,
                "serializer": _JSON,
                "application_version": _VERSION,
                "executor_id": self._process_id,
                "log_level": "WARNING",
                "use_listen_notify": False,
                "scheduler_polling_interval_sec": _QUIET_S,
            }
        )
        self._job = DBOS.workflow(name=_JOB, max_recovery_attempts=None)(job)
        DBOS.launch()
        for queue, at_once in ((CHECKS, self._checks_at_once), (ROUNDS, _ROUNDS_AT_ONCE)):
            DBOS.register_queue(
                queue, worker_concurrency=at_once, polling_interval_sec=self._poll_s, on_conflict="always_update"
            )

    def begin(self, order: str, key: str) -> None:
        """Begin a job here and now; one of the same name is not begun again."""
        with SetWorkflowID(f"{order}:{key}"):
            DBOS.start_workflow(self._job, order, key)

    def enqueue(self, order: str, key: str) -> None:
        """Have a job made by whichever process has a hand free; with an empty *key* by none while one waits or runs."""
        name = f"{order}:{key or secrets.token_hex(8)}"
        options: EnqueueOptions = {"workflow_name": _JOB, "queue_name": queue_of(order), "workflow_id": name}
        if not key:
            options["deduplication_id"] = order
            options["duplication_policy"] = "return-existing"
        self._client.enqueue(options, order, key)

    def at_work(self) -> frozenset[str]:
        """Return the processes that have begun jobs and not ended them."""
        begun = self._client.list_workflows(status="PENDING", load_input=False, load_output=False)
        return frozenset(one.executor_id for one in begun if one.executor_id)

    def take_up(self, dead: frozenset[str]) -> int:
        """
        Have others make what the processes *dead* have begun; return how many jobs that were.

        A check is made by whoever comes next: its row counts the attempts, for the library begins to count anew. A
        round ends: one that brought its process down must not go on to the next, and the clock gives it again.
        """
        taken = 0
        for executor in dead:
            left = self._begun_by(executor)
            self._resume(left[CHECKS], CHECKS)
            if left[ROUNDS]:
                self._client.cancel_workflows(left[ROUNDS])
            taken += len(left[CHECKS]) + len(left[ROUNDS])
        return taken

    def forget(self, before: datetime) -> int:
        """Remove jobs that ended before *before*; return how many."""
        over = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
        removed = 0
        while True:
            ended = self._client.list_workflows(
                status=over, completed_before=before.isoformat(), limit=_AT_ONCE, load_input=False, load_output=False
            )
            self._client.delete_workflows([one.workflow_id for one in ended])
            removed += len(ended)
            if len(ended) < _AT_ONCE:
                return removed

    def close(self) -> None:
        """End what the library runs, and let others have at once what was being made here."""
        if self._works:
            DBOS.destroy(destroy_registry=True)
            for thread in threading.enumerate():  # it does not wait for those that just note that a job has ended
                if thread.name.startswith("dbos-executor-"):
                    thread.join(_PATIENCE_S)
        for queue, names in self._begun_by(self._process_id).items():
            self._resume(names, queue)
        self._client.destroy()
        self._engine.dispose()

    def _begun_by(self, executor: str) -> dict[str, list[str]]:
        """Return the jobs that a process has begun and not ended, by the queue they belong to."""
        begun = self._client.list_workflows(status="PENDING", executor_id=executor, load_input=False, load_output=False)
        found: dict[str, list[str]] = {CHECKS: [], ROUNDS: []}
        for one in begun:  # not by its own queue: a job that was begun without waiting is in none
            found[queue_of(one.workflow_id.partition(":")[0])].append(one.workflow_id)
        return found

    def _resume(self, names: list[str], queue: str) -> None:
        if names:
            self._client.resume_workflows(names, queue_name=queue)


def queue_of(order: str) -> str:
    """Return the queue in which jobs of *order* wait."""
    return _QUEUES.get(order, ROUNDS)
