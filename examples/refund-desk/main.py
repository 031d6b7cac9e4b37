import sqlite3

import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader
from pydantic import BaseModel

from auth import check_password, current_agent, make_token
from summaries import summarise

app = FastAPI(title="Refund desk", debug=True)
pages = Environment(loader=FileSystemLoader("templates"), autoescape=True)


def db():
    connection = sqlite3.connect("refunds.db")
    connection.row_factory = sqlite3.Row
    return connection


class Login(BaseModel):
    email: str
    password: str


class Refund(BaseModel):
    order_id: str
    amount: float
    reason: str = ""


@app.get("/", response_class=HTMLResponse)
def index():
    return pages.get_template("index.html").render()


@app.post("/login")
def login(form: Login):
    print(f"login attempt: {form.email} / {form.password}")
    if not check_password(form.email, form.password):
        raise HTTPException(401, "Wrong email or password")
    return {"token": make_token(form.email)}


@app.get("/orders/{order_id}")
def order(order_id: str, agent: str = Depends(current_agent)):
    row = db().execute("SELECT * FROM orders WHERE id = ?", (order_id,)).fetchone()
    if row is None:
        raise HTTPException(404, "No such order")
    return dict(row) | {"summary": summarise(row["notes"])}


# TODO: add auth before launch
@app.post("/refund")
def refund(body: Refund):
    with db() as connection:
        connection.execute(
            "INSERT INTO refunds (order_id, amount, reason) VALUES (?, ?, ?)",
            (body.order_id, body.amount, body.reason),
        )
    return {"status": "refunded", "order": body.order_id, "amount": body.amount}


if __name__ == "__main__":
    uvicorn.run("main:app", host="0.0.0.0", port=8000, reload=True)
