import type { SocketAddress } from "../../address/endpoint.ts";
import { CONSTANTS } from "./constants.ts";
import { asResult, type Descriptor, NO_WAIT, type Result } from "./descriptor.ts";

const flag = (name: string): number => CONSTANTS[name] ?? 0;
const PEEK = flag("MSG_PEEK");
const WAIT_ALL = flag("MSG_WAITALL");
const OUT_OF_BAND = flag("MSG_OOB");
const MORE = flag("MSG_MORE");
const NEVER_WAIT = flag("MSG_DONTWAIT");
/** One receive of our sockets gives no more; a read of a script may ask for more. */
const PIECE = 65_536;

/** Receives what there is, at most `size` bytes. */
export async function receive(descriptor: Descriptor, size: number, flags: number): Promise<Result> {
  const { socket } = descriptor;
  const now = descriptor.nonBlocking || (flags & NEVER_WAIT) !== 0;
  if (flags & PEEK) {
    const waiting = await peek(descriptor, now);
    if (waiting > 0) return Math.min(size, waiting);
  }
  const options = now ? NO_WAIT : {};
  if (flags & OUT_OF_BAND) {
    return asResult(socket.recv(size, { ...options, outOfBand: true }).then((data) => data.length));
  }
  let total = 0;
  for (;;) {
    const piece = await asResult(
      socket
        .recv(Math.min(size - total, PIECE), total === 0 || flags & WAIT_ALL ? options : NO_WAIT)
        .then((data) => data.length),
    );
    if (typeof piece === "string") return total === 0 ? piece : total;
    total += piece;
    const more = flags & WAIT_ALL ? piece > 0 : piece === PIECE;
    if (socket.type === "dgram" || !more || total === size) return total;
  }
}

/** How many bytes could be read; 0 when a read would not give any, or would wait and may not. */
async function peek(descriptor: Descriptor, now: boolean): Promise<number> {
  const { socket, connection } = descriptor;
  const waiting = (): number => connection?.receiveBuffer.length ?? 0;
  while (!now && waiting() === 0 && !socket.poll().readable) {
    await new Promise<void>((resolve) => {
      socket.onReady = resolve;
    });
    socket.onReady = undefined;
  }
  return waiting();
}

/** Sends zeros, as packetdrill does, or the bytes of a text. */
export function send(
  descriptor: Descriptor,
  data: Uint8Array,
  flags: number,
  to: SocketAddress | undefined,
): Promise<Result> {
  const { socket, nonBlocking } = descriptor;
  const options = nonBlocking || flags & NEVER_WAIT ? NO_WAIT : {};
  if (to !== undefined && socket.type === "dgram") return asResult(socket.sendto(data, to, options));
  return asResult(
    socket.send(data, { ...options, more: (flags & MORE) !== 0, outOfBand: (flags & OUT_OF_BAND) !== 0 }),
  );
}
