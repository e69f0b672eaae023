/** AbortController and AbortSignal (DOM §3), as far as calls that wait need them. */

type Listener = (event: { readonly type: "abort"; readonly target: GuestSignal }) => void;

const KEY = Symbol("only the controller may");

export class GuestSignal {
  #aborted = false;
  #reason: unknown;
  readonly #listeners = new Map<Listener, boolean>();
  onabort: Listener | null = null;

  constructor(key: symbol) {
    if (key !== KEY) throw new TypeError("Illegal constructor");
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }

  addEventListener(type: string, listener: Listener, options?: { once?: boolean } | boolean): void {
    if (type === "abort" && !this.#listeners.has(listener)) {
      this.#listeners.set(listener, typeof options === "object" && options.once === true);
    }
  }

  removeEventListener(type: string, listener: Listener): void {
    if (type === "abort") this.#listeners.delete(listener);
  }

  /** Of its controller alone. */
  abortBy(key: symbol, reason: unknown): void {
    if (key !== KEY || this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason ?? named("AbortError", "This operation was aborted");
    const event = { type: "abort", target: this } as const;
    for (const [listener, once] of [...this.#listeners]) {
      if (once) this.#listeners.delete(listener);
      listener.call(this, event);
    }
    this.onabort?.(event);
  }

  static abort(reason?: unknown): GuestSignal {
    const controller = new GuestController();
    controller.abort(reason);
    return controller.signal;
  }

  static timeout(milliseconds: number): GuestSignal {
    const controller = new GuestController();
    setTimeout(() => controller.abort(named("TimeoutError", "The operation was aborted due to timeout")), milliseconds);
    return controller.signal;
  }

  static any(signals: readonly GuestSignal[]): GuestSignal {
    const controller = new GuestController();
    for (const signal of signals) {
      if (signal.aborted) controller.abort(signal.reason);
      else signal.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
    }
    return controller.signal;
  }
}

export class GuestController {
  readonly signal = new GuestSignal(KEY);

  abort(reason?: unknown): void {
    this.signal.abortBy(KEY, reason);
  }
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
