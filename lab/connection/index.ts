/** The engine, as every part of the page sees it. */
import { create } from "zustand";
import { Connection } from "./connection.ts";
import { enginePlace } from "./engine-place.ts";
import { type ConnectionState, NO_CONNECTION } from "./store.ts";
import { takeToken } from "./token.ts";

export { RequestError } from "./problem.ts";
export type { ConnectionState, Link } from "./store.ts";

/** A hook: `useConnection((all) => all.network)`. */
export const useConnection = create<ConnectionState>(() => NO_CONNECTION);

const connection = new Connection({
  ...enginePlace(window),
  token: takeToken(window),
  update: (change) => useConnection.setState(change),
  later: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
  chance: Math.random,
});

/** Asks the engine; rejects with a {@link RequestError}. */
export const request: Connection["request"] = (method, params) => connection.request(method, params);
/** Hears a push of the engine. @returns what ends it */
export const onPush: Connection["on"] = (type, listener) => connection.on(type, listener);
/** Connects, or tries at once instead of waiting on. */
export const connect = (): void => connection.connect();
