import type { Duration, Instant } from "../../time/instant.ts";

/** What ping counts, and how iputils tells it. Sequence numbers are counted modulo 65,536, as they go on the wire. */
export class PingStatistics {
  sent = 0;
  received = 0;
  duplicates = 0;
  errors = 0;
  /** Most requests that were under way at once. */
  #pipe = 0;
  readonly #sentAt = new Map<number, Instant>();
  readonly #answered = new Uint8Array(0x10000);
  #least = Number.POSITIVE_INFINITY;
  #most = 0;
  #sum = 0;
  #squares = 0;
  #firstAt: Instant | undefined;
  #lastAt = 0 as Instant;

  /** Counts a request. @returns its sequence number */
  send(now: Instant): number {
    const sequence = ++this.sent & 0xffff;
    this.#firstAt ??= now;
    this.#lastAt = now;
    this.#sentAt.set(sequence, now);
    this.#answered[sequence] = 0;
    return sequence;
  }

  /** Counts an answer. @returns its round trip, and whether the same came before; undefined for what was never asked */
  receive(sequence: number, now: Instant): { readonly roundTrip: Duration; readonly duplicate: boolean } | undefined {
    const sentAt = this.#sentAt.get(sequence);
    if (sentAt === undefined) return undefined;
    this.#acknowledge(sequence);
    const roundTrip = (now - sentAt) as Duration;
    const microseconds = Math.round(roundTrip / 1000);
    this.#least = Math.min(this.#least, microseconds);
    this.#most = Math.max(this.#most, microseconds);
    this.#sum += microseconds;
    this.#squares += microseconds ** 2;
    const duplicate = this.#answered[sequence] === 1;
    this.#answered[sequence] = 1;
    if (duplicate) this.duplicates++;
    else this.received++;
    return { roundTrip, duplicate };
  }

  /** Counts an error about a request. @returns false when it was never made */
  fail(sequence: number): boolean {
    if (!this.#sentAt.has(sequence)) return false;
    this.#acknowledge(sequence);
    this.errors++;
    return true;
  }

  #acknowledge(sequence: number): void {
    this.#pipe = Math.max(this.#pipe, ((this.sent - sequence) & 0xffff) + 1);
  }

  /** The longest round trip, microseconds. */
  get longest(): number {
    return this.#most;
  }

  /** @param timed requests were long enough to carry their time */
  lines(name: string, timed: boolean): string[] {
    const { sent, received, duplicates, errors } = this;
    const parts = [`${sent} packets transmitted`, `${received} received`];
    if (duplicates > 0) parts.push(`+${duplicates} duplicates`);
    if (errors > 0) parts.push(`+${errors} errors`);
    if (sent > 0) {
      parts.push(`${Number((((sent - received) * 100) / sent).toPrecision(6))}% packet loss`);
      parts.push(`time ${Math.floor((this.#lastAt - (this.#firstAt ?? 0)) / 1e6)}ms`);
    }
    const last: string[] = [];
    if (received > 0 && timed) last.push(`rtt min/avg/max/mdev = ${this.#roundTrips()} ms`);
    if (this.#pipe > 1) last.push(`pipe ${this.#pipe}`);
    return ["", `--- ${name} ping statistics ---`, parts.join(", "), last.join(", ")];
  }

  #roundTrips(): string {
    const count = this.received + this.duplicates;
    const average = this.#sum / count;
    const deviation = Math.sqrt(Math.max(0, this.#squares / count - average ** 2));
    return [this.#least, average, this.#most, deviation]
      .map((value) => (Math.floor(value) / 1000).toFixed(3))
      .join("/");
  }
}

/** A round trip with as many digits as iputils gives it, milliseconds. */
export function formatRoundTrip(roundTrip: Duration): string {
  const microseconds = Math.round(roundTrip / 1000);
  if (microseconds >= 99_950) return String(Math.round(microseconds / 1000));
  return (microseconds / 1000).toFixed(microseconds >= 9_995 ? 1 : microseconds >= 1000 ? 2 : 3);
}
