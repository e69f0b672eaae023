import type { Socket } from "node:net";
import type { FrameDoor } from "../../network/doors/frame-door.ts";

// Taken when the module is loaded, so that a test with false timers does not stop the frames.
const { setTimeout } = globalThis;

/** What reads from a socket into a door. */
export interface Intake {
  stop(): void;
}

/**
 * Reads from a socket while the door has room, so that frames never come faster than virtual time uses them up: the socket
 * reads one piece in a turn or a few, and pauses when too many frames wait for their instant.
 */
export function takeIn(socket: Socket, door: Pick<FrameDoor, "isBusy">, take: (chunk: Buffer) => void): Intake {
  let stopped = false;
  let waits = false;
  const resume = (): void => {
    if (stopped) return;
    if (door.isBusy) {
      setTimeout(resume, 1);
      return;
    }
    waits = false;
    socket.resume();
  };
  socket.on("data", (chunk: Buffer) => {
    if (stopped) return;
    take(chunk);
    if (!door.isBusy || waits) return;
    waits = true;
    socket.pause();
    setTimeout(resume, 1);
  });
  return {
    stop: () => {
      stopped = true;
    },
  };
}
