/** What scripts find beside ECMAScript itself: nothing of it reaches anything but the script's own host. */
import { GuestController, GuestSignal } from "./abort.ts";
import { ask, host } from "./bridge.ts";
import { formatted } from "./inspect.ts";
import { GuestTextDecoder, GuestTextEncoder } from "./text.ts";
import { setGuestInterval, setGuestTimeout, stop } from "./timers.ts";

const { stringify } = JSON;

let indent = "";
const write = (level: "output" | "error", values: readonly unknown[]): void => {
  const text = formatted(values);
  host("log", level === "error" ? 1 : 0, stringify(indent === "" ? text : text.replaceAll(/^/gm, indent)));
};
const output = (...values: unknown[]): void => write("output", values);
const error = (...values: unknown[]): void => write("error", values);

const console = {
  log: output,
  info: output,
  debug: output,
  dir: output,
  table: output,
  warn: error,
  error,
  trace: error,
  assert: (condition: unknown, ...values: unknown[]): void => {
    if (!condition) error("Assertion failed:", ...values);
  },
  group: (...values: unknown[]): void => {
    if (values.length > 0) output(...values);
    indent += "  ";
  },
  groupEnd: (): void => {
    indent = indent.slice(2);
  },
};

const added = {
  console,
  setTimeout: setGuestTimeout,
  setInterval: setGuestInterval,
  clearTimeout: stop,
  clearInterval: stop,
  queueMicrotask: (callback: () => void): void => {
    void Promise.resolve().then(callback);
  },
  TextEncoder: GuestTextEncoder,
  TextDecoder: GuestTextDecoder,
  AbortController: GuestController,
  AbortSignal: GuestSignal,
  performance: { now: () => (ask("now", 0, []) as number) / 1e6 },
};

for (const [name, value] of Object.entries(added)) {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}
Object.defineProperty(GuestTextEncoder, "name", { value: "TextEncoder" });
Object.defineProperty(GuestTextDecoder, "name", { value: "TextDecoder" });
Object.defineProperty(GuestController, "name", { value: "AbortController" });
Object.defineProperty(GuestSignal, "name", { value: "AbortSignal" });
// There is nobody to share it with.
delete (globalThis as { SharedArrayBuffer?: unknown }).SharedArrayBuffer;
// Drawn from the host's own stream, which the seed decides.
Math.random = () => ask("random", 0, []) as number;
