"""Runs a command at a pseudo-terminal: waits for texts, and types others.

Arguments: columns, a JSON list of [text to wait for, text to type], the command. Writes what came and the exit status as JSON.
"""

import fcntl
import json
import os
import pty
import re
import select
import struct
import sys
import termios

PATIENCE = 60

columns, steps, command = int(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
came = b""
seen = 0


def read():
    """Takes what has come. False at the end."""
    global came
    if not select.select([terminal], [], [], PATIENCE)[0]:
        raise TimeoutError
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        return False
    came += piece
    return piece != b""


try:
    for awaited, typed in steps:
        pattern = re.compile(awaited.encode())
        while not (found := pattern.search(came, seen)):
            if not read():
                raise EOFError(awaited)
        seen = found.end()
        os.write(terminal, typed.encode())
    while read():
        pass
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
except (TimeoutError, EOFError) as error:
    status = f"{type(error).__name__} {error}"
    os.kill(child, 9)
print(json.dumps({"out": came.decode(errors="replace"), "status": status}))
