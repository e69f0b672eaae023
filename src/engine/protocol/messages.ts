import type { DocumentState } from "./document.ts";
import type { LogEntry, Method, Methods, OpenTerminal } from "./methods.ts";
import type { NetworkInfo } from "./network.ts";
import type { ViewState } from "./packets.ts";
import type { Problem } from "./problem.ts";
import type { EngineState } from "./state.ts";
import type { CableTraffic, Crossing } from "./traffic.ts";

/**
 * The message protocol between an engine and those who watch and steer it, such as the lab's page: plain data that JSON can
 * carry, over a WebSocket or a MessagePort. docs/lab-protocol.md describes it.
 *
 * The watcher sends a {@link Hello}, then {@link Request}s; the engine answers each with one {@link Answer} in whatever order they
 * are done, and sends {@link Push}es in between. Virtual times are nanoseconds since the run began. Bytes are base64.
 */
export const PROTOCOL_VERSION = 1;

/** The watcher's first message. An engine of another version answers with a {@link Refusal} and closes. */
export interface Hello {
  readonly type: "hello";
  readonly version: number;
  /** Who may: an engine that others can reach asks for it. */
  readonly token?: string;
}

export interface Welcome {
  readonly type: "welcome";
  readonly version: number;
  /** Netarium's. */
  readonly netarium: string;
  /** Drawn at each start of the engine: one who was connected before knows whether it is the same. */
  readonly engine: string;
  /** `"node"` or `"worker"`: what can be had of it. */
  readonly platform: "node" | "worker";
  readonly network: NetworkInfo;
  readonly state: EngineState;
}

export interface Refusal {
  readonly type: "refusal";
  readonly code: "version" | "token" | "busy";
  /** The engine's version of the protocol. */
  readonly version: number;
}

/** There is no engine any more, or none could begin: the last message, in place of any other. */
export interface Ended {
  readonly type: "ended";
  readonly problem: Problem;
}

export interface Request<M extends Method = Method> {
  readonly type: "request";
  /** The watcher's own number for it. */
  readonly id: number;
  readonly method: M;
  readonly params: Methods[M]["params"];
}

export type Answer = Result | Failure;

export interface Result {
  readonly type: "result";
  readonly id: number;
  readonly result: unknown;
}

/** What a request came to that could not be done. Texts are the watcher's, by code. */
export interface Failure {
  readonly type: "failure";
  readonly id: number;
  readonly error: Problem;
}

export type FromWatcher = Hello | Request;
export type FromEngine = Welcome | Refusal | Ended | Answer | Push;

/** What the engine says unasked. */
export type Push =
  /** At most 20 times a second, when something has changed. */
  | { readonly type: "state"; readonly state: EngineState }
  | { readonly type: "network"; readonly network: NetworkInfo }
  /** To those who have asked for it. */
  | { readonly type: "document"; readonly document: DocumentState }
  /**
   * Another course has taken the place of the network, after a rewind. Views stay open under their numbers and begin anew on its
   * events; lines of the log are to be asked for again, and the terminals that there are now are told.
   */
  | { readonly type: "branch"; readonly branch: number }
  | {
      readonly type: "traffic";
      readonly now: number;
      readonly crossings: readonly Crossing[];
      /** Crossings that are not told of, because they were too many. */
      readonly more: number;
      readonly cables: readonly CableTraffic[];
    }
  | { readonly type: "view"; readonly state: ViewState }
  /** All terminals that are open, with all that stands on them: after a rewind, or when text had to be left out. */
  | { readonly type: "terminals"; readonly terminals: readonly OpenTerminal[] }
  | { readonly type: "terminal"; readonly terminal: number; readonly text: string }
  | { readonly type: "terminal-closed"; readonly terminal: number }
  | { readonly type: "log"; readonly lines: readonly LogEntry[] };
