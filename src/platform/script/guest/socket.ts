/**
 * `netarium/socket` as scripts have it: the names of the module of that name, and the host on which the script runs. Everything
 * that stands on the sockets' calls is the same source.
 */
import type { Clock } from "../../../socket/clock.ts";
import type { Names } from "../../../socket/names.ts";
import { sleepBy } from "../../../socket/sleep.ts";
import type { Instant } from "../../../time/instant.ts";
import { ask, call, type Deliver, ended, host } from "./bridge.ts";
import "./globals.ts";
import { ready } from "./guest-socket.ts";
import { after, expired } from "./timers.ts";

export { NameError } from "../../../socket/names.ts";
export { SocketError } from "../../../socket/socket.ts";
export { chunks, connections, connectTcp, listenTcp, writeAll } from "../../../socket/tcp.ts";
export { milliseconds, seconds } from "../../../time/instant.ts";
export { sockets } from "./guest-socket.ts";

/** The host's resolver. */
export const names: Names = {
  lookup: (name, options = {}) =>
    call("lookup", 0, [name, options.timeout], options.signal) as Promise<readonly string[]>,
};

/** The host's clock, in virtual time. */
export const clock: Clock = {
  now: () => ask("now", 0, []) as Instant,
  date: () => new Date(),
  sleep: (duration, signal) => sleepBy(clock, duration, signal),
  after: (duration, callback) => after(duration, callback),
};

const deliver: Deliver = (what, number, json, bytes) => {
  if (what === "call") ended(number, json, bytes);
  else if (what === "timer") expired(number);
  else ready(number);
};

(host as unknown as (what: "deliver", number: 0, json: "", deliver: Deliver) => void)("deliver", 0, "", deliver);
