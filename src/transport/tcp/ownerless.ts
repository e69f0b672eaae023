import { type Instant, NEVER } from "../../time/instant.ts";
import type { Scheduler } from "../../time/scheduler.ts";
import { Timer } from "../../time/timer.ts";
import type { Connection } from "./connection.ts";

/** Connections in TIME-WAIT that one host keeps; beyond, the oldest is forgotten (Linux: tcp_max_tw_buckets). */
export const TIME_WAIT_LIMIT = 32_768;
/** Connections that one host goes on closing after their users are gone; beyond, one is reset (Linux: tcp_max_orphans). */
export const ORPHANS_LIMIT = 8_192;
/** Connections that one host has in all; beyond, none is opened, neither way. */
export const CONNECTIONS_LIMIT = 262_144;

/**
 * The connections of a host that no user holds any more, and that no socket table counts: they have limits of their own.
 * One timer ends all those in TIME-WAIT: they stand in a row for each length that TIME-WAIT has, by when it ends.
 */
export class Ownerless {
  readonly #scheduler: Scheduler;
  readonly #timer: Timer;
  /** By how long TIME-WAIT lasts, nanoseconds. */
  readonly #rows = new Map<number, Row>();
  /** How many are in TIME-WAIT, and how many go on closing without a user. */
  timeWait = 0;
  orphans = 0;

  /** @param host for the timer's name */
  constructor(scheduler: Scheduler, host: string) {
    this.#scheduler = scheduler;
    this.#timer = new Timer(`tcp ${host} time-wait`, (now) => this.#expire(now));
  }

  enterTimeWait(connection: Connection): void {
    this.#adopt(connection);
    this.timeWait++;
    this.#wait(connection);
    if (this.timeWait > TIME_WAIT_LIMIT) this.#first()?.destroy(undefined);
  }

  /** The peer's FIN has come again: 2 MSL start anew (RFC 9293 §3.10.7.4, eighth). */
  restartTimeWait(connection: Connection): void {
    this.#row(connection).remove(connection);
    this.#wait(connection);
  }

  /** The user of a connection has closed it. @returns whether it may go on by itself */
  orphan(connection: Connection): boolean {
    if (this.orphans >= ORPHANS_LIMIT) return false;
    if (connection.state !== "TIME-WAIT") {
      connection.orphaned = true;
      this.orphans++;
    }
    return true;
  }

  #adopt(connection: Connection): void {
    if (!connection.orphaned) return;
    connection.orphaned = false;
    this.orphans--;
  }

  forget(connection: Connection): void {
    this.#adopt(connection);
    if (this.timeWait === 0) return;
    if (!this.#row(connection).remove(connection)) return;
    this.timeWait--;
    if (this.timeWait === 0) this.#scheduler.disarm(this.#timer);
  }

  #row({ settings }: Connection): Row {
    const duration = 2 * settings.maximumSegmentLifetime; // MUST-13
    let row = this.#rows.get(duration);
    if (row === undefined) {
      row = new Row();
      this.#rows.set(duration, row);
    }
    return row;
  }

  #wait(connection: Connection): void {
    const end = connection.now + 2 * connection.settings.maximumSegmentLifetime;
    connection.waitsUntil = end;
    this.#row(connection).add(connection);
    if (end < this.#timer.at) this.#scheduler.arm(this.#timer, end as Instant);
  }

  /** The one whose time ends first. */
  #first(): Connection | undefined {
    let first: Connection | undefined;
    for (const { first: each } of this.#rows.values()) {
      if (each !== undefined && each.waitsUntil < (first?.waitsUntil ?? NEVER)) first = each;
    }
    return first;
  }

  #expire(now: Instant): void {
    for (let each = this.#first(); each !== undefined; each = this.#first()) {
      if (each.waitsUntil > now) {
        if (each.waitsUntil < this.#timer.at) this.#scheduler.arm(this.#timer, each.waitsUntil as Instant);
        return;
      }
      each.destroy(undefined);
      each.finish();
    }
  }
}

/** Connections that name their neighbours, by when their time ends. */
class Row {
  first: Connection | undefined;
  #last: Connection | undefined;

  add(connection: Connection): void {
    connection.waitsAfter = this.#last;
    if (this.#last === undefined) this.first = connection;
    else this.#last.waitsBefore = connection;
    this.#last = connection;
  }

  /** @returns whether it stood here */
  remove(connection: Connection): boolean {
    const { waitsAfter, waitsBefore } = connection;
    if (waitsAfter === undefined && this.first !== connection) return false;
    if (waitsAfter === undefined) this.first = waitsBefore;
    else waitsAfter.waitsBefore = waitsBefore;
    if (waitsBefore === undefined) this.#last = waitsAfter;
    else waitsBefore.waitsAfter = waitsAfter;
    connection.waitsAfter = connection.waitsBefore = undefined;
    return true;
  }
}
