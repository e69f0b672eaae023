import type { Problem } from "./problem.ts";

export interface EngineState {
  readonly now: number;
  readonly running: boolean;
  /** Virtual seconds in a wall second; `"max"` as fast as it can. */
  readonly speed: number | "max";
  /** Nothing is left that could happen, and no door is open. */
  readonly idle: boolean;
  /** Milliseconds that were forgiven, because the machine could not keep up. */
  readonly forgiven: number;
  readonly capture: CaptureState;
  readonly branch: number;
  readonly branches: readonly BranchInfo[];
  /** A rewind is under way: how far it is, 0 to 1. */
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

/** A course of the network: the first, and one for each time that somebody went on from the past. */
export interface BranchInfo {
  readonly id: number;
  /** Undefined for the first. */
  readonly parent?: number;
  /** Virtual time at which it left its parent, and the last that it has reached. */
  readonly from: number;
  readonly to: number;
}
