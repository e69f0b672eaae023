"""The far end of a connection, played by the sockets of the kernel.

Each line of the input is a call as JSON, each line of the output the answer to one. Calls may wait, so each has a thread
of its own. main.go in gvisor/ speaks the same with the sockets of gVisor's netstack.
"""
import errno
import hashlib
import itertools
import json
import socket
import struct
import sys
import threading

PIECE = 65536
LEVELS = {"SO": socket.SOL_SOCKET, "TC": socket.IPPROTO_TCP}
STATES = ["", "ESTABLISHED", "SYN-SENT", "SYN-RECEIVED", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "CLOSED", "CLOSE-WAIT",
          "LAST-ACK", "LISTEN", "CLOSING"]

sockets = {}
numbers = itertools.count(1)
output = threading.Lock()


def adopt(one):
    number = next(numbers)
    sockets[number] = one
    return {"socket": number}


def fresh(options, port):
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    for name, value in options.items():
        option({"name": name, "value": value}, one)
    if port:
        one.bind(("", port))
    return one


def listen(call, _):
    one = fresh(call.get("options", {}), call["port"])
    one.listen(128)
    return adopt(one)


def connect(call, _):
    one = fresh(call.get("options", {}), call.get("from", 0))
    one.connect((call["address"], call["port"]))
    return adopt(one)


def accept(_, one):
    return adopt(one.accept()[0])


def send(call, one):
    data = bytes.fromhex(call["bytes"]) if "bytes" in call else open(call["file"], "rb").read()
    for _ in range(1 + call.get("again", 0)):
        one.sendall(data)
    return {"count": len(data)}


def recv(call, one):
    return {"bytes": one.recv(call["size"]).hex()}


def drain(call, one):
    """Reads so many bytes, or to the end."""
    count, limit, hashed = 0, call.get("limit", float("inf")), hashlib.sha256()
    while count < limit:
        piece = one.recv(int(min(PIECE, limit - count)))
        if not piece:
            break
        count += len(piece)
        hashed.update(piece)
    return {"count": count, "hash": hashed.hexdigest()}


def shutdown(_, one):
    one.shutdown(socket.SHUT_WR)
    return {}


def option(call, one):
    name, value = call["name"], call["value"]
    if name == "SO_LINGER":
        value = struct.pack("ii", 1, value)
    one.setsockopt(LEVELS[name[:2]], getattr(socket, name), value)
    return {}


def state(_, one):
    return {"state": STATES[one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]]}


def close(call, one):
    del sockets[call["socket"]]
    one.close()
    return {}


def answer(call):
    try:
        reply = globals()[call["op"]](call, sockets.get(call.get("socket")))
    except OSError as error:
        reply = {"error": errno.errorcode.get(error.errno, str(error))}
    with output:
        print(json.dumps({"n": call["n"], **reply}), flush=True)


for line in sys.stdin:
    threading.Thread(target=answer, args=(json.loads(line),), daemon=True).start()
