import type { IpAddress } from "../../address/ip.ts";
import type { Ends } from "./connection.ts";

/** What a segment can be for. */
export interface Entry extends Ends {
  /** The next with the same two ports; the demultiplexer's own. */
  sibling: this | undefined;
}

/** Finds whom a segment is for: by both ports, then among the few that share them by both addresses. */
export class Demultiplexer<E extends Entry> {
  readonly #byPorts = new Map<number, E>();
  /** Entries per local port, whoever the peer is. */
  readonly #localPorts = new Map<number, number>();
  /** How many entries there are. */
  size = 0;

  find(local: IpAddress, localPort: number, remote: IpAddress, remotePort: number): E | undefined {
    let entry = this.#byPorts.get((localPort << 16) | remotePort);
    while (entry !== undefined) {
      if (entry.remoteAddress === remote && entry.localAddress === local) return entry;
      entry = entry.sibling;
    }
    return undefined;
  }

  has(ends: Ends): boolean {
    return this.find(ends.localAddress, ends.localPort, ends.remoteAddress, ends.remotePort) !== undefined;
  }

  /** Whether any entry has this local port. */
  uses(localPort: number): boolean {
    return this.#localPorts.has(localPort);
  }

  add(entry: E): void {
    const key = (entry.localPort << 16) | entry.remotePort;
    entry.sibling = this.#byPorts.get(key);
    this.#byPorts.set(key, entry);
    this.#localPorts.set(entry.localPort, (this.#localPorts.get(entry.localPort) ?? 0) + 1);
    this.size++;
  }

  remove(entry: E): void {
    const key = (entry.localPort << 16) | entry.remotePort;
    let other = this.#byPorts.get(key);
    if (other === entry) {
      if (entry.sibling === undefined) this.#byPorts.delete(key);
      else this.#byPorts.set(key, entry.sibling);
    } else {
      while (other !== undefined && other.sibling !== entry) other = other.sibling;
      if (other === undefined) return;
      other.sibling = entry.sibling;
    }
    entry.sibling = undefined;
    this.size--;
    const left = (this.#localPorts.get(entry.localPort) ?? 0) - 1;
    if (left > 0) this.#localPorts.set(entry.localPort, left);
    else this.#localPorts.delete(entry.localPort);
  }

  *[Symbol.iterator](): Generator<E> {
    for (const first of this.#byPorts.values()) {
      for (let each: E | undefined = first; each !== undefined; each = each.sibling) yield each;
    }
  }
}
