import type { IpAddress } from "../../address/ip.ts";
import type { Connection, Ends } from "./connection.ts";

/** Finds the connection of a segment: by both ports, then among the few that share them by both addresses. */
export class Demultiplexer {
  readonly #byPorts = new Map<number, Connection>();
  /** Connections per local port, whoever the peer is. */
  readonly #localPorts = new Map<number, number>();
  /** How many connections there are. */
  size = 0;

  find(local: IpAddress, localPort: number, remote: IpAddress, remotePort: number): Connection | undefined {
    let connection = this.#byPorts.get((localPort << 16) | remotePort);
    while (connection !== undefined) {
      if (connection.remoteAddress === remote && connection.localAddress === local) return connection;
      connection = connection.sibling;
    }
    return undefined;
  }

  has(ends: Ends): boolean {
    return this.find(ends.localAddress, ends.localPort, ends.remoteAddress, ends.remotePort) !== undefined;
  }

  /** Whether any connection has this local port. */
  uses(localPort: number): boolean {
    return this.#localPorts.has(localPort);
  }

  add(connection: Connection): void {
    const key = (connection.localPort << 16) | connection.remotePort;
    connection.sibling = this.#byPorts.get(key);
    this.#byPorts.set(key, connection);
    this.#localPorts.set(connection.localPort, (this.#localPorts.get(connection.localPort) ?? 0) + 1);
    this.size++;
  }

  remove(connection: Connection): void {
    const key = (connection.localPort << 16) | connection.remotePort;
    let other = this.#byPorts.get(key);
    if (other === connection) {
      if (connection.sibling === undefined) this.#byPorts.delete(key);
      else this.#byPorts.set(key, connection.sibling);
    } else {
      while (other !== undefined && other.sibling !== connection) other = other.sibling;
      if (other === undefined) return;
      other.sibling = connection.sibling;
    }
    connection.sibling = undefined;
    this.size--;
    const left = (this.#localPorts.get(connection.localPort) ?? 0) - 1;
    if (left > 0) this.#localPorts.set(connection.localPort, left);
    else this.#localPorts.delete(connection.localPort);
  }

  *[Symbol.iterator](): Generator<Connection> {
    for (const first of this.#byPorts.values()) {
      for (let each: Connection | undefined = first; each !== undefined; each = each.sibling) yield each;
    }
  }
}
