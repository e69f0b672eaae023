import { type Instant, NEVER, seconds } from "../../time/instant.ts";
import { Scheduler } from "../../time/scheduler.ts";
import { Timer } from "../../time/timer.ts";
import type { Connection } from "./connection.ts";
import { rest } from "./rest.ts";
import {
  delayedAckExpired,
  keepAliveExpired,
  persistExpired,
  retransmissionExpired,
  tailLossExpired,
} from "./timeouts.ts";

/** Silence after which a connection with nothing to wait for gives its memory back. */
const REST_AFTER = seconds(1);

/** `linger` ends FIN-WAIT-2 without a user. */
export type TimerName =
  | "retransmission"
  | "tailLoss"
  | "reorder"
  | "pace"
  | "persist"
  | "delayedAck"
  | "keepAlive"
  | "linger";

/**
 * A connection's deadlines behind one timer of the scheduler. A deadline that moves on costs nothing: the timer goes off
 * at the old one, finds nothing due, and is armed again.
 */
export class ConnectionTimers {
  readonly #scheduler: Scheduler;
  readonly #timer: Timer;
  /** Whose deadlines they are now; nobody's while they wait to be used again. */
  connection: Connection | undefined;
  retransmission: number = NEVER;
  /** The tail loss probe is due (RFC 8985 §7.2). */
  tailLoss: number = NEVER;
  /** What may be lost is so then (RFC 8985 §6.2). */
  reorder: number = NEVER;
  /** The next segment may go out, when output is paced. */
  pace: number = NEVER;
  persist: number = NEVER;
  delayedAck: number = NEVER;
  keepAlive: number = NEVER;
  linger: number = NEVER;

  /** @param name of the timer: whose TCP it is */
  constructor(scheduler: Scheduler, name: string) {
    this.#scheduler = scheduler;
    this.#timer = new Timer(name, (now) => this.#expire(now));
  }

  set(name: TimerName, at: number): void {
    this[name] = at;
    if (at < this.#timer.at) this.#scheduler.arm(this.#timer, at as Instant);
  }

  stop(name: TimerName): void {
    this[name] = NEVER;
  }

  clear(): void {
    this.retransmission = this.tailLoss = this.reorder = this.pace = NEVER;
    this.persist = this.delayedAck = this.keepAlive = this.linger = NEVER;
    this.#scheduler.disarm(this.#timer);
  }

  #expire(now: Instant): void {
    const connection = this.connection as Connection;
    if (this.tailLoss <= now) {
      this.tailLoss = NEVER;
      tailLossExpired(connection);
    }
    if (this.reorder <= now) {
      this.reorder = NEVER;
      connection.recovery.reorderExpired(connection);
    }
    if (this.pace <= now) this.pace = NEVER;
    if (this.retransmission <= now) {
      this.retransmission = NEVER;
      retransmissionExpired(connection);
    }
    if (this.persist <= now) {
      this.persist = NEVER;
      persistExpired(connection);
    }
    if (this.delayedAck <= now) {
      this.delayedAck = NEVER;
      delayedAckExpired(connection);
    }
    if (this.keepAlive <= now) {
      this.keepAlive = NEVER;
      keepAliveExpired(connection);
    }
    if (this.linger <= now) {
      this.linger = NEVER;
      connection.destroy(undefined);
    }
    connection.finish();
    if (this.connection !== connection) return; // it has ended
    let next = this.#next();
    if (next === NEVER) {
      next = connection.lastHeardAt + REST_AFTER;
      if (next <= now) {
        rest(connection);
        return;
      }
    }
    if (next < this.#timer.at) this.#scheduler.arm(this.#timer, next as Instant);
  }

  #next(): number {
    const sending = Math.min(this.retransmission, this.tailLoss, this.reorder, this.pace);
    return Math.min(sending, this.persist, this.delayedAck, this.keepAlive, this.linger);
  }
}

/** Those of a connection that waits for nothing: none is ever set. */
export const NO_TIMERS = new ConnectionTimers(new Scheduler(), "none");

/** Deadlines that wait to be used again, at most. */
const SPARE_LIMIT = 4096;

/** The deadlines of a host's connections: made once, and used by one after another. */
export class TimerPool {
  readonly #scheduler: Scheduler;
  readonly #name: string;
  readonly #spare: ConnectionTimers[] = [];

  /** @param host for the timers' name */
  constructor(scheduler: Scheduler, host: string) {
    this.#scheduler = scheduler;
    this.#name = `tcp ${host}`;
  }

  take(connection: Connection): ConnectionTimers {
    const timers = this.#spare.pop() ?? new ConnectionTimers(this.#scheduler, this.#name);
    timers.connection = connection;
    return timers;
  }

  /** Takes back deadlines that nobody waits for. */
  give(timers: ConnectionTimers): void {
    timers.clear();
    timers.connection = undefined;
    if (this.#spare.length < SPARE_LIMIT) this.#spare.push(timers);
  }
}
