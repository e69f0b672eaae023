import type { Connection } from "./connection.ts";
import type { TcpSettings } from "./settings.ts";
import type { State } from "./state.ts";
import type { Binding } from "./tcp.ts";

/** A port that takes connections (RFC 9293 §3.10.1, passive OPEN), and those that wait to be accepted. */
export class Listener {
  readonly state: State = "LISTEN";
  readonly binding: Binding;
  readonly settings: TcpSettings;
  backlog: number;
  /** Connections whose handshake is under way. */
  readonly #halfOpen = new Set<Connection>();
  readonly #accepted: Connection[] = [];
  /** Called after a connection was put where {@link accept} takes it. */
  onReady: (() => void) | undefined;

  constructor(binding: Binding, backlog: number, settings: TcpSettings) {
    this.binding = binding;
    this.backlog = Math.max(backlog, 1);
    this.settings = settings;
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

  /** Stops listening. Connections nobody has accepted are reset, as Linux does. */
  close(): void {
    this.onReady = undefined;
    this.binding.listener = undefined;
    for (const connection of [...this.#halfOpen, ...this.#accepted]) connection.abort();
    this.#accepted.length = 0;
    this.#halfOpen.clear();
  }

  /** Whether another SYN is answered: neither of the two queues is full. */
  mayBegin(): boolean {
    return this.#accepted.length < this.backlog && this.#halfOpen.size < Math.max(this.backlog, HALF_OPEN_MINIMUM);
  }

  /** Whether a handshake may end: there is room among those that wait. */
  mayComplete(): boolean {
    return this.#accepted.length < this.backlog;
  }

  /** A SYN has come. */
  begin(connection: Connection): void {
    connection.listener = this;
    this.#halfOpen.add(connection);
  }

  /** The state of a connection nobody has accepted yet has changed. */
  changed(connection: Connection): void {
    if (this.#halfOpen.has(connection)) {
      if (connection.state === "SYN-RECEIVED") return;
      this.#halfOpen.delete(connection);
      if (connection.state === "CLOSED") return;
      this.#accepted.push(connection);
      this.onReady?.();
    }
  }
}

/** So many handshakes may be under way however small the backlog is. */
const HALF_OPEN_MINIMUM = 16;
