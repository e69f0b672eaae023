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
  #waiting: Uint8Array[] = [];
  #first = 0;
  /** Bytes of the first one that are sent. */
  #sent = 0;
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
    if (this.#bytes + bytes.length > this.#limit) return false;
    this.#waiting.push(bytes);
    this.#bytes += bytes.length;
    return true;
  }

  clear(): void {
    this.#waiting.length = 0;
    this.#first = 0;
    this.#sent = 0;
    this.#bytes = 0;
  }

  /** Writes as much as the socket takes. @returns EAGAIN when something is left, or why nothing can be sent any more */
  flush(): Errno | undefined {
    while (this.#bytes > 0) {
      const chunk = this.#gather();
      const count = this.#socket.write(chunk);
      if (typeof count === "string") return count;
      this.#remove(count); // less than all is no EAGAIN yet: only after one does the socket tell that there is room again
    }
    return undefined;
  }

  #gather(): Uint8Array {
    const first = this.#waiting[this.#first] as Uint8Array;
    const head = this.#sent === 0 ? first : first.subarray(this.#sent);
    if (head.length === this.#bytes || head.length >= WRITE_BYTES) return head;
    gathered.set(head);
    let length = head.length;
    for (let at = this.#first + 1; at < this.#waiting.length; at++) {
      const next = this.#waiting[at] as Uint8Array;
      if (length + next.length > WRITE_BYTES) break;
      gathered.set(next, length);
      length += next.length;
    }
    return gathered.subarray(0, length);
  }

  #remove(count: number): void {
    this.#bytes -= count;
    this.#sent += count;
    while (this.#first < this.#waiting.length) {
      const size = (this.#waiting[this.#first] as Uint8Array).length;
      if (this.#sent < size) break;
      this.#sent -= size;
      this.#first++;
    }
    if (this.#first === this.#waiting.length) this.clear();
    else if (this.#first > 64 && this.#first * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
  }
}
