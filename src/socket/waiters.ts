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

/** A call that waits, and the promise of its result. */
class Waiting<T extends Result> {
  readonly promise: Promise<T>;
  readonly #waiters: Waiters;
  readonly #call: Call<T>;
  readonly #signal: AbortSignal | undefined;
  readonly #aborted: (() => void) | undefined;
  readonly #cancelDeadline: (() => void) | undefined;
  #resolve!: (value: T) => void;
  #reject!: (reason: unknown) => void;

  constructor(waiters: Waiters, call: Call<T>, signal: AbortSignal | undefined, timeout: number) {
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#waiters = waiters;
    this.#call = call;
    this.#signal = signal;
    if (signal !== undefined) {
      this.#aborted = () => this.#endEarly(signal.reason);
      signal.addEventListener("abort", this.#aborted);
    }
    if (timeout > 0) this.#cancelDeadline = waiters.waking.after(timeout as Duration, () => this.#late());
  }

  /** Tries again. @returns false to go on waiting */
  advance(): boolean {
    const result = this.#call.attempt();
    if (result === "EAGAIN") return false;
    if (typeof result === "string") this.refuse(result);
    else {
      this.#resolve(result);
      this.#end();
    }
    return true;
  }

  refuse(errno: Errno): void {
    this.#reject(this.#error(errno));
    this.#end();
  }

  #late(): void {
    this.#endEarly(this.#error(this.#call.late ?? "EAGAIN"));
  }

  #endEarly(reason: unknown): void {
    this.#waiters.remove(this);
    const part = this.#call.partly?.();
    if (part === undefined) this.#reject(reason);
    else this.#resolve(part);
    this.#end();
  }

  #error(errno: Errno): SocketError {
    return new SocketError(errno, this.#call.syscall, this.#call.at);
  }

  #end(): void {
    this.#cancelDeadline?.();
    if (this.#aborted !== undefined) this.#signal?.removeEventListener("abort", this.#aborted);
    this.#waiters.waking.wake();
  }
}

/**
 * The calls that wait on one direction of a socket, first come first served. It holds the only promises there are in
 * the stack: each is tried again at every edge of readiness.
 */
export class Waiters {
  readonly waking: Waking;
  readonly #waiting: Pick<Waiting<Result>, "advance" | "refuse">[] = [];

  constructor(waking: Waking) {
    this.waking = waking;
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
      if (typeof result !== "string") return this.done(result);
      if (result !== "EAGAIN") return this.refused(result, call.syscall, call.at);
    }
    if (options.timeout === 0) return this.#atOnce(call);
    if (this.#waiting.length >= WAITING_CALLS_LIMIT) return this.refused("ENOBUFS", call.syscall, call.at);
    return this.#wait(call, signal, options.timeout ?? timeout);
  }

  /** The promise of a call that was done at once. */
  done<T extends Result>(result: T): Promise<T> {
    return this.#settled(Promise.resolve(result));
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
    if (part !== undefined) return this.done(part);
    return this.refused(call.never ?? "EAGAIN", call.syscall, call.at);
  }

  #settled<T>(promise: Promise<T>): Promise<T> {
    this.waking.wake();
    return promise;
  }

  #wait<T extends Result>(call: Call<T>, signal: AbortSignal | undefined, timeout: number): Promise<T> {
    const waiting = new Waiting(this, call, signal, timeout);
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  /** One that ends early waits no more. */
  remove(waiting: Pick<Waiting<Result>, "advance" | "refuse">): void {
    const index = this.#waiting.indexOf(waiting);
    if (index >= 0) this.#waiting.splice(index, 1);
  }
}
