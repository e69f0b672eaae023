import type { SocketAddress } from "../address/endpoint.ts";
import type { Errno } from "../base/errno.ts";
import type { Duration } from "../time/instant.ts";
import type { Waking } from "./endpoints.ts";
import { type CallOptions, SocketError } from "./socket.ts";

/** Calls of one direction of a socket that wait at once; one more is refused with ENOBUFS. */
export const WAITING_CALLS_LIMIT = 10_000;

/** What a call may give: never a text, which would look like an errno. */
type Result = number | object | undefined;

/** One call as it waits. */
export interface Call<T extends Result> {
  readonly syscall: string;
  /** For the error's text. */
  readonly at?: SocketAddress | undefined;
  /** Tries without waiting. @returns the result, EAGAIN to go on waiting, or why the call is refused */
  readonly attempt: () => T | Errno;
  /** What the call has done so far; with it a call that is ended early resolves. */
  readonly partly?: () => T | undefined;
  /** The errno at its deadline; EAGAIN unless told. */
  readonly late?: Errno;
  /** The errno of a call that may not wait at all, with a timeout of 0; EAGAIN unless told. */
  readonly never?: Errno;
}

interface Waiter {
  /** @returns false to go on waiting */
  advance(): boolean;
  refuse(errno: Errno): void;
}

/**
 * The calls that wait on one direction of a socket, first come first served. It holds the only promises there are in
 * the stack: each is tried again at every edge of readiness.
 */
export class Waiters {
  readonly #waking: Waking;
  readonly #waiting: Waiter[] = [];

  constructor(waking: Waking) {
    this.#waking = waking;
  }

  get count(): number {
    return this.#waiting.length;
  }

  /**
   * Does a call now, or as soon as it can be done.
   * @param timeout the socket's own (SO_RCVTIMEO, SO_SNDTIMEO), where the options say nothing; 0 waits for ever
   */
  call<T extends Result>(call: Call<T>, options: CallOptions = {}, timeout = 0): Promise<T> {
    const { signal } = options;
    if (signal?.aborted) return this.#settled(Promise.reject(signal.reason));
    if (this.#waiting.length === 0) {
      const result = call.attempt();
      if (typeof result !== "string") return this.#settled(Promise.resolve(result));
      if (result !== "EAGAIN") return this.refused(result, call.syscall, call.at);
    }
    if (options.timeout === 0) return this.#atOnce(call);
    if (this.#waiting.length >= WAITING_CALLS_LIMIT) return this.refused("ENOBUFS", call.syscall, call.at);
    return this.#wait(call, signal, options.timeout ?? timeout);
  }

  /** A call that is refused before it is tried. */
  refused(errno: Errno, syscall: string, at?: SocketAddress): Promise<never> {
    return this.#settled(Promise.reject(new SocketError(errno, syscall, at)));
  }

  /** Tries the calls again: at an edge of readiness. */
  advance(): void {
    while (this.#waiting[0]?.advance()) this.#waiting.shift();
  }

  /** Ends every call that waits. */
  refuseAll(errno: Errno): void {
    for (const waiter of this.#waiting.splice(0)) waiter.refuse(errno);
  }

  #atOnce<T extends Result>(call: Call<T>): Promise<T> {
    const part = call.partly?.();
    if (part !== undefined) return this.#settled(Promise.resolve(part));
    return this.refused(call.never ?? "EAGAIN", call.syscall, call.at);
  }

  #settled<T>(promise: Promise<T>): Promise<T> {
    this.#waking.wake();
    return promise;
  }

  #wait<T extends Result>(call: Call<T>, signal: AbortSignal | undefined, timeout: number): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const error = (errno: Errno) => new SocketError(errno, call.syscall, call.at);
      const end = () => {
        cancelDeadline?.();
        signal?.removeEventListener("abort", aborted);
        this.#waking.wake();
      };
      const waiter: Waiter = {
        advance: () => {
          const result = call.attempt();
          if (result === "EAGAIN") return false;
          if (typeof result === "string") reject(error(result));
          else resolve(result);
          end();
          return true;
        },
        refuse: (errno) => {
          reject(error(errno));
          end();
        },
      };
      const endEarly = (reason: () => unknown) => {
        this.#remove(waiter);
        const part = call.partly?.();
        if (part === undefined) reject(reason());
        else resolve(part);
        end();
      };
      const aborted = () => endEarly(() => signal?.reason);
      signal?.addEventListener("abort", aborted);
      const late = () => endEarly(() => error(call.late ?? "EAGAIN"));
      const cancelDeadline = timeout > 0 ? this.#waking.after(timeout as Duration, late) : undefined;
      this.#waiting.push(waiter);
    });
  }

  #remove(waiter: Waiter): void {
    const index = this.#waiting.indexOf(waiter);
    if (index >= 0) this.#waiting.splice(index, 1);
  }
}
