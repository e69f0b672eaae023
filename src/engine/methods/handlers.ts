import type { Method, Methods } from "../protocol/methods.ts";
import type { Watcher } from "../watcher.ts";

type Result<M extends Method> = Methods[M]["result"] | Promise<Methods[M]["result"]>;

/** What answers requests, by their method. What cannot be done throws a RequestError. */
export type Handlers<Some extends Method = Method> = {
  readonly [M in Some]: (params: Methods[M]["params"], watcher: Watcher) => Result<M>;
};

/** The methods of a part of the protocol, such as `"time"`. */
export type MethodsOf<Part extends string> = Extract<Method, `${Part}.${string}`>;
