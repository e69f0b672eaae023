import type { Errno } from "../base/errno.ts";
import type { Socket } from "../socket/socket.ts";

/** Lines are gathered into writes of up to so many bytes. */
const WRITE_BYTES = 16_384;

/** Shared by all: it is full only from the gathering to the end of the write, which copies. */
const gathered = new Uint8Array(WRITE_BYTES);

/**
 * What waits to be sent to one client. Nobody else waits for it: what the socket does not take now is kept, up to a limit,
 * and several lines go in one write.
 */
export class Outbox {
  readonly #socket: Pick<Socket, "write">;
  readonly #limit: number;
  /** The first that waits. Apart from the others: mostly it is the only one. */
  #first: Uint8Array | undefined;
  /** Bytes of it that are sent. */
  #sent = 0;
  #others: Uint8Array[] = [];
  /** Of the others, those before this have become the first. */
  #next = 0;
  #bytes = 0;

  /** @param limit bytes that may wait */
  constructor(socket: Pick<Socket, "write">, limit: number) {
    this.#socket = socket;
    this.#limit = limit;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Puts bytes at the end; they must not change any more. @returns false, taking nothing, when they are over the limit */
  push(bytes: Uint8Array): boolean {
    if (bytes.length === 0) return true;
    if (this.#bytes + bytes.length > this.#limit) return false;
    if (this.#first === undefined) this.#first = bytes;
    else this.#others.push(bytes);
    this.#bytes += bytes.length;
    return true;
  }

  clear(): void {
    this.#first = undefined;
    this.#sent = 0;
    if (this.#others.length > 0) this.#others = [];
    this.#next = 0;
    this.#bytes = 0;
  }

  /** Writes as much as the socket takes. @returns EAGAIN when something is left, or why nothing can be sent any more */
  flush(): Errno | undefined {
    while (this.#first !== undefined) {
      const count = this.#socket.write(this.#gather(this.#first));
      if (typeof count === "string") return count;
      this.#remove(count); // less than all is no EAGAIN yet: only after one does the socket tell that there is room again
    }
    return undefined;
  }

  #gather(first: Uint8Array): Uint8Array {
    const head = this.#sent === 0 ? first : first.subarray(this.#sent);
    if (head.length === this.#bytes || head.length >= WRITE_BYTES) return head;
    gathered.set(head);
    let length = head.length;
    for (let at = this.#next; at < this.#others.length; at++) {
      const next = this.#others[at] as Uint8Array;
      if (length + next.length > WRITE_BYTES) break;
      gathered.set(next, length);
      length += next.length;
    }
    return gathered.subarray(0, length);
  }

  #remove(count: number): void {
    this.#bytes -= count;
    this.#sent += count;
    while (this.#first !== undefined && this.#sent >= this.#first.length) {
      this.#sent -= this.#first.length;
      this.#first = this.#others[this.#next++];
    }
    if (this.#first === undefined) {
      this.clear();
    } else if (this.#next > 64 && this.#next * 2 > this.#others.length) {
      this.#others = this.#others.slice(this.#next);
      this.#next = 0;
    }
  }
}
