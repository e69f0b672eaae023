import { type Instant, NEVER } from "../../time/instant.ts";
import { Timer } from "../../time/timer.ts";
import type { Connection } from "./connection.ts";
import {
  delayedAckExpired,
  keepAliveExpired,
  persistExpired,
  retransmissionExpired,
  tailLossExpired,
} from "./timeouts.ts";

/** `linger` ends FIN-WAIT-2 without a user, and TIME-WAIT. */
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
  readonly #connection: Connection;
  readonly #timer: Timer;
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

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#timer = new Timer(`tcp ${connection.tcp.name}`, (now) => this.#expire(now));
  }

  set(name: TimerName, at: number): void {
    this[name] = at;
    if (at < this.#timer.at) this.#connection.tcp.scheduler.arm(this.#timer, at as Instant);
  }

  stop(name: TimerName): void {
    this[name] = NEVER;
  }

  clear(): void {
    this.retransmission = this.tailLoss = this.reorder = this.pace = NEVER;
    this.persist = this.delayedAck = this.keepAlive = this.linger = NEVER;
    this.#connection.tcp.scheduler.disarm(this.#timer);
  }

  /** Something was heard from the peer, or keepalive was switched: the idle time starts again (MUST-26). */
  restartKeepAlive(): void {
    const { options, now, established, state } = this.#connection;
    if (!options.keepAlive || !established || state === "TIME-WAIT") this.keepAlive = NEVER;
    else this.set("keepAlive", now + options.keepAliveIdle);
  }

  #expire(now: Instant): void {
    const connection = this.#connection;
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
    const next = this.#next();
    if (next !== NEVER && next < this.#timer.at) connection.tcp.scheduler.arm(this.#timer, next as Instant);
  }

  #next(): number {
    const sending = Math.min(this.retransmission, this.tailLoss, this.reorder, this.pace);
    return Math.min(sending, this.persist, this.delayedAck, this.keepAlive, this.linger);
  }
}
