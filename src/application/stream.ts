import type { SocketAddress } from "../address/endpoint.ts";
import type { Errno } from "../base/errno.ts";
import { NameError } from "../socket/names.ts";
import { type Socket, SocketError, type SocketOptions } from "../socket/socket.ts";
import { type Duration, milliseconds, seconds } from "../time/instant.ts";
import { connectTo } from "./connect.ts";
import type { ProgramContext } from "./program.ts";

/** How long {@link finish} waits for the other side to close. */
const FINISH_TIME: Duration = seconds(2);
/** How long to wait when a connection cannot be accepted for a reason that passes. */
const ACCEPT_PAUSE = milliseconds(100);
/** The first pause between attempts to connect; each next one is twice as long, up to {@link LONGEST_PAUSE}. */
const FIRST_PAUSE = milliseconds(500);
const LONGEST_PAUSE = seconds(30);

const PASSING: ReadonlySet<Errno> = new Set(["ECONNABORTED", "ECONNRESET", "EMFILE", "ENOBUFS"]);

/**
 * A connection, however long it takes until the other side is there: after each refusal it waits longer, and not as long as
 * all others do.
 * @param attempts fail after so many
 */
export async function connectPatiently(
  context: ProgramContext,
  to: SocketAddress,
  attempts = Number.POSITIVE_INFINITY,
): Promise<Socket> {
  for (let attempt = 1, pause: number = FIRST_PAUSE; ; attempt++, pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      return await connectTo(context, to, { signal: context.signal });
    } catch (error) {
      const passes = error instanceof SocketError || (error instanceof NameError && error.code === "EAI_AGAIN");
      if (!passes || attempt >= attempts) throw error;
    }
    await context.clock.sleep(((0.5 + context.random.real() / 2) * pause) as Duration, context.signal);
  }
}

/** Hands on each connection until the program is to stop. */
export async function acceptEach(
  { clock, signal }: Pick<ProgramContext, "clock" | "signal">,
  listener: Socket,
  take: (socket: Socket) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      take(await listener.accept({ signal }));
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof SocketError) || !PASSING.has(error.code)) throw error;
      await rest({ clock, signal }, ACCEPT_PAUSE);
    }
  }
}

/**
 * Serves each connection of a listener, several at once, until the program is to stop; then all are closed. What goes wrong
 * with a connection ends that connection only.
 * @param limit connections at once; one more is closed at once
 * @param handle serves one and need not close it
 */
export async function serveEach(
  context: ProgramContext,
  listener: Socket,
  limit: number,
  handle: (socket: Socket) => Promise<void>,
): Promise<void> {
  const { clock } = context;
  const open = new Map<Socket, Promise<void>>();
  const failed = new AbortController();
  const serve = async (socket: Socket): Promise<void> => {
    try {
      await handle(socket);
    } catch (error) {
      if (!(error instanceof SocketError) && !context.signal.aborted) failed.abort(error);
    } finally {
      open.delete(socket);
      await socket.close();
    }
  };
  try {
    const signal = AbortSignal.any([context.signal, failed.signal]);
    await acceptEach({ clock, signal }, listener, (socket) => {
      if (open.size < limit) open.set(socket, serve(socket));
      else void socket.close();
    });
  } finally {
    await listener.close();
    for (const socket of open.keys()) void socket.close();
    await Promise.all(open.values());
  }
  if (failed.signal.aborted) throw failed.signal.reason;
}

/**
 * Ends a connection so that everything sent arrives: closing while something unread waits would reset it (RFC 9293 §3.10.4,
 * RFC 2525 §2.17), so this reads to the end first, for a limited time.
 * @param isSecond leaves it to the other side to end its half first
 */
export async function finish(
  socket: Socket,
  clock: ProgramContext["clock"],
  { time = FINISH_TIME, isSecond = false } = {},
): Promise<void> {
  const patience = new AbortController();
  const cancel = clock.after(time, () => patience.abort());
  try {
    if (!isSecond) await socket.shutdown("write");
    while ((await socket.recv(4096, { signal: patience.signal })).length > 0);
  } catch {
    // It ends either way.
  } finally {
    cancel();
    await socket.close();
  }
}

/** Sleeps. @returns false when the program is to stop */
export async function rest(
  { clock, signal }: Pick<ProgramContext, "clock" | "signal">,
  duration: Duration,
): Promise<boolean> {
  try {
    await clock.sleep(duration, signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

/** Sets an option where there is one. @returns false where there is not */
export function tryOption<Name extends keyof SocketOptions>(
  socket: Socket,
  name: Name,
  value: SocketOptions[Name],
): boolean {
  try {
    socket.setsockopt(name, value);
    return true;
  } catch (error) {
    if (error instanceof SocketError) return false;
    throw error;
  }
}
