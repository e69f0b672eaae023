"""A Flask application that does what sites do."""

import os

from flask import Flask, Response, redirect, request, session, url_for

app = Flask(__name__)
app.secret_key = "for tests"


@app.get("/")
def index():
    return "hello %s from %s" % (session.get("name", "stranger"), request.host)


@app.post("/sign")
def sign():
    session["name"] = request.form["name"]
    return redirect(url_for("index"), 303)


@app.post("/upload")
def upload():
    file = request.files["file"]
    data = file.read()
    return {"name": file.filename, "length": len(data), "sum": sum(data) % 65536, "note": request.form["note"]}


@app.get("/stream")
def stream():
    return Response(("line %d\n" % number for number in range(1000)), mimetype="text/plain")


@app.get("/cookies")
def cookies():
    response = Response("two")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    return response


@app.get("/raises")
def raises():
    raise ValueError("by design")


@app.get("/dies")
def dies():
    def half():
        yield "half"
        os._exit(1)

    return Response(half(), mimetype="text/plain")


@app.put("/echo")
def echo():
    stream = request.stream
    return Response(iter(lambda: stream.read(65536), b""), mimetype="application/octet-stream")


@app.get("/where/<path:rest>")
def where(rest):
    return "|".join([request.script_root, request.path, rest, request.remote_addr, request.scheme, request.query_string.decode()])
