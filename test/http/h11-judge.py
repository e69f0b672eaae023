"""What h11 makes of messages. Reads lines `kind hex` ("request" or "response"), writes a line of JSON for each: the head,
content and trailers of the first message that is not an interim response, and how many octets are left after it."""
import json
import sys

import h11


def text(octets):
    return bytes(octets).decode("latin-1")


def fields(event):
    return [f"{text(name)}: {text(value)}" for name, value in event.headers.raw_items()]


def start(kind):
    if kind == "request":
        return h11.Connection(h11.SERVER)
    connection = h11.Connection(h11.CLIENT)
    asking = [("Host", "a"), ("Upgrade", "x"), ("Connection", "upgrade")]
    connection.send(h11.Request(method="GET", target="/", headers=asking))
    connection.send(h11.EndOfMessage())
    return connection


def judge(kind, octets):
    connection = start(kind)
    connection.receive_data(octets)
    found = {"line": "", "fields": [], "trailers": [], "body": "", "complete": False, "rest": 0, "why": ""}
    try:
        while not found["complete"]:
            event = connection.next_event()
            if event is h11.NEED_DATA or event is h11.PAUSED:
                break
            if isinstance(event, h11.Data):
                found["body"] += text(event.data)
            elif isinstance(event, h11.EndOfMessage):
                found.update(complete=True, trailers=fields(event), rest=len(connection.trailing_data[0]))
            else:
                version = text(event.http_version)
                if kind == "request":
                    line = [text(event.method), text(event.target), version]
                else:
                    line = [version, str(event.status_code), text(event.reason)]
                found.update(line=" ".join(line), fields=fields(event))
                # Nothing comes after the answer that leaves HTTP.
                if kind == "response" and event.status_code == 101:
                    found.update(complete=True, rest=len(connection.trailing_data[0]))
    except h11.RemoteProtocolError as error:
        found["why"] = str(error) or "refused"
    return found


for line in sys.stdin:
    kind, octets = line.split()
    print(json.dumps(judge(kind, bytes.fromhex(octets))))
