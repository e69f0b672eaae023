/**
 * The cells of the goodput tables: one cable between two TCPs. What the kernel was measured on through two tunnels and
 * what ours is measured on in simulated time is the same, because both tables are made from this.
 */
import { wireBits } from "../../src/wire/ethernet.ts";

/** How long each run lasts, from the call of connect: slow start counts. */
export const RUN_SECONDS = 60;

export const RATES = [10, 100] as const;
export const ROUND_TRIPS = [10, 50, 200] as const;
export const LOSSES = [0, 0.1, 1, 3] as const;
export const QUEUES = ["short", "deep"] as const;

/** A full frame: 1500 bytes and the Ethernet header. */
const FRAME = 1514;

export interface Cell {
  /** Mbit/s on the wire, preamble, FCS and gap included; each way. */
  readonly rate: number;
  /** Milliseconds there and back, half each way. */
  readonly roundTrip: number;
  /** Per cent of the frames, in either direction, each by itself. */
  readonly loss: number;
  readonly queue: (typeof QUEUES)[number];
}

export const CELLS: readonly Cell[] = QUEUES.flatMap((queue) =>
  RATES.flatMap((rate) => ROUND_TRIPS.flatMap((roundTrip) => LOSSES.map((loss) => ({ rate, roundTrip, loss, queue })))),
);

/** Two flows share these. */
export const SHARED_CELLS: readonly Cell[] = CELLS.filter(({ roundTrip, loss }) => roundTrip === 50 && loss === 0);

/** `"100 Mbit/s, 50 ms, 0.1 %, deep"`. */
export function nameOf({ rate, roundTrip, loss, queue }: Cell): string {
  return `${rate} Mbit/s, ${roundTrip} ms, ${loss} %, ${queue}`;
}

/** How many of the extremes a cell is at, 0–4: those at the most are measured first. */
export function cornersOf({ rate, roundTrip, loss, queue }: Cell): number {
  const isExtreme = <T>(values: readonly T[], value: T): boolean => values.indexOf(value) % (values.length - 1) === 0;
  const extremes = [
    isExtreme(RATES, rate),
    isExtreme(ROUND_TRIPS, roundTrip),
    isExtreme(LOSSES, loss),
    isExtreme(QUEUES, queue),
  ];
  return extremes.filter(Boolean).length;
}

/** What the line carries in a round trip, in full frames. */
export function bandwidthDelayProduct({ rate, roundTrip }: Cell): number {
  return (rate * 1e6 * roundTrip) / 1e3 / wireBits(FRAME);
}

/**
 * Frames that may wait for the line, the last dropped: a quarter of the bandwidth-delay product when short, but an initial
 * window at least; twice it when deep, but a hundred at least, as in the modems at the ends of slow lines.
 */
export function queueLimit(cell: Cell): number {
  const product = bandwidthDelayProduct(cell);
  return Math.round(cell.queue === "short" ? Math.max(10, product / 4) : Math.max(100, product * 2));
}

/** Jain's index of fairness: 1 when all have the same, 1/n when one has all. */
export function fairness(shares: readonly number[]): number {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const squares = shares.reduce((sum, share) => sum + share * share, 0);
  return squares === 0 ? 1 : (total * total) / (shares.length * squares);
}
