import { host } from "./bridge.ts";

const NANOSECONDS_PER_MILLISECOND = 1e6;
/** As in Node: a timer takes at least a millisecond, so that time goes on. */
const LEAST = 1;

const timers = new Map<number, () => void>();
let last = 0;

/** A timer in nanoseconds. @returns what takes it back */
export function after(nanoseconds: number, callback: () => void): () => void {
  const id = start(nanoseconds, callback);
  return () => stop(id);
}

export function setGuestTimeout(
  callback: (...args: unknown[]) => void,
  milliseconds?: unknown,
  ...args: unknown[]
): number {
  if (typeof callback !== "function") throw new TypeError("setTimeout takes a function");
  return start(nanosecondsOf(milliseconds), () => callback(...args));
}

export function setGuestInterval(
  callback: (...args: unknown[]) => void,
  milliseconds?: unknown,
  ...args: unknown[]
): number {
  if (typeof callback !== "function") throw new TypeError("setInterval takes a function");
  const every = nanosecondsOf(milliseconds);
  const again = (): void => {
    timers.set(id, again);
    host("timer", id, String(every));
    callback(...args);
  };
  const id = start(every, again);
  return id;
}

export function stop(id: unknown): void {
  const number = Number(id);
  if (timers.delete(number)) host("untimer", number, "");
}

/** A timer has expired. */
export function expired(id: number): void {
  const callback = timers.get(id);
  timers.delete(id);
  callback?.();
}

function start(nanoseconds: number, callback: () => void): number {
  const id = ++last;
  timers.set(id, callback);
  host("timer", id, String(nanoseconds));
  return id;
}

function nanosecondsOf(milliseconds: unknown): number {
  const number = Number(milliseconds ?? 0);
  return Math.round(Math.max(LEAST, Number.isNaN(number) ? 0 : number) * NANOSECONDS_PER_MILLISECOND);
}
