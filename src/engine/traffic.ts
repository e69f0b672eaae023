import { crossings } from "../capture/log/crossings.ts";
import type { EventLog } from "../capture/log/event-log.ts";
import { histogram } from "../capture/log/histogram.ts";
import { TrafficMeter } from "../capture/log/traffic-meter.ts";
import type { Network } from "../network/network.ts";
import { AverageRate } from "./average-rate.ts";
import { brief } from "./brief.ts";
import { flowOf } from "./flow.ts";
import type { Push } from "./protocol/messages.ts";
import type { CableTraffic, Crossing } from "./protocol/traffic.ts";
import { crossing as crossingTime } from "./slow-motion.ts";

/** What has been seen on cables between two pushes. */
export interface TrafficSeen {
  readonly now: number;
  /** The first event that is new, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** Cables on which something has changed, and all of them. */
  readonly changed: readonly CableTraffic[];
  readonly all: readonly CableTraffic[];
}

/** What goes over the cables of a network, from its event log. */
export class Traffic {
  readonly #network: Network;
  readonly #log: EventLog;
  readonly #meter: TrafficMeter;
  /** By a Nic's index: which cables it has been an end of, the last one last, since when, and which end. */
  readonly #ends = new Map<number, CableEnd[]>();
  /** By the Nic's index: what leaves it. */
  readonly #rates: AverageRate[] = [];
  #looked: number;
  #last: readonly CableTraffic[] = [];

  constructor(network: Network, log: EventLog) {
    this.#network = network;
    this.#log = log;
    this.#meter = new TrafficMeter(log, network.nics);
    this.#looked = network.now;
    this.changed();
  }

  /** There may be other cables. */
  changed(): void {
    const since = this.#network.now;
    for (const { index: cable, a, b } of this.#network.cables) {
      this.#plugged(a.index, { cable, end: 0, opposite: b.index, since });
      this.#plugged(b.index, { cable, end: 1, opposite: a.index, since });
    }
  }

  #plugged(nic: number, end: CableEnd): void {
    const ends = this.#ends.get(nic) ?? [];
    if (ends.at(-1)?.cable !== end.cable) ends.push(end);
    this.#ends.set(nic, ends);
  }

  #endAt(nic: number, at: number): CableEnd | undefined {
    return this.#ends.get(nic)?.findLast(({ since }) => since <= at);
  }

  /** What has come since the last look. @param now the virtual time that it is */
  look(now: number): TrafficSeen {
    const from = this.#meter.look();
    const elapsed = Math.max(0, now - this.#looked);
    this.#looked = now;
    const all = this.#network.allCables.map((_, index) => this.#cable(index, elapsed));
    const changed = all.filter((each, index) => isBusy(each) || !isSame(each, this.#last[index]));
    this.#last = all;
    return { now, from, to: this.#log.next, changed, all };
  }

  /**
   * As a watcher is told it.
   * @param limit crossings at most @param whole every cable, not those alone that have changed @param flows also between whom they go
   */
  push({ now, from, to, changed, all }: TrafficSeen, limit: number, whole: boolean, flows = false): Push | undefined {
    const cables = whole ? all : changed;
    if (from === to && cables.length === 0) return undefined;
    const total = all.reduce((sum, { frames }) => sum + frames[0] + frames[1], 0);
    return { type: "traffic", now, ...this.#crossings(from, to, limit, flows, total), cables };
  }

  /** What was on its way in a time that is past. */
  range(from: number, to: number, limit: number, flows = false): { crossings: Crossing[]; more: number } {
    const { allCables: cables } = this.#network;
    // What left before may still be on its way then.
    const longest = Math.max(
      0,
      ...cables.flatMap(({ directions }) => directions.map((each) => crossingTime(each, 1514))),
    );
    const early = this.#log.firstAt(Math.max(0, from - longest));
    const found = this.#crossings(early, this.#log.firstAt(to + 1), limit, flows);
    return { ...found, crossings: found.crossings.filter(({ arrives }) => arrives >= from) };
  }

  histogram(from: number, to: number, slices: number): { frames: number[]; drops: number[] } {
    return histogram(this.#log, from, Math.max(to, from + 1), slices);
  }

  #crossings(
    from: number,
    to: number,
    limit: number,
    flows: boolean,
    total?: number,
  ): { crossings: Crossing[]; more: number } {
    const opposite = (nic: number, at: number): number => this.#endAt(nic, at)?.opposite ?? -1;
    const found = crossings(this.#log, opposite, from, to, limit, total);
    return {
      more: found.more,
      crossings: found.crossings.map(({ event, nic, left, length, arrived, lost }) => {
        const { cable, end } = this.#endAt(nic, left) as CableEnd;
        const direction = this.#network.allCables[cable]?.directions[end];
        const expected = left + (direction === undefined ? 0 : crossingTime(direction, length));
        const frame = this.#log.frame(event);
        const flow = flows ? flowOf(frame) : undefined;
        return {
          event,
          cable,
          direction: end === 0 ? "a-b" : "b-a",
          left,
          arrives: arrived ?? expected,
          ...brief(frame),
          length,
          ...(lost !== undefined && { lost }),
          ...(flow !== undefined && { flow }),
        };
      }),
    };
  }

  #cable(index: number, elapsed: number): CableTraffic {
    const cable = this.#network.allCables[index] as Network["cables"][number];
    if (cable.gone) return gone(index);
    const ends = [cable.a.index, cable.b.index] as const;
    const both = <T>(of: (nic: number, way: 0 | 1) => T): readonly [T, T] => [of(ends[0], 0), of(ends[1], 1)];
    const { frames, bytes, drops } = this.#meter;
    const isOn = cable.plugged && cable.a.isOn && cable.b.isOn;
    return {
      cable: index,
      frames: both((nic) => frames[nic] ?? 0),
      bytes: both((nic) => bytes[nic] ?? 0),
      drops: both((nic) => drops[nic] ?? 0),
      rates: both((nic) => {
        this.#rates[nic] ??= new AverageRate();
        return (this.#rates[nic] as AverageRate).after(bytes[nic] ?? 0, elapsed);
      }),
      up: both((_, way) => isOn && !cable.directions[way].conditions.cut),
    };
  }
}

interface CableEnd {
  readonly cable: number;
  readonly end: 0 | 1;
  readonly opposite: number;
  /** A virtual time. */
  readonly since: number;
}

const gone = (cable: number): CableTraffic => {
  const none = [0, 0] as const;
  return { cable, frames: none, bytes: none, drops: none, rates: none, up: [false, false] };
};

const isBusy = ({ frames, drops }: CableTraffic): boolean => frames[0] + frames[1] + drops[0] + drops[1] > 0;

function isSame(one: CableTraffic, other: CableTraffic | undefined): boolean {
  return other !== undefined && !isBusy(other) && one.up[0] === other.up[0] && one.up[1] === other.up[1];
}
