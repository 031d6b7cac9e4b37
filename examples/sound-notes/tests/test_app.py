"""Who may do what with notes."""

import pytest
from fastapi.testclient import TestClient


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.setenv("SESSION_KEY", "only for this run")
    monkeypatch.setenv("NOTES_DATABASE", str(tmp_path / "notes.db"))
    from app import app

    return TestClient(app)


def signed_in(user):
    from auth import session_for

    return {"Authorization": f"Bearer {session_for(user)}"}


@pytest.mark.parametrize("request_", [("GET", "/notes"), ("POST", "/notes"), ("DELETE", "/notes/1")])
def test_a_stranger_is_refused(client, request_):
    assert client.request(*request_, json={"text": "hello"}).status_code == 401
    assert client.request(*request_, headers={"Authorization": "Bearer ann.9999999999.forged"}).status_code == 401


def test_a_note_is_read_by_its_author_alone(client):
    number = client.post("/notes", json={"text": "buy tea"}, headers=signed_in("ann")).json()["id"]
    assert client.get("/notes", headers=signed_in("ann")).json() == [{"id": number, "text": "buy tea"}]
    assert client.get("/notes", headers=signed_in("bo")).json() == []


def test_a_note_is_removed_by_its_author_alone(client):
    number = client.post("/notes", json={"text": "buy tea"}, headers=signed_in("ann")).json()["id"]
    assert client.delete(f"/notes/{number}", headers=signed_in("bo")).status_code == 404
    assert client.delete(f"/notes/{number}", headers=signed_in("ann")).status_code == 204


def test_health_answers_without_a_session(client):
    assert client.get("/health").json() == {"status": "ok"}
