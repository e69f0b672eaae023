import type { Random } from "../base/random.ts";
import type { PacketPool } from "../packet/packet-pool.ts";
import type { Scheduler } from "../time/scheduler.ts";
import { CableDirection } from "./cable-direction.ts";
import type { CableConditions } from "./conditions.ts";
import type { Nic } from "./nic.ts";
import { NO_OFFLOAD, type Offload } from "./offload.ts";

/** Which way through a cable: from its first end to its second, back, or both. */
export type Direction = "a-b" | "b-a" | "both";

/** The conditions both ways at the start ({@link CableDirection.setConditions} for one); unless told, those of `IDEAL`. */
export interface CableOptions extends Partial<CableConditions> {
  /** Frames that may wait at each end; unless told, what the Nics have. */
  readonly queue?: number;
  /** None unless told. */
  readonly offload?: Offload;
}

export interface CableParts {
  readonly scheduler: Scheduler;
  readonly pool: PacketPool;
  /** The network's; each direction draws from its own stream, named after the cable. */
  readonly random: Random;
}

export interface CableSnapshot {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  readonly plugged: boolean;
  readonly offload: Offload;
  readonly gone: boolean;
  readonly directions: readonly { readonly conditions: CableConditions; readonly inFlight: number }[];
}

/** A cable between two Nics: full duplex, with conditions for each direction that may change as it runs. */
export class Cable {
  /** Both ends: `"pc1.eth0-hub1.1"`. */
  readonly name: string;
  readonly a: Nic;
  readonly b: Nic;
  readonly offload: Offload;
  /** From a to b, and from b to a. */
  readonly directions: readonly [CableDirection, CableDirection];
  /** Unique in the network, which sets it. */
  index = 0;
  #plugged = false;
  #connected = false;
  #gone = false;

  /** Plugs a new cable into two Nics that have none. */
  constructor(a: Nic, b: Nic, options: CableOptions & CableParts) {
    const { queue, offload = NO_OFFLOAD, scheduler, pool, random, ...conditions } = options;
    this.a = a;
    this.b = b;
    this.offload = offload;
    this.name = `${a.fullName}-${b.fullName}`;
    const direction = (from: Nic, to: Nic, way: string) => {
      const name = `cable ${this.name} ${way}`;
      return new CableDirection({ name, from, to, scheduler, pool, random: random.stream(name), offload });
    };
    this.directions = [direction(a, b, "a-b"), direction(b, a, "b-a")];
    this.setConditions("both", conditions);
    if (queue !== undefined) a.queueLimit = b.queueLimit = queue;
    for (const nic of [a, b]) nic.onSwitched.push(() => this.#connect());
    this.plug();
  }

  get plugged(): boolean {
    return this.#plugged;
  }

  /**
   * Changes some of the conditions. Frames that are on their way keep theirs, and their order; a frame that is being
   * sent ends at its old rate.
   */
  setConditions(direction: Direction, changes: Partial<CableConditions>): void {
    for (const each of this.#each(direction)) each.setConditions(changes);
  }

  /** Nothing passes from now on, and what is on its way is lost ("cable-cut"); neither end is told. */
  cut(direction: Direction = "both"): void {
    this.setConditions(direction, { cut: true });
  }

  /** Mends a {@link cut}. */
  heal(direction: Direction = "both"): void {
    this.setConditions(direction, { cut: false });
  }

  /** Pulls the cable out: both ends lose the carrier, and what waits or is on its way is lost ("no-carrier"). */
  unplug(): void {
    this.#plugged = false;
    this.#connect();
  }

  /** Plugs an unplugged cable in again; there is a carrier when both ends are on. */
  plug(): void {
    this.#plugged = !this.#gone;
    this.#connect();
  }

  /** It has been taken out of the network for good. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Pulls the cable out for good: what it was plugged into may have another. */
  remove(): void {
    this.#gone = true;
    this.unplug();
  }

  snapshot(): CableSnapshot {
    return {
      name: this.name,
      a: this.a.fullName,
      b: this.b.fullName,
      plugged: this.#plugged,
      offload: this.offload,
      gone: this.#gone,
      directions: this.directions.map(({ conditions, inFlight }) => ({ conditions, inFlight })),
    };
  }

  #connect(): void {
    const { a, b, directions } = this;
    const connected = this.#plugged && a.isOn && b.isOn;
    if (connected === this.#connected) return;
    this.#connected = connected;
    const [there, back] = directions;
    if (connected) {
      a.connect(there, back);
      b.connect(back, there);
    } else {
      for (const direction of directions) direction.clear("no-carrier");
      a.disconnect();
      b.disconnect();
    }
  }

  #each(direction: Direction): readonly CableDirection[] {
    if (direction === "both") return this.directions;
    return [this.directions[direction === "a-b" ? 0 : 1]];
  }
}
