import { NEVER } from "../src/time/instant.ts";
import type { TwoHosts } from "./hosts.ts";
import { verify } from "./measure.ts";

const PIECE = 64 * 1024;

/** The byte at an offset of the stream; the period is no power of two, so that a shifted piece shows. */
const pattern = Uint8Array.from({ length: PIECE + 251 }, (_, index) => index % 251);

/** A stream from one host to the other by the non-blocking half, every byte compared where it is read. */
export class Transfer {
  readonly #hosts: TwoHosts;
  readonly #size: number;
  readonly #into = Buffer.alloc(PIECE);
  #received = 0;
  #wrong = 0;
  /** The instant of the last read. */
  lastAt = 0;

  /** @param size bytes */
  constructor(hosts: TwoHosts, size: number) {
    this.#hosts = hosts;
    this.#size = size;
    this.#receive();
    this.#send();
  }

  /** Whether something is still to come. */
  get goesOn(): boolean {
    return this.#received < this.#size && this.#hosts.scheduler.next !== NEVER;
  }

  /** Throws unless every byte has arrived as it was sent. */
  verify(): void {
    verify(
      this.#received === this.#size && this.#wrong === 0,
      `${this.#received} bytes arrived, ${this.#wrong} reads were wrong`,
    );
  }

  #receive(): void {
    const into = this.#into;
    const listener = this.#hosts.listen(80);
    listener.onReady = () => {
      const connection = listener.accept();
      if (connection === undefined) return;
      connection.onReady = () => {
        for (;;) {
          const count = connection.read(into);
          if (typeof count !== "number" || count === 0) return;
          const from = this.#received % 251;
          if (into.compare(pattern, from, from + count, 0, count) !== 0) this.#wrong++;
          this.#received += count;
          this.lastAt = this.#hosts.scheduler.now;
        }
      };
      connection.onReady();
    };
  }

  #send(): void {
    const client = this.#hosts.connect(80);
    let sent = 0;
    client.onReady = () => {
      while (sent < this.#size && client.established) {
        const from = sent % 251;
        const count = client.write(pattern.subarray(from, from + Math.min(PIECE, this.#size - sent)));
        if (typeof count !== "number") return;
        sent += count;
      }
    };
  }
}
