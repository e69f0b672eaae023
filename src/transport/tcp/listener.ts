import type { Connection } from "./connection.ts";
import type { Requests } from "./requests.ts";
import type { TcpSettings } from "./settings.ts";
import type { State } from "./state.ts";
import type { Binding } from "./tcp.ts";

/** A port that takes connections (RFC 9293 §3.10.1, passive OPEN), and those that wait to be accepted. */
export class Listener {
  readonly state: State = "LISTEN";
  readonly binding: Binding;
  readonly settings: TcpSettings;
  /** Connections that may wait to be accepted. */
  backlog: number;
  /** Handshakes under way. */
  readonly requests: Requests;
  readonly #accepted: Connection[] = [];
  /** When a SYN was last answered by a cookie. */
  cookieSentAt = Number.NEGATIVE_INFINITY;
  /** Called after a connection was put where {@link accept} takes it. */
  onReady: (() => void) | undefined;

  constructor(binding: Binding, backlog: number, settings: TcpSettings, requests: Requests) {
    this.binding = binding;
    this.backlog = Math.max(backlog, 1);
    this.settings = settings;
    this.requests = requests;
  }

  get local(): { address: Binding["address"]; port: number } {
    return { address: this.binding.address, port: this.binding.port };
  }

  /** How many wait to be accepted. */
  get pending(): number {
    return this.#accepted.length;
  }

  /** Takes the next connection, the earliest first; undefined when none waits. */
  accept(): Connection | undefined {
    const connection = this.#accepted.shift();
    if (connection !== undefined) connection.listener = undefined;
    return connection;
  }

  /** Stops listening. Connections nobody has accepted are reset, as Linux does, and handshakes too. */
  close(): void {
    this.onReady = undefined;
    this.binding.listener = undefined;
    this.requests.abort();
    for (const connection of this.#accepted) connection.abort();
    this.#accepted.length = 0;
  }

  /** Whether a handshake may begin or end: there is room among those that wait. */
  mayComplete(): boolean {
    return this.#accepted.length < this.backlog;
  }

  /** The handshake of a connection has ended; it waits to be accepted, also when it has come to an end already. */
  complete(connection: Connection): void {
    this.#accepted.push(connection);
    this.onReady?.();
  }
}
