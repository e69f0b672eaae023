import { formatIp, type IpAddress } from "../../address/ip.ts";
import { after, type Duration, type Instant, minutes } from "../../time/instant.ts";
import type { Scheduler } from "../../time/scheduler.ts";
import { Timer } from "../../time/timer.ts";
import { IPV4_MIN_MTU } from "../../wire/ipv4.ts";

/** After so long a larger datagram is tried again (RFC 1191 §6.3). */
export const PATH_MTU_AGE: Duration = minutes(10);
/** Destinations remembered; the oldest makes room. */
export const PATH_MTU_LIMIT = 1024;

/**
 * A path is never believed to carry less (Linux `net.ipv4.route.min_pmtu`), lest a forged error make a host cut its data
 * into crumbs. Where a router says less, datagrams of this length go without "don't fragment" and are cut on their way,
 * but those of a sender that insists on it. A link of our own may carry less: its MTU is the owner's word.
 */
export const PATH_MTU_FLOOR = 552;

/** MTUs of links there are, for a router that names none (RFC 1191 §7.1, table 7-1). */
const PLATEAUS = [65_535, 32_000, 17_914, 8166, 4352, 2002, 1492, 1006, 508, 296, IPV4_MIN_MTU];

interface Entry {
  readonly mtu: number;
  /** The path is said to carry less. */
  readonly floored: boolean;
  readonly until: Instant;
}

/** The path MTUs learned from "fragmentation needed", by destination (RFC 1191). */
export class PathMtus {
  readonly #scheduler: Scheduler;
  readonly #changed: () => void;
  /** In the order in which they expire. */
  readonly #entries = new Map<IpAddress, Entry>();
  readonly #timer: Timer;

  /** @param changed called when what {@link get} or {@link isFloored} gives has changed */
  constructor(scheduler: Scheduler, name: string, changed: () => void) {
    this.#scheduler = scheduler;
    this.#changed = changed;
    this.#timer = new Timer(`path MTU ${name}`, () => this.#expire());
  }

  /** The MTU of the path to an address; infinite when nothing is known. */
  get(address: IpAddress): number {
    return this.#entries.get(address)?.mtu ?? Number.POSITIVE_INFINITY;
  }

  /** Whether the path to an address is said to carry less than {@link get} gives. */
  isFloored(address: IpAddress): boolean {
    return this.#entries.get(address)?.floored ?? false;
  }

  /**
   * A datagram was too long for a link on its way.
   * @param length of that datagram
   * @param nextHopMtu what the router says; 0 when it says nothing
   * @returns the path MTU from now on, or undefined when the report makes no sense
   */
  learn(address: IpAddress, length: number, nextHopMtu: number): number | undefined {
    const known = this.get(address);
    const wasFloored = this.isFloored(address);
    const guess = PLATEAUS.find((plateau) => plateau < length) ?? IPV4_MIN_MTU;
    const claim = nextHopMtu === 0 ? guess : nextHopMtu;
    // A path carries 68 bytes (RFC 791 §3.2), and a datagram that would have fitted was not refused for its length.
    if (claim < IPV4_MIN_MTU || claim >= length) return undefined;
    const mtu = Math.max(claim, PATH_MTU_FLOOR);
    const floored = wasFloored || claim < PATH_MTU_FLOOR;
    if (mtu > known) return known;
    this.#entries.delete(address);
    if (this.#entries.size >= PATH_MTU_LIMIT) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
    this.#entries.set(address, { mtu, floored, until: after(this.#scheduler.now, PATH_MTU_AGE) });
    this.#arm();
    if (mtu !== known || floored !== wasFloored) this.#changed();
    return mtu;
  }

  #expire(): void {
    for (const [address, { until }] of this.#entries) {
      if (until > this.#scheduler.now) break;
      this.#entries.delete(address);
    }
    this.#arm();
    this.#changed();
  }

  #arm(): void {
    const [first] = this.#entries.values();
    if (first === undefined) this.#scheduler.disarm(this.#timer);
    else if (this.#timer.at !== first.until) this.#scheduler.arm(this.#timer, first.until);
  }

  snapshot(): { readonly destination: string; readonly mtu: number; readonly until: Instant }[] {
    return [...this.#entries].map(([address, { mtu, until }]) => ({ destination: formatIp(address), mtu, until }));
  }
}
