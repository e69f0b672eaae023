import type { Clock } from "../../../socket/clock.ts";
import { type Duration, seconds } from "../../../time/instant.ts";
import { HttpError } from "./http-error.ts";

/** Limits of a {@link Pool}. */
export interface PoolLimits {
  /** Connections to one origin at once. */
  readonly perOrigin: number;
  /** Connections to all. */
  readonly connections: number;
  /** Who wait for a connection; one more is refused with ENOBUFS. */
  readonly waiting: number;
  /** How long a connection rests unused before it is closed. */
  readonly idle: Duration;
}

export const POOL_LIMITS: PoolLimits = { perOrigin: 32, connections: 256, waiting: 100_000, idle: seconds(4) };

/** What a pool asks of a connection. */
export interface Pooled {
  /** Whether it could carry another request now: it rests, its peer has not closed, nothing came unasked. */
  isReady(): boolean;
  /** Called when that changes while it rests. */
  onUnready: (() => void) | undefined;
  close(): Promise<void>;
}

/** Where connections lead; two with one key are the same place. */
export interface Place {
  readonly key: string;
}

/** A connection for one exchange. It has to be given back. */
export interface Lease<Connection extends Pooled> {
  readonly connection: Connection;
  /** Whether it carried a request before: the peer may be closing it just now (RFC 9112 §9.3.1). */
  readonly reused: boolean;
  /** Gives it back, to be used again for no longer than `idle`, or closes it with undefined. Only the first call counts. */
  release(idle: Duration | undefined): void;
}

export interface AcquireOptions {
  /** A connection that carried nothing before. */
  readonly fresh?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Waiter<Connection extends Pooled> {
  readonly fresh: boolean;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (lease: Lease<Connection>) => void;
  readonly reject: (reason: unknown) => void;
  /** Takes its abort listener away. */
  readonly leave: () => void;
}

/** All that leads to one place. */
class Group<Destination extends Place, Connection extends Pooled> {
  readonly place: Destination;
  /** Connections there are, those that are being made included. */
  count = 0;
  /** Those that rest, the one used last at the end, with what takes their timer back. */
  readonly resting: { readonly connection: Connection; readonly cancel: () => void }[] = [];
  readonly waiting: Waiter<Connection>[] = [];

  constructor(place: Destination) {
    this.place = place;
  }
}

/** Connections that are kept for the next request to the same place (RFC 9112 §9.3, §9.4). */
export class Pool<Destination extends Place, Connection extends Pooled> {
  readonly #clock: Pick<Clock, "after">;
  readonly #dial: (place: Destination, signal: AbortSignal | undefined) => Promise<Connection>;
  readonly #limits: PoolLimits;
  readonly #groups = new Map<string, Group<Destination, Connection>>();
  #count = 0;
  #waiting = 0;
  #closed = false;

  /** @param dial makes a connection, and closes what it began when it fails */
  constructor(
    clock: Pick<Clock, "after">,
    dial: (place: Destination, signal: AbortSignal | undefined) => Promise<Connection>,
    limits: Partial<PoolLimits> = {},
  ) {
    this.#clock = clock;
    this.#dial = dial;
    this.#limits = { ...POOL_LIMITS, ...limits };
  }

  /** How many connections there are, and who wait for one. */
  snapshot(): { readonly connections: number; readonly resting: number; readonly waiting: number } {
    let resting = 0;
    for (const group of this.#groups.values()) resting += group.resting.length;
    return { connections: this.#count, resting, waiting: this.#waiting };
  }

  /**
   * A connection to a place: one that rests, else a new one, else the first that gets free.
   * @throws HttpError ENOBUFS when too many wait, ECANCELED when the pool is closed; the signal's reason; what dialling throws
   */
  async acquire(place: Destination, options: AcquireOptions = {}): Promise<Lease<Connection>> {
    const { fresh = false, signal } = options;
    signal?.throwIfAborted();
    if (this.#closed) throw new HttpError("ECANCELED", "connect", "the client is closed");
    const group = this.#groupOf(place);
    if (group.waiting.length > 0) return this.#wait(group, fresh, signal);
    const resting = fresh ? undefined : this.#takeResting(group);
    if (resting === undefined && !this.#hasRoom(group, fresh)) return this.#wait(group, fresh, signal);
    const lease = resting === undefined ? this.#connect(group, signal) : this.#lease(group, resting, true);
    this.#serve(); // what was found closed has made room for others
    return lease;
  }

  /** Closes what rests, and refuses who wait; connections in use are closed when they are given back. */
  async close(): Promise<void> {
    this.#closed = true;
    const closing: Promise<void>[] = [];
    for (const group of [...this.#groups.values()]) {
      for (const { leave, reject } of group.waiting.splice(0)) {
        leave();
        this.#waiting--;
        reject(new HttpError("ECANCELED", "connect", "the client is closed"));
      }
      for (const { connection } of [...group.resting]) closing.push(this.#drop(group, connection));
    }
    await Promise.all(closing);
  }

  #groupOf(place: Destination): Group<Destination, Connection> {
    let group = this.#groups.get(place.key);
    if (group === undefined) {
      group = new Group(place);
      this.#groups.set(place.key, group);
    }
    return group;
  }

  #takeResting(group: Group<Destination, Connection>): Connection | undefined {
    for (;;) {
      const last = group.resting.at(-1);
      if (last === undefined) return undefined;
      if (last.connection.isReady()) {
        group.resting.pop();
        last.cancel();
        last.connection.onUnready = undefined;
        return last.connection;
      }
      void this.#drop(group, last.connection);
    }
  }

  /** Whether one more may be made, where need be in the place of one that rests. */
  #hasRoom(group: Group<Destination, Connection>, fresh: boolean): boolean {
    if (group.count >= this.#limits.perOrigin) {
      const [oldest] = group.resting;
      if (!fresh || oldest === undefined) return false;
      void this.#drop(group, oldest.connection);
      return true;
    }
    if (this.#count < this.#limits.connections) return true;
    for (const other of this.#groups.values()) {
      const [oldest] = other.resting;
      if (oldest === undefined) continue;
      void this.#drop(other, oldest.connection);
      return true;
    }
    return false;
  }

  async #connect(group: Group<Destination, Connection>, signal: AbortSignal | undefined): Promise<Lease<Connection>> {
    group.count++;
    this.#count++;
    try {
      const connection = await this.#dial(group.place, signal);
      return this.#lease(group, connection, false);
    } catch (error) {
      this.#gone(group);
      this.#serve();
      throw error;
    }
  }

  #wait(
    group: Group<Destination, Connection>,
    fresh: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Lease<Connection>> {
    if (this.#waiting >= this.#limits.waiting) {
      throw new HttpError("ENOBUFS", "connect", `${this.#waiting} requests wait for a connection already`);
    }
    this.#waiting++;
    return new Promise((resolve, reject) => {
      const aborted = (): void => {
        group.waiting.splice(group.waiting.indexOf(waiter), 1);
        this.#waiting--;
        this.#forget(group);
        reject(signal?.reason);
      };
      const leave = (): void => signal?.removeEventListener("abort", aborted);
      const waiter: Waiter<Connection> = { fresh, signal, resolve, reject, leave };
      signal?.addEventListener("abort", aborted, { once: true });
      group.waiting.push(waiter);
    });
  }

  #lease(group: Group<Destination, Connection>, connection: Connection, reused: boolean): Lease<Connection> {
    let given = false;
    return {
      connection,
      reused,
      release: (idle) => {
        if (given) return;
        given = true;
        this.#release(group, connection, idle);
      },
    };
  }

  #release(group: Group<Destination, Connection>, connection: Connection, idle: Duration | undefined): void {
    if (idle === undefined || idle <= 0 || this.#closed || !connection.isReady()) {
      void connection.close();
      this.#gone(group);
      this.#serve();
      return;
    }
    const [first] = group.waiting;
    if (first !== undefined && !first.fresh) {
      this.#shift(group);
      first.resolve(this.#lease(group, connection, true));
      return;
    }
    const drop = (): void => {
      void this.#drop(group, connection);
      this.#serve();
    };
    const cancel = this.#clock.after(Math.min(idle, this.#limits.idle) as Duration, drop);
    group.resting.push({ connection, cancel });
    connection.onUnready = drop;
    this.#serve();
  }

  /** Closes a connection that rests. */
  #drop(group: Group<Destination, Connection>, connection: Connection): Promise<void> {
    const index = group.resting.findIndex((each) => each.connection === connection);
    group.resting[index]?.cancel();
    group.resting.splice(index, 1);
    connection.onUnready = undefined;
    this.#gone(group);
    return connection.close();
  }

  #gone(group: Group<Destination, Connection>): void {
    group.count--;
    this.#count--;
    this.#forget(group);
  }

  #forget(group: Group<Destination, Connection>): void {
    if (group.count === 0 && group.waiting.length === 0) this.#groups.delete(group.place.key);
  }

  #shift(group: Group<Destination, Connection>): void {
    group.waiting.shift()?.leave();
    this.#waiting--;
  }

  /** There may be room now: those who wait get it, the first of each place first. */
  #serve(): void {
    for (let served = true; served && this.#waiting > 0; ) {
      served = false;
      for (const group of [...this.#groups.values()]) if (this.#serveFirst(group)) served = true;
    }
  }

  #serveFirst(group: Group<Destination, Connection>): boolean {
    const [first] = group.waiting;
    if (first === undefined) return false;
    const resting = first.fresh ? undefined : this.#takeResting(group);
    if (resting === undefined && !this.#hasRoom(group, first.fresh)) return false;
    this.#shift(group);
    if (resting !== undefined) first.resolve(this.#lease(group, resting, true));
    else this.#connect(group, first.signal).then(first.resolve, first.reject);
    return true;
  }
}
