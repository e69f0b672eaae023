/** Those who try at once; when there are more, the oldest is forgotten. */
const KEYS_LIMIT = 10_000;

/** Counts what may be tried only so often: passwords, for a name and from an address. */
export class Attempts {
  readonly #most: number;
  readonly #window: number;
  readonly #now: () => number;
  readonly #tried = new Map<string, { count: number; since: number }>();

  /** @param most attempts in a window @param window milliseconds @param now milliseconds since 1970 */
  constructor(most: number, window: number, now: () => number) {
    this.#most = most;
    this.#window = window;
    this.#now = now;
  }

  /** Counts an attempt. @returns 0 when it is allowed, else how many seconds to wait */
  take(key: string): number {
    const now = this.#now();
    const before = this.#tried.get(key);
    const open = before !== undefined && now - before.since < this.#window;
    const tried = open ? before : { count: 0, since: now };
    if (tried.count >= this.#most) return Math.max(1, Math.ceil((tried.since + this.#window - now) / 1000));
    tried.count++;
    this.#tried.delete(key);
    this.#tried.set(key, tried);
    if (this.#tried.size > KEYS_LIMIT) this.#tried.delete(this.#tried.keys().next().value ?? key);
    return 0;
  }

  /** It succeeded: what was tried before does not count. */
  forget(key: string): void {
    this.#tried.delete(key);
  }
}
