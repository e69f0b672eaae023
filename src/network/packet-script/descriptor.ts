import type { Errno } from "../../base/errno.ts";
import type { CallOptions, Socket } from "../../socket/socket.ts";
import { SocketError } from "../../socket/socket.ts";
import type { Duration } from "../../time/instant.ts";
import type { Connection } from "../../transport/tcp/connection.ts";

/** A file descriptor of a script. */
export interface Descriptor {
  readonly socket: Socket;
  /** O_NONBLOCK. */
  nonBlocking: boolean;
  /** The endpoint beneath, for what the sockets do not tell. */
  connection: Connection | undefined;
  /** The options that the script has set. */
  readonly chosen: Set<string>;
}

export const NO_WAIT: CallOptions = { timeout: 0 as Duration };

/** What a call gives: a number, or why it was refused. */
export type Result = number | Errno;

/** Turns a refused call into the errno's name. */
export async function asResult(call: Promise<number>): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof SocketError) return error.code;
    throw error;
  }
}

/** The same for a call that throws at once. */
export function attempt(work: () => number): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof SocketError) return error.code;
    throw error;
  }
}
