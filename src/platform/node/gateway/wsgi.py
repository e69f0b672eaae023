"""Serves one WSGI application (PEP 3333) to netarium, request after request.

Started as: python3 wsgi.py MODULE:APP DESCRIPTOR. On the descriptor, one end of a socket pair, netarium speaks
FastCGI 1.0 as a web server does; this is the application's side. It says that it is ready by FCGI_GET_VALUES_RESULT. It
needs nothing but Python 3.7 and its standard library, and ends when the other end of the pair is closed.
"""

import collections
import importlib
import io
import os
import select
import signal
import socket
import struct
import sys
import traceback
from wsgiref.util import FileWrapper, is_hop_by_hop

HEADER = struct.Struct("!BBHHBx")
BEGIN, ABORT, END, PARAMS, STDIN, STDOUT = 1, 2, 3, 4, 5, 6
VALUES_RESULT = 10
CONTENT_LIMIT = 65535
# Bytes of a request's body that are taken before the application wants them, to see whether the client has gone.
AHEAD_LIMIT = 1 << 20


class ClientGone(ConnectionError):
    """Nobody waits for the answer any more."""


class ServerGone(BaseException):
    """There is nobody to serve."""


class Connection:
    """The records of one connection, as they come and go."""

    def __init__(self, descriptor):
        self.socket = socket.socket(fileno=descriptor)
        self.socket.setblocking(True)
        self.buffer = b""

    def take(self, count):
        """So many bytes, as soon as they are here."""
        while len(self.buffer) < count:
            try:
                data = self.socket.recv(CONTENT_LIMIT + HEADER.size)
            except OSError:
                raise ServerGone() from None
            if not data:
                raise ServerGone()
            self.buffer += data
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def read(self):
        """The next record: its type, request and content."""
        _version, kind, request, length, padding = HEADER.unpack(self.take(HEADER.size))
        return kind, request, self.take(length + padding)[:length]

    def write(self, kind, request, content):
        """Sends content in as many records as it needs."""
        view = memoryview(content)
        for start in range(0, max(1, len(view)), CONTENT_LIMIT):
            piece = view[start : start + CONTENT_LIMIT]
            try:
                self.socket.sendall(HEADER.pack(1, kind, request, len(piece), 0) + piece)
            except OSError:
                raise ServerGone() from None

    def waits(self):
        """Whether something has come that was not read."""
        return bool(self.buffer) or bool(select.select([self.socket], [], [], 0)[0])


class Input(io.RawIOBase):
    """The request's body, read from the connection when the application reads it."""

    def __init__(self, connection, request):
        self.connection = connection
        self.request = request
        self.pieces = collections.deque()
        self.size = 0
        self.ended = False
        self.gone = False

    def readable(self):
        return True

    def readinto(self, into):
        while not self.pieces and not self.ended:
            self.take()
        if not self.pieces:
            return 0
        piece = self.pieces.popleft()
        count = min(len(into), len(piece))
        into[:count] = piece[:count]
        if count < len(piece):
            self.pieces.appendleft(piece[count:])
        self.size -= count
        return count

    def take(self):
        """Takes one record."""
        if not self.gone:
            kind, request, content = self.connection.read()
            if kind == STDIN and request == self.request:
                if content:
                    self.pieces.append(memoryview(content))
                self.size += len(content)
                self.ended = not content
            self.gone = kind == ABORT
        if self.gone:
            raise ClientGone("the client has gone")

    def check(self):
        """Raises ClientGone when the request was aborted, as far as that is known without waiting."""
        while self.gone or (self.size < AHEAD_LIMIT and self.connection.waits()):
            self.take()


class Response:
    """One answer: start_response, write, and what they send."""

    def __init__(self, connection, request, body, method):
        self.connection = connection
        self.request = request
        self.input = body
        self.method = method
        self.head = None
        self.sent = False
        self.left = None

    def start(self, status, headers, exc_info=None):
        """The start_response of PEP 3333."""
        if exc_info is not None:
            try:
                if self.sent:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None
        elif self.head is not None:
            raise AssertionError("start_response is called a second time without exc_info")
        check_head(status, headers)
        self.head = (status, list(headers))
        return self.write

    def write(self, data, length=None):
        """Sends a piece of the body, after the head. A length is that of the whole body, where it is known."""
        if not isinstance(data, bytes):
            raise TypeError("an application gives bytes, not " + type(data).__name__)
        if not data:
            return
        self.input.check()
        head = self.encode_head(length)
        if self.left is not None:
            if len(data) > self.left:
                raise AssertionError("the body is longer than its Content-Length")
            self.left -= len(data)
        self.sent = True
        self.connection.write(STDOUT, self.request, head + data)

    def encode_head(self, length):
        """The head, when it was not sent yet."""
        if self.sent:
            return b""
        if self.head is None:
            raise AssertionError("start_response was not called before the body")
        status, headers = self.head
        told = [value for name, value in headers if name.lower() == "content-length"]
        if not told and length is not None and not self.is_bodiless():
            headers.append(("Content-Length", str(length)))
            told = [str(length)]
        self.left = int(told[0]) if told and told[0].isdigit() else None
        lines = ["Status: " + status] + [name + ": " + value for name, value in headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def is_bodiless(self):
        """Whether the client gets no body, whatever the head says of one."""
        return self.method == "HEAD" or self.head[0][:3] in ("204", "304")

    def finish(self, result):
        """Sends what the application gave back."""
        # PEP 3333: a body of one piece has a length that is known.
        is_single = hasattr(result, "__len__") and len(result) == 1
        for data in result:
            self.write(data, len(data) if is_single else None)
        head = self.encode_head(0)
        if self.left and not self.is_bodiless():
            raise AssertionError("the body is shorter than its Content-Length")
        self.sent = True
        if head:
            self.connection.write(STDOUT, self.request, head)


def check_head(status, headers):
    """Refuses what would not be an HTTP head."""
    if not isinstance(status, str) or not status[:3].isdigit() or (len(status) > 3 and status[3] != " "):
        raise AssertionError("a status is a number, a space and a reason: %r" % (status,))
    for text in [status] + [part for field in headers for part in field]:
        if not isinstance(text, str):
            raise AssertionError("status and headers are str: %r" % (text,))
        if "\r" in text or "\n" in text or "\0" in text:
            raise AssertionError("a header with an end of line: %r" % (text,))
    for name, _ in headers:
        if is_hop_by_hop(name):
            raise AssertionError("%s is about the connection, which is the server's" % name)


def environment(params, body):
    """The environ of PEP 3333."""
    environ = {}
    at = 0
    while at < len(params):
        lengths = []
        for _ in range(2):
            length = params[at]
            at += 1
            if length > 127:
                length = (length & 127) << 24 | int.from_bytes(params[at : at + 3], "big")
                at += 3
            lengths.append(length)
        name, value = params[at : at + lengths[0]], params[at + lengths[0] : at + sum(lengths)]
        environ[name.decode("latin-1")] = value.decode("latin-1")
        at += sum(lengths)
    environ.setdefault("SCRIPT_NAME", "")
    environ.setdefault("PATH_INFO", "")
    environ["wsgi.version"] = (1, 0)
    environ["wsgi.url_scheme"] = environ.get("REQUEST_SCHEME", "http")
    environ["wsgi.input"] = io.BufferedReader(body, CONTENT_LIMIT)
    environ["wsgi.input_terminated"] = True
    environ["wsgi.errors"] = sys.stderr
    environ["wsgi.multithread"] = False
    environ["wsgi.multiprocess"] = True
    environ["wsgi.run_once"] = False
    environ["wsgi.file_wrapper"] = FileWrapper
    return environ


def answer(connection, application, request, params):
    """Answers one request. Returns the application status of its end."""
    body = Input(connection, request)
    environ = environment(params, body)
    response = Response(connection, request, body, environ.get("REQUEST_METHOD", "GET"))
    result = None
    try:
        try:
            result = application(environ, response.start)
            response.finish(result)
        finally:
            if hasattr(result, "close"):
                result.close()
        return 0
    except ClientGone:
        return 1
    except ServerGone:
        raise
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        if response.sent:
            return 1
        head = b"Status: 500 Internal Server Error\r\nContent-Type: text/plain\r\nContent-Length: 26\r\n\r\n"
        connection.write(STDOUT, request, head + b"500 Internal Server Error\n")
        return 0


def serve(connection, application):
    """Answers requests until the connection ends."""
    connection.write(VALUES_RESULT, 0, b"")
    request, params = None, b""
    while True:
        kind, number, content = connection.read()
        # What is left of an earlier request's input is passed over.
        if kind == BEGIN:
            request, params = number, b""
        elif kind == PARAMS and number == request:
            params += content
            if content:
                continue
            status = answer(connection, application, request, params)
            connection.write(END, request, struct.pack("!IB3x", status, 0))
            request = None


class NotFound(Exception):
    """There is nothing under the application's name: a sentence says what is missing."""


def load(name):
    """The application of a name: module:attribute, or module:factory()."""
    module, _, attribute = name.partition(":")
    is_factory = attribute.endswith("()")
    path = attribute[:-2] if is_factory else attribute or "application"
    try:
        found = importlib.import_module(module)
    except ModuleNotFoundError as error:
        # Only the module that was asked for: one that it imports itself is told with where.
        if error.name is None or not (module + ".").startswith(error.name + "."):
            raise
        raise NotFound("there is no module %s in %s, nor where Python looks else" % (module, os.getcwd()))
    for part in path.split("."):
        if not hasattr(found, part):
            hint = "" if attribute else ": name what is called, as in %s:app" % module
            raise NotFound("the module %s has no %s%s" % (module, path, hint))
        found = getattr(found, part)
    found = found() if is_factory else found
    if not callable(found):
        raise NotFound("%s is no WSGI application: it cannot be called" % name)
    return found


def main():
    name, descriptor = sys.argv[1], int(sys.argv[2])
    # Ctrl-C ends netarium, which lets us finish.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.path[0] = os.getcwd()
    try:
        application = load(name)
    except NotFound as error:
        print(error, file=sys.stderr)
        raise SystemExit(3)
    except Exception:
        traceback.print_exc()
        raise SystemExit(3)
    try:
        serve(Connection(descriptor), application)
    except ServerGone:
        pass


if __name__ == "__main__":
    main()
