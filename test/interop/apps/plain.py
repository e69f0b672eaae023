"""What PEP 3333 allows an application to do, and what it does not, by path."""

import os
import sys
import time
import wsgiref.validate


def application(environ, start_response):
    return getattr(sys.modules[__name__], environ["PATH_INFO"].strip("/").replace("-", "_"))(environ, start_response)


TEXT = [("Content-Type", "text/plain")]


def hello(environ, start_response):
    start_response("200 OK", TEXT + [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    return [b"hello"]


def environment(environ, start_response):
    start_response("200 OK", TEXT)
    names = [name for name in environ if not name.startswith("wsgi.")]
    own = [environ["wsgi.version"], environ["wsgi.url_scheme"], environ["wsgi.multiprocess"]]
    return [repr((sorted(names), own, environ["QUERY_STRING"], environ.get("CONTENT_LENGTH"))).encode()]


def echo(environ, start_response):
    start_response("200 OK", TEXT)
    return iter(lambda: environ["wsgi.input"].read(100000), b"")


def lines(environ, start_response):
    start_response("200 OK", TEXT)
    return (b"[" + line.rstrip(b"\n") + b"]" for line in environ["wsgi.input"])


def lazily(environ, start_response):
    """Answers to the first piece before the second has come."""
    start_response("200 OK", TEXT)
    yield environ["wsgi.input"].read(3)
    yield environ["wsgi.input"].read(3)


def written(environ, start_response):
    write = start_response("200 OK", TEXT)
    write(b"one ")
    write(b"two ")
    return [b"three"]


def raises(environ, start_response):
    raise ValueError("by design")


def raises_late(environ, start_response):
    start_response("200 OK", TEXT)
    yield b"half"
    raise ValueError("by design")


def exits(environ, start_response):
    raise SystemExit(1)


def recovers(environ, start_response):
    start_response("200 OK", TEXT)
    try:
        raise ValueError("by design")
    except ValueError:
        start_response("503 Later", TEXT, sys.exc_info())
    return [b"later"]


def dies(environ, start_response):
    start_response("200 OK", TEXT)
    yield b"half"
    os._exit(1)


def too_long(environ, start_response):
    start_response("200 OK", [("Content-Length", "5")])
    yield b"12345"
    yield b"6"


def too_short(environ, start_response):
    start_response("200 OK", [("Content-Length", "5")])
    return [b"123"]


def splits(environ, start_response):
    start_response("200 OK", [("X-A", "b\r\nX-Evil: c")])
    return [b""]


def hop(environ, start_response):
    start_response("200 OK", [("Connection", "close")])
    return [b""]


def silent(environ, start_response):
    time.sleep(1000)


def nothing(environ, start_response):
    start_response("204 No Content", [])
    return []


def says(environ, start_response):
    environ["wsgi.errors"].write("aside\n")
    print("printed")
    start_response("200 OK", TEXT)
    return [b"said"]


class Endless:
    closed = False

    def __iter__(self):
        while True:
            yield b"more" * 1000

    def close(self):
        Endless.closed = True


def endless(environ, start_response):
    start_response("200 OK", TEXT)
    return Endless()


def was_closed(environ, start_response):
    start_response("200 OK", TEXT)
    return [str(Endless.closed).encode()]


def pid(environ, start_response):
    start_response("200 OK", TEXT)
    return [str(os.getpid()).encode()]


def file(environ, start_response):
    start_response("200 OK", TEXT)
    return environ["wsgi.file_wrapper"](open(__file__, "rb"), 1000)


# Checks that the server keeps PEP 3333 too, and raises AssertionError when it does not.
validated = wsgiref.validate.validator(application)


def factory():
    return application
