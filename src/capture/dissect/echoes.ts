import type { Headers } from "./headers.ts";
import { ECHO, ECHO_REPLY } from "./icmp-layer.ts";

/** Requests that wait for a reply; the oldest gives way. */
export const WAITING_LIMIT = 1_000;

/** Finds which echo reply answers which request. */
export class Echoes {
  readonly #waiting = new Map<string, number>();
  readonly #other = new Map<number, number>();

  add(number: number, headers: Headers, link: number): void {
    const { view, start, end } = headers.payload;
    if (end - start < 8) return;
    const type = view.getUint8(start);
    if (type !== ECHO && type !== ECHO_REPLY) return;
    const [one, other] = type === ECHO ? [headers.source, headers.destination] : [headers.destination, headers.source];
    const key = `${one} ${other} ${view.getUint32(start + 4)} ${link}`;
    if (type === ECHO) {
      this.#waiting.set(key, number);
      if (this.#waiting.size > WAITING_LIMIT) this.#waiting.delete(this.#waiting.keys().next().value as string);
      return;
    }
    const request = this.#waiting.get(key);
    if (request === undefined) return;
    this.#waiting.delete(key);
    this.#other.set(request, number);
    this.#other.set(number, request);
  }

  /** The frame of the other half; 0 for none. */
  of(number: number): number {
    return this.#other.get(number) ?? 0;
  }
}
