import type { Connection } from "./connection.ts";

/** Connections in TIME-WAIT that one host keeps; beyond, the oldest is forgotten (Linux: tcp_max_tw_buckets). */
export const TIME_WAIT_LIMIT = 32_768;
/** Connections that one host goes on closing after their users are gone; beyond, one is reset (Linux: tcp_max_orphans). */
export const ORPHANS_LIMIT = 8_192;
/** Connections that one host has in all; beyond, none is opened, neither way. */
export const CONNECTIONS_LIMIT = 262_144;

/** The connections of a host that no user holds any more, and that no socket table counts: they have limits of their own. */
export class Ownerless {
  readonly #timeWait = new Set<Connection>();
  readonly #orphans = new Set<Connection>();

  get timeWait(): number {
    return this.#timeWait.size;
  }

  get orphans(): number {
    return this.#orphans.size;
  }

  enterTimeWait(connection: Connection): void {
    this.#orphans.delete(connection);
    this.#timeWait.add(connection);
    if (this.#timeWait.size <= TIME_WAIT_LIMIT) return;
    const [oldest] = this.#timeWait;
    oldest?.destroy(undefined);
  }

  /** The user of a connection has closed it. @returns whether it may go on by itself */
  orphan(connection: Connection): boolean {
    if (this.#orphans.size >= ORPHANS_LIMIT) return false;
    if (!this.#timeWait.has(connection)) this.#orphans.add(connection);
    return true;
  }

  forget(connection: Connection): void {
    this.#timeWait.delete(connection);
    this.#orphans.delete(connection);
  }
}
