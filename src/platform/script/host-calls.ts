import type { ScriptContext, ScriptErrorCode } from "../../application/script/scripts.ts";
import { NameError } from "../../socket/names.ts";
import { SocketError } from "../../socket/socket.ts";
import type { Duration } from "../../time/instant.ts";
import { type Asked, HostSockets, type Reply } from "./host-sockets.ts";
import { BYTES_PER_FUEL, CALLS_LIMIT, FUEL_PER_CALL, HELD_BYTES_LIMIT, SOCKETS_LIMIT, TIMERS_LIMIT } from "./limits.ts";
import { ScriptOutput } from "./script-output.ts";

/** What the host says to a script unasked. */
export interface Guest {
  deliver(what: "call" | "timer" | "ready", number: number, json: string, bytes?: Uint8Array): void;
  /** Ends it, because it does more than it may. */
  stop(code: ScriptErrorCode, why: string): void;
  /** Takes fuel for what the host does. */
  charge(fuel: number): void;
}

const NO_BYTES = new Uint8Array(0);
const encoder = new TextEncoder();

/** The host's end of what it and a script say to each other: it trusts nothing of what the script says. */
export class HostCalls {
  readonly #context: ScriptContext;
  readonly #guest: Guest;
  readonly #sockets: HostSockets;
  readonly #output: ScriptOutput;
  readonly #calls = new Map<number, AbortController>();
  readonly #timers = new Map<number, () => void>();
  /** Octets of the calls that wait. */
  #held = 0;
  #closed = false;

  constructor(context: ScriptContext, guest: Guest) {
    this.#context = context;
    this.#guest = guest;
    this.#sockets = new HostSockets(context.sockets, (number) => guest.deliver("ready", number, ""));
    this.#output = new ScriptOutput(context.output);
  }

  /** Whether something may still come that the script waits for. */
  get waits(): boolean {
    return this.#calls.size > 0 || this.#timers.size > 0 || this.#sockets.isWatched;
  }

  /** Does what the script asks. @returns JSON, or bytes */
  handle(what: string, number: number, json: string, bytes: Uint8Array = NO_BYTES): string | Uint8Array {
    if (this.#closed) return "{}";
    this.#guest.charge(FUEL_PER_CALL + (json.length + bytes.length) / BYTES_PER_FUEL);
    switch (what) {
      case "now":
        return answer({ value: this.#context.clock.now() });
      case "random":
        return answer({ value: this.#context.random.real() });
      case "log":
        return this.#log(json, number === 1);
      case "timer":
        return this.#timer(number, Number(json));
      case "untimer":
        this.#timers.get(number)?.();
        this.#timers.delete(number);
        return "";
      case "encode":
        return encoder.encode(String(read(json)));
      case "decode":
        return decoded(bytes, number);
      case "cancel":
        this.#calls.get(number)?.abort();
        return "";
      case "watch":
        this.#sockets.watch(number, json === "true");
        return "";
    }
    return this.#ask({ what, number, args: argumentsOf(json), bytes });
  }

  /** Nothing of it is heard of any more. */
  close(): void {
    this.#closed = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#calls.clear();
  }

  #ask(asked: Asked): string | Uint8Array {
    try {
      if (asked.what === "socket") return this.#socket(asked.args);
      const reply = this.#sockets.now(asked);
      if (typeof reply === "string") return JSON.stringify(reply);
      if (reply?.bytes !== undefined) return this.#charged(reply.bytes);
      if (reply !== undefined) return asked.what.startsWith("write") ? JSON.stringify(reply.value) : answer(reply);
      this.#begin(asked);
      return "";
    } catch (error) {
      return JSON.stringify({ refused: refusalOf(error) });
    }
  }

  #socket(args: readonly unknown[]): string {
    if (this.#sockets.isFull) {
      this.#guest.stop("sockets", `it opened more than ${SOCKETS_LIMIT} sockets at once`);
      return "{}";
    }
    return answer({ value: this.#sockets.make(args) });
  }

  /** A call that may wait, by a number that the script chose. */
  #begin(asked: Asked): void {
    const [call] = asked.args;
    if (typeof call !== "number" || this.#calls.has(call)) return;
    if (this.#calls.size >= CALLS_LIMIT) {
      this.#guest.stop("waiting", `more than ${CALLS_LIMIT} of its calls wait at once`);
      return;
    }
    const { length } = asked.bytes;
    if (this.#held + length > HELD_BYTES_LIMIT) {
      this.#guest.stop("waiting", `more than ${HELD_BYTES_LIMIT} bytes of it wait to be sent: wait for each send`);
      return;
    }
    const control = new AbortController();
    this.#calls.set(call, control);
    this.#held += length;
    const done = (json: string, bytes?: Uint8Array): void => {
      this.#held -= length;
      if (this.#closed || !this.#calls.delete(call)) return;
      this.#guest.deliver("call", call, json, bytes);
    };
    this.#later(asked, control.signal).then(
      (reply) => done(answer(reply), reply.bytes),
      (error: unknown) => {
        const aborted = control.signal.aborted && error === control.signal.reason;
        done(JSON.stringify(aborted ? { aborted } : { refused: refusalOf(error) }));
      },
    );
  }

  async #later(asked: Asked, signal: AbortSignal): Promise<Reply> {
    if (asked.what === "lookup") return { value: await this.#lookup(asked.args, signal) };
    const reply = this.#sockets.later(asked, signal);
    if (reply === undefined) throw new SocketError("ENOTSUP", asked.what);
    return reply;
  }

  #lookup([, name, timeout]: readonly unknown[], signal: AbortSignal): Promise<readonly string[]> {
    if (typeof name !== "string") throw new NameError("EINVAL", String(name));
    const limit = typeof timeout === "number" && timeout >= 0 ? { timeout: timeout as Duration } : {};
    return this.#context.names.lookup(name, { ...limit, signal });
  }

  #log(json: string, isError: boolean): string {
    const { clock } = this.#context;
    if (!this.#output.write(clock.now(), String(read(json)), isError ? "error" : "output")) {
      this.#guest.stop("log-flood", "it wrote too many lines in a time");
    }
    return "";
  }

  #timer(id: number, nanoseconds: number): string {
    if (this.#timers.size >= TIMERS_LIMIT) {
      this.#guest.stop("waiting", `it has more than ${TIMERS_LIMIT} timers at once`);
      return "";
    }
    this.#timers.get(id)?.();
    const cancel = this.#context.clock.after(nanoseconds as Duration, () => {
      this.#timers.delete(id);
      this.#guest.deliver("timer", id, "");
    });
    this.#timers.set(id, cancel);
    return "";
  }

  #charged(bytes: Uint8Array): Uint8Array {
    this.#guest.charge(bytes.length / BYTES_PER_FUEL);
    return bytes;
  }
}

const answer = ({ value }: Reply): string => JSON.stringify({ value });

function decoded(bytes: Uint8Array, flags: number): string {
  try {
    return JSON.stringify(
      new TextDecoder("utf-8", { fatal: (flags & 1) !== 0, ignoreBOM: (flags & 2) !== 0 }).decode(bytes),
    );
  } catch {
    return "";
  }
}

function read(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function argumentsOf(json: string): readonly unknown[] {
  const args = read(json);
  return Array.isArray(args) ? args : [];
}

/** Why something is refused, in what a script may know. */
function refusalOf(error: unknown): object {
  if (error instanceof SocketError) {
    const { code, syscall, address, port } = error;
    return { code, syscall, address, port };
  }
  if (error instanceof NameError) return { code: error.code, hostname: error.hostname };
  return { code: "EIO", message: error instanceof Error ? error.message : String(error) };
}
