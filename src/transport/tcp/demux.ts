import type { IpAddress } from "../../address/ip.ts";
import type { Ends } from "./connection.ts";

/** What a segment can be for. */
export interface Entry extends Ends {
  /** The next in the same bucket; the demultiplexer's own. */
  sibling: this | undefined;
}

const FIRST_BUCKETS = 16;

/** Finds whom a segment is for, by both ports and both addresses: entries hang in buckets, on each other. */
export class Demultiplexer<E extends Entry> {
  /** A power of two of them, and never less than there are entries. */
  #buckets: (E | undefined)[] = new Array(FIRST_BUCKETS).fill(undefined);
  /** Entries per local port, whoever the peer is; a port once used stays, with 0. */
  readonly #localPorts = new Map<number, number>();
  /** How many entries there are. */
  size = 0;

  find(local: IpAddress, localPort: number, remote: IpAddress, remotePort: number): E | undefined {
    let entry = this.#buckets[this.#bucket(localPort, remote, remotePort)];
    while (entry !== undefined) {
      if (
        entry.remotePort === remotePort &&
        entry.localPort === localPort &&
        entry.remoteAddress === remote &&
        entry.localAddress === local
      ) {
        return entry;
      }
      entry = entry.sibling;
    }
    return undefined;
  }

  has(ends: Ends): boolean {
    return this.find(ends.localAddress, ends.localPort, ends.remoteAddress, ends.remotePort) !== undefined;
  }

  /** Whether any entry has this local port. */
  uses(localPort: number): boolean {
    return (this.#localPorts.get(localPort) ?? 0) > 0;
  }

  add(entry: E): void {
    if (++this.size > this.#buckets.length) this.#grow();
    this.#hang(entry);
    this.#localPorts.set(entry.localPort, (this.#localPorts.get(entry.localPort) ?? 0) + 1);
  }

  remove(entry: E): void {
    const bucket = this.#bucket(entry.localPort, entry.remoteAddress, entry.remotePort);
    let other = this.#buckets[bucket];
    if (other === entry) this.#buckets[bucket] = entry.sibling;
    else {
      while (other !== undefined && other.sibling !== entry) other = other.sibling;
      if (other === undefined) return;
      other.sibling = entry.sibling;
    }
    entry.sibling = undefined;
    this.size--;
    this.#localPorts.set(entry.localPort, (this.#localPorts.get(entry.localPort) ?? 1) - 1);
  }

  /** In no order that means anything, but the same in every run. */
  *[Symbol.iterator](): Generator<E> {
    for (const first of this.#buckets) {
      for (let each = first; each !== undefined; each = each.sibling) yield each;
    }
  }

  /** Each bit of the ports and of the peer's address has its part; ours is the same for most. */
  #bucket(localPort: number, remote: number, remotePort: number): number {
    let hash = Math.imul(((localPort << 16) | remotePort) ^ Math.imul(remote, 0x85ebca6b), 0x9e3779b1);
    hash ^= hash >>> 15;
    return hash & (this.#buckets.length - 1);
  }

  #hang(entry: E): void {
    const bucket = this.#bucket(entry.localPort, entry.remoteAddress, entry.remotePort);
    entry.sibling = this.#buckets[bucket];
    this.#buckets[bucket] = entry;
  }

  #grow(): void {
    const entries = [...this];
    this.#buckets = new Array(2 * this.#buckets.length).fill(undefined);
    for (const entry of entries) this.#hang(entry);
  }
}
