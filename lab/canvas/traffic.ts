import type { CableTraffic, Crossing } from "../../src/engine/protocol/index.ts";
import type { LineCrossing } from "./talk-lines.ts";

/** For how long a cable glows after a frame has crossed it: milliseconds of the wall. */
export const AFTERGLOW = 400;
/** For how long the mark of a lost frame stays. */
export const LOSS_SHOWN = 1500;
/** Crossings that are kept at once; of more, cables only show how many. */
export const CROSSINGS_LIMIT = 2000;
const LOSSES_LIMIT = 100;
/** For how long a cable's throughput is shown after it was last told. */
const RATE_SHOWN = 2000;

/** What is left to see of frames that have crossed a cable one way. */
export interface Glow {
  /** Milliseconds of the wall at which the last one arrived. */
  wall: number;
  protocol: string;
  label: string;
  event: number | undefined;
}

export interface Loss {
  readonly crossing: LineCrossing;
  readonly wall: number;
}

/** 0 from a to b, 1 from b to a. */
export type Way = 0 | 1;
export const wayOf = ({ direction }: Crossing): Way => (direction === "a-b" ? 0 : 1);

/** What moves and has just moved over the cables: fed by the engine's pushes, read once for each picture. */
export class Traffic {
  /** Known and not yet arrived, in no order. */
  #crossings: LineCrossing[] = [];
  readonly #glows = new Map<number, [Glow | undefined, Glow | undefined]>();
  #losses: Loss[] = [];
  readonly #rates = new Map<number, { readonly rates: readonly [number, number]; readonly wall: number }>();

  /** Takes what the engine tells. @param wall milliseconds */
  tell(crossings: readonly LineCrossing[], cables: readonly CableTraffic[], wall: number): void {
    this.#crossings.push(...crossings);
    if (this.#crossings.length > CROSSINGS_LIMIT) this.#crossings.splice(0, this.#crossings.length - CROSSINGS_LIMIT);
    const told = new Set(crossings.map((crossing) => crossing.cable * 2 + wayOf(crossing)));
    for (const { cable, frames, rates } of cables) {
      this.#rates.set(cable, { rates, wall });
      for (const way of [0, 1] as const) {
        // Frames that were too many to be told of one by one.
        if (frames[way] > 0 && !told.has(cable * 2 + way))
          this.#glow(cable, way, { wall, protocol: "", label: "", event: undefined });
      }
    }
  }

  /** Forgets all: another time, or another engine. */
  clear(): void {
    this.#crossings = [];
    this.#glows.clear();
    this.#losses = [];
    this.#rates.clear();
  }

  /** Passes over what has arrived by a virtual time while nobody looked: it leaves no trace. */
  skip(now: number): void {
    this.#crossings = this.#crossings.filter(({ arrives }) => arrives > now);
  }

  /** Moves on to a virtual time. @returns the frames that are on their way then */
  advance(now: number, wall: number): LineCrossing[] {
    const moving: LineCrossing[] = [];
    const kept: LineCrossing[] = [];
    for (const crossing of this.#crossings) {
      if (crossing.arrives > now) {
        kept.push(crossing);
        if (crossing.left <= now) moving.push(crossing);
        continue;
      }
      this.#arrived(crossing, wall);
    }
    this.#crossings = kept;
    this.#losses = this.#losses.filter((loss) => wall - loss.wall < LOSS_SHOWN);
    for (const [cable, rate] of this.#rates) if (wall - rate.wall >= RATE_SHOWN) this.#rates.delete(cable);
    for (const [cable, glows] of this.#glows) {
      if (glows.every((glow) => glow === undefined || wall - glow.wall >= AFTERGLOW)) this.#glows.delete(cable);
    }
    return moving;
  }

  #arrived(crossing: LineCrossing, wall: number): void {
    const { cable, protocol, label, event, lost, part } = crossing;
    if (lost !== undefined) {
      this.#losses.push({ crossing, wall });
      if (this.#losses.length > LOSSES_LIMIT) this.#losses.shift();
    }
    // A line glows when all of it has been crossed.
    if (part !== undefined && part[1] < 1) return;
    this.#glow(cable, wayOf(crossing), { wall, protocol, label: caption(protocol, label), event });
  }

  #glow(cable: number, way: Way, glow: Glow): void {
    const glows = this.#glows.get(cable) ?? [undefined, undefined];
    glows[way] = glow;
    this.#glows.set(cable, glows);
  }

  get glows(): ReadonlyMap<number, readonly [Glow | undefined, Glow | undefined]> {
    return this.#glows;
  }

  get losses(): readonly Loss[] {
    return this.#losses;
  }

  /** Bits per virtual second each way; nothing when the engine has not told of the cable for a while. */
  rates(cable: number, wall: number): readonly [number, number] {
    const known = this.#rates.get(cable);
    return known === undefined || wall - known.wall >= RATE_SHOWN ? NO_RATES : known.rates;
  }

  /** Whether what is drawn of the past still changes by itself. */
  get fading(): boolean {
    return this.#glows.size > 0 || this.#losses.length > 0 || this.#rates.size > 0;
  }

  /** Whether frames are on their way, or about to leave. */
  get moving(): boolean {
    return this.#crossings.length > 0;
  }
}

const NO_RATES = [0, 0] as const;

/** What a packet is called on the canvas: its protocol, and what it says unless that begins with it. */
export function caption(protocol: string, label: string): string {
  if (label === "") return protocol;
  return label.toUpperCase().startsWith(protocol.toUpperCase()) ? label : `${protocol} ${label}`;
}
