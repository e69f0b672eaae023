/**
 * The guest's end of what a script and its host say to each other. Whatever is said is text that JSON can carry, numbers and
 * bytes; the host trusts none of it. These modules run inside QuickJS and know nothing else.
 */
import { NameError } from "../../../socket/names.ts";
import { SocketError } from "../../../socket/socket.ts";

/** Asks the host for something at once: numbers and JSON there and back, bytes as an ArrayBuffer. */
export type Host = (what: string, number: number, json: string, bytes?: ArrayBuffer) => unknown;

/** What the host says unasked: that a call has ended, a timer has expired, or a socket may be ready. */
export type Deliver = (what: "call" | "timer" | "ready", number: number, json: string, bytes?: ArrayBuffer) => void;

const shared = globalThis as unknown as { netariumHost?: Host };
const given = shared.netariumHost as Host;
delete shared.netariumHost;
/** Taken before the script can change them. */
const { parse, stringify } = JSON;

export const host = given;

/** Why the host has refused something, as it says it. */
interface Refusal {
  readonly code: string;
  readonly syscall?: string;
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
  readonly message?: string;
}

interface Answer {
  readonly value?: unknown;
  readonly refused?: Refusal;
  /** Its signal has ended it. */
  readonly aborted?: true;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  readonly signal: AbortSignal | undefined;
  readonly abort: () => void;
}

const calls = new Map<number, Waiting>();
let lastCall = 0;

/** Asks at once. @throws SocketError as the host refuses it */
export function ask(what: string, number: number, args: readonly unknown[]): unknown {
  const { value, refused } = parse(given(what, number, stringify(args)) as string) as Answer;
  if (refused !== undefined) throw errorOf(refused);
  return value;
}

/** Begins a call that may wait, and that a signal may end. Bytes that come are the value, with what else there is. */
export function call(
  what: string,
  number: number,
  args: readonly unknown[],
  signal?: AbortSignal,
  bytes?: ArrayBuffer,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const id = ++lastCall;
    const abort = (): void => void given("cancel", id, "");
    calls.set(id, { resolve, reject, signal, abort });
    signal?.addEventListener("abort", abort, { once: true });
    given(what, number, stringify([id, ...args]), bytes);
  });
}

/** A call has ended. */
export function ended(id: number, json: string, bytes: ArrayBuffer | undefined): void {
  const waiting = calls.get(id);
  if (waiting === undefined) return;
  calls.delete(id);
  waiting.signal?.removeEventListener("abort", waiting.abort);
  const { value, refused, aborted } = parse(json) as Answer;
  if (aborted) waiting.reject(waiting.signal?.reason);
  else if (refused !== undefined) waiting.reject(errorOf(refused));
  else waiting.resolve(bytes === undefined ? value : { bytes: new Uint8Array(bytes), value });
}

function errorOf({ code, syscall, address, port, hostname, message }: Refusal): Error {
  if (hostname !== undefined) return new NameError(code as NameError["code"], hostname);
  if (syscall === undefined) return new Error(message ?? code);
  const at = address === undefined || port === undefined ? undefined : { address, port };
  return new SocketError(code as SocketError["code"], syscall, at);
}
