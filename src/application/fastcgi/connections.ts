import type { SocketAddress } from "../../address/endpoint.ts";
import type { Socket, Sockets } from "../../socket/socket.ts";
import { connectTcp } from "../../socket/tcp.ts";
import type { Duration } from "../../time/instant.ts";
import { scriptBusy } from "../cgi/errors.ts";
import { Turns } from "../turns.ts";

/** A connection to a responder, for one request. */
export interface Lent {
  readonly socket: Socket;
  /** Whether it has served before, so that the responder may have closed it meanwhile. */
  readonly used: boolean;
  /** Gives it back. @param reusable whether it is good for another request */
  giveBack(reusable: boolean): void;
}

/** Where requests get their connections. */
export interface Connections {
  /** @throws ScriptBusy when too many wait, SocketError when there is no connection, the signal's reason when it aborts */
  lend(signal?: AbortSignal): Promise<Lent>;
}

export interface ConnectionsOptions {
  /** On the operating system these may be those of a UNIX socket. */
  readonly sockets: Sockets;
  readonly address: SocketAddress;
  /** Connections at once. */
  readonly connections: number;
  /** Requests that may wait for one. */
  readonly waiting: number;
  /** Whether connections stay open for further requests. */
  readonly keep: boolean;
  readonly connectTime: Duration;
}

/** Connections to one responder, by its address. */
export class ResponderConnections implements Connections {
  readonly #options: ConnectionsOptions;
  readonly #turns: Turns;
  readonly #idle: Socket[] = [];
  #closed = false;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#turns = new Turns(options.connections, options.waiting, scriptBusy);
  }

  async lend(signal?: AbortSignal): Promise<Lent> {
    await this.#turns.take(signal);
    const idle = this.#takeIdle();
    if (idle !== undefined) return this.#lent(idle, true);
    try {
      const { sockets, address, connectTime } = this.#options;
      return this.#lent(await connectTcp(sockets, address, { signal, timeout: connectTime }), false);
    } catch (error) {
      this.#turns.end();
      throw error;
    }
  }

  /** One that its responder has not closed meanwhile. */
  #takeIdle(): Socket | undefined {
    for (;;) {
      const socket = this.#idle.pop();
      if (socket === undefined) return undefined;
      const { readable, hangup, error } = socket.poll();
      if (!readable && !hangup && !error) return socket;
      void socket.close();
    }
  }

  #lent(socket: Socket, used: boolean): Lent {
    const giveBack = (reusable: boolean): void => {
      if (reusable && this.#options.keep && !this.#closed) this.#idle.push(socket);
      else void socket.close();
      this.#turns.end();
    };
    return { socket, used, giveBack };
  }

  /** Closes those that nobody uses. */
  close(): void {
    this.#closed = true;
    for (const socket of this.#idle.splice(0)) void socket.close();
  }
}
