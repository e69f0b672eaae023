import type { Problem } from "./problem.ts";

export interface EngineState {
  readonly now: number;
  readonly running: boolean;
  /** Virtual seconds in a wall second; `"max"` as fast as it can. */
  readonly speed: number | "max";
  /** Nothing is left that could happen, and no door is open. */
  readonly idle: boolean;
  /** Names of what programs wait for outside the network, when time has stood still for it for over 5 s. */
  readonly waitsFor?: readonly string[];
  /** Milliseconds that were forgiven, because the machine could not keep up. */
  readonly forgiven: number;
  /** Pages that watch. */
  readonly watchers: number;
  readonly capture: CaptureState;
  readonly branch: number;
  readonly branches: readonly BranchInfo[];
  readonly inputs: InputsState;
  /** The time to which it runs as fast as it can, while it does. */
  readonly until?: number;
  /** A rewind is under way: how far it is, 0 to 1. What everything shows is still what was before it. */
  readonly replaying?: number;
  /** Where the last replay differed from what it repeats. */
  readonly differs?: { readonly event: number; readonly at: number };
  /** The whole run has failed: a bug, or devices that send without end. */
  readonly failed?: Problem;
}

export interface CaptureState {
  /** Number of the oldest event that is still kept, and of the one that comes next. */
  readonly first: number;
  readonly next: number;
  /** Bytes kept, and at most. */
  readonly bytes: number;
  readonly limit: number;
  readonly eventLimit: number;
  /** Virtual time of the oldest event kept; nothing before it can be looked at. */
  readonly earliest: number;
}

/** What came from outside, kept so that one can go back by repeating it. */
export interface InputsState {
  /** Of the current branch and those that it came from. */
  readonly count: number;
  readonly bytes: number;
  /** Bytes at most. */
  readonly limit: number;
  /** The last time of the current branch that one can go back to, once the limit was reached: what came later is not kept. */
  readonly reach?: number;
}

/** A course of the network: the first, and one for each time that somebody went on from the past. */
export interface BranchInfo {
  readonly id: number;
  /** Undefined for the first. */
  readonly parent?: number;
  /** Virtual time at which it left its parent, and the last that it has reached. */
  readonly from: number;
  readonly to: number;
}
