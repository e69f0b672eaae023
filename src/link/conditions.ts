import { assert } from "../base/assert.ts";
import type { Duration } from "../time/instant.ts";

/** What a cable does to the frames that go one way. Durations are nanoseconds, probabilities 0–1. */
export interface CableConditions {
  /** From one end to the other. */
  readonly delay: Duration;
  /** Bits a second, preamble, FCS and gap included; Infinity for a cable on which a frame takes no room. */
  readonly rate: number;
  /** The frame vanishes. */
  readonly loss: number;
  /** The frame arrives twice, the second right behind the first. */
  readonly duplication: number;
  /** The frame is held back by `reorderDelay`, and those behind it pass. */
  readonly reordering: number;
  /** How long a reordered frame is held back; unless given, `delay`, but at least 1 ms, so that others have time to pass. */
  readonly reorderDelay: Duration | undefined;
  /** One bit of the frame is turned. */
  readonly corruption: number;
  /** A turned bit is one that the FCS does not show, so that the frame is delivered and the checksums above are tried. */
  readonly pastFcs: boolean;
  /** Up to so much is added to the delay, evenly spread. The order of frames is kept, so a slow one slows those behind it. */
  readonly jitter: Duration;
  /** Nothing arrives any more, and neither end can tell: the carrier stays. */
  readonly cut: boolean;
}

/** A cable of no length and any speed, without faults. */
export const IDEAL: CableConditions = {
  delay: 0 as Duration,
  rate: Number.POSITIVE_INFINITY,
  loss: 0,
  duplication: 0,
  reordering: 0,
  reorderDelay: undefined,
  corruption: 0,
  pastFcs: false,
  jitter: 0 as Duration,
  cut: false,
};

const LEAST_REORDER_DELAY = 1_000_000 as Duration;

/** How long a frame is held back that others shall pass. */
export function reorderDelayOf(conditions: CableConditions): Duration {
  return conditions.reorderDelay ?? (Math.max(conditions.delay, LEAST_REORDER_DELAY) as Duration);
}

/** Whether a frame can meet anything but delay and serialisation. */
export function isFaulty(conditions: CableConditions): boolean {
  return (
    conditions.cut ||
    conditions.loss > 0 ||
    conditions.duplication > 0 ||
    conditions.reordering > 0 ||
    conditions.corruption > 0 ||
    conditions.jitter > 0
  );
}

/** Conditions with some of them changed. What people write is checked long before (network/), so this only asserts. */
export function change(conditions: CableConditions, changes: Partial<CableConditions>): CableConditions {
  const changed = { ...conditions, ...changes };
  assert(isDuration(changed.delay) && isDuration(changed.jitter), "a cable's delay and jitter are whole nanoseconds");
  assert(
    changed.reorderDelay === undefined || isDuration(changed.reorderDelay),
    "a cable's reorder delay is whole nanoseconds",
  );
  const rate = changed.rate;
  assert(
    rate === Number.POSITIVE_INFINITY || (Number.isSafeInteger(rate) && rate > 0),
    "a rate is whole bits a second",
  );
  for (const chance of [changed.loss, changed.duplication, changed.reordering, changed.corruption]) {
    assert(chance >= 0 && chance <= 1, "a probability is between 0 and 1");
  }
  return changed;
}

const isDuration = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
