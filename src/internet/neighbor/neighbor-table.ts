import { formatIp, type IpAddress } from "../../address/ip.ts";
import { formatMac, type MacAddress } from "../../address/mac.ts";
import type { Random } from "../../base/random.ts";
import type { Nic } from "../../link/nic.ts";
import type { Packet } from "../../packet/packet.ts";
import { PacketQueue } from "../../packet/packet-queue.ts";
import { after, type Duration, type Instant, NEVER, seconds } from "../../time/instant.ts";
import type { Scheduler } from "../../time/scheduler.ts";
import { Timer } from "../../time/timer.ts";
import { Neighbor, type NeighborState } from "./neighbor.ts";

/** Values by name; all are Linux's defaults (Documentation/networking/ip-sysctl, `neigh/default`). */
export interface NeighborSettings {
  /** Mean time a confirmed neighbour counts as reachable; drawn between half and one and a half of it. */
  readonly reachableTime: Duration;
  /** How long a hint from above is waited for before a stale neighbour in use is asked. */
  readonly delayBeforeProbe: Duration;
  readonly retransmitTime: Duration;
  /** Questions before a neighbour counts as unreachable, broadcast and unicast alike. */
  readonly probeLimit: number;
  /** Two answers closer together than this are a conflict, and the first stands (Linux `locktime`). */
  readonly lockTime: Duration;
  /** Packets parked for one neighbour: a datagram of any length, even in fragments. The newest are kept (RFC 1122 §2.3.2.2). */
  readonly parkedLimit: number;
  /** Neighbours of one interface (Linux `gc_thresh3`). The least recently used makes room. */
  readonly entryLimit: number;
}

export const NEIGHBOR_SETTINGS: NeighborSettings = {
  reachableTime: seconds(30),
  delayBeforeProbe: seconds(5),
  retransmitTime: seconds(1),
  probeLimit: 3,
  lockTime: seconds(1),
  parkedLimit: 256,
  entryLimit: 1024,
};

/** Asks who has an address: ARP for IPv4, neighbour solicitation for IPv6. */
export interface NeighborProtocol {
  readonly etherType: number;
  /** @param mac whom to ask; undefined asks everybody on the link */
  ask(address: IpAddress, mac: MacAddress | undefined): void;
  /** Takes over a packet that waited in vain. It stands at its network header. */
  unresolved(packet: Packet): void;
  /** A neighbour went out of reach or came back. */
  changed(address: IpAddress): void;
}

export interface NeighborSnapshot {
  readonly address: string;
  readonly mac: string | undefined;
  readonly state: NeighborState;
  readonly parked: number;
}

export interface NeighborTableOptions {
  readonly nic: Nic;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly protocol: NeighborProtocol;
  readonly settings?: Partial<NeighborSettings> | undefined;
}

/** The neighbours of one interface and what is known of them. Of no family: IPv6's discovery uses the same states. */
export class NeighborTable {
  readonly #nic: Nic;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #protocol: NeighborProtocol;
  readonly #settings: NeighborSettings;
  readonly #entries = new Map<IpAddress, Neighbor>();
  readonly #timerName: string;

  constructor({ nic, scheduler, random, protocol, settings }: NeighborTableOptions) {
    this.#nic = nic;
    this.#scheduler = scheduler;
    this.#random = random;
    this.#protocol = protocol;
    this.#settings = { ...NEIGHBOR_SETTINGS, ...settings };
    this.#timerName = `neighbor ${nic.fullName}`;
  }

  get(address: IpAddress): Neighbor | undefined {
    return this.#entries.get(address);
  }

  /** The neighbour of that address; a new one is not asked for before it is sent to. */
  find(address: IpAddress): Neighbor {
    const known = this.#entries.get(address);
    if (known !== undefined) return known;
    if (this.#entries.size >= this.#settings.entryLimit) this.#evict();
    const neighbor = new Neighbor(address, new Timer(this.#timerName, () => this.#expire(neighbor)));
    neighbor.usedAt = neighbor.updatedAt = this.#scheduler.now;
    this.#entries.set(address, neighbor);
    return neighbor;
  }

  /** Sends a packet that stands at its network header to a neighbour of this table, or parks it. Takes it over. */
  send(neighbor: Neighbor, packet: Packet) {
    const now = this.#scheduler.now;
    neighbor.usedAt = now;
    if (now >= neighbor.usableUntil && !this.#ready(neighbor, now)) return this.#park(neighbor, packet);
    neighbor.push(packet);
    this.#nic.transmit(packet);
  }

  /** Whether packets may go out now; starts the questions that are due. */
  #ready(neighbor: Neighbor, now: Instant): boolean {
    const { delayBeforeProbe, probeLimit } = this.#settings;
    switch (neighbor.state) {
      case "REACHABLE": // aged since it was last used
      case "STALE":
        this.#become(neighbor, "DELAY");
        this.#arm(neighbor, after(now, delayBeforeProbe));
        return true;
      case "NONE":
      case "FAILED":
        neighbor.probes = 0;
        this.#become(neighbor, "INCOMPLETE");
        if (probeLimit > 0) this.#ask(neighbor, undefined);
        return false;
      case "INCOMPLETE":
        return false;
      default:
        return true;
    }
  }

  #park(neighbor: Neighbor, packet: Packet): void {
    neighbor.parked.push(packet);
    if (neighbor.parked.count <= this.#settings.parkedLimit) return;
    const oldest = neighbor.parked.shift();
    if (oldest !== null) this.#nic.drop(oldest, "neighbor-queue-full");
  }

  /**
   * Somebody said which MAC address a neighbour has.
   * @param solicited as an answer to our question
   * @param create a new neighbour is entered; else only a known one is updated
   */
  heard(address: IpAddress, mac: MacAddress, solicited: boolean, create: boolean): void {
    const neighbor = create ? this.find(address) : this.#entries.get(address);
    if (neighbor === undefined) return;
    const now = this.#scheduler.now;
    const { state } = neighbor;
    if (state === "PERMANENT") return;
    const known = isKnown(state);
    const moved = known && neighbor.mac !== mac;
    if (moved && now < after(neighbor.updatedAt, this.#settings.lockTime)) return;
    if (!known || moved) {
      neighbor.setHeader(mac, this.#nic.mac, this.#protocol.etherType);
      neighbor.updatedAt = now;
    }
    if (solicited) this.#confirmed(neighbor, now);
    else if (!known || moved) this.#become(neighbor, "STALE");
    if (state === "FAILED") this.#protocol.changed(address);
    this.#release(neighbor);
  }

  /** A hint that the neighbour is alive (RFC 1122 §2.3.2.1 (4)). */
  confirm(neighbor: Neighbor): void {
    if (isKnown(neighbor.state) && neighbor.state !== "PERMANENT") this.#confirmed(neighbor, this.#scheduler.now);
  }

  /** A hint that the neighbour is dead: it is asked at once, by unicast (RFC 1122 §3.3.1.4). */
  doubt(neighbor: Neighbor): void {
    const { state } = neighbor;
    if (!isKnown(state) || state === "PERMANENT" || state === "PROBE") return;
    neighbor.probes = 0;
    this.#become(neighbor, "PROBE");
    this.#ask(neighbor, neighbor.mac);
  }

  #confirmed(neighbor: Neighbor, now: Instant): void {
    const { reachableTime } = this.#settings;
    // A busy conversation confirms with every segment: nothing is gained while the entry is fresh.
    if (neighbor.state === "REACHABLE" && neighbor.usableUntil - now > reachableTime / 2) return;
    neighbor.probes = 0;
    this.#become(neighbor, "REACHABLE");
    neighbor.usableUntil = after(now, Math.round(reachableTime * (0.5 + this.#random.real())));
  }

  /** Sends what was parked. */
  #release(neighbor: Neighbor): void {
    const { parked } = neighbor;
    if (parked.count === 0) return;
    neighbor.parked = new PacketQueue();
    for (let packet = parked.shift(); packet !== null; packet = parked.shift()) this.send(neighbor, packet);
  }

  #expire(neighbor: Neighbor): void {
    if (neighbor.state === "DELAY") {
      neighbor.probes = 0;
      this.#become(neighbor, "PROBE");
    }
    if (neighbor.probes >= this.#settings.probeLimit) this.#fail(neighbor);
    else this.#ask(neighbor, neighbor.state === "PROBE" ? neighbor.mac : undefined);
  }

  #ask(neighbor: Neighbor, mac: MacAddress | undefined): void {
    neighbor.probes++;
    this.#arm(neighbor, after(this.#scheduler.now, this.#settings.retransmitTime));
    this.#protocol.ask(neighbor.address, mac);
  }

  #fail(neighbor: Neighbor): void {
    this.#become(neighbor, "FAILED");
    this.#protocol.changed(neighbor.address);
    const { parked } = neighbor;
    if (parked.count === 0) return;
    neighbor.parked = new PacketQueue();
    for (let packet = parked.shift(); packet !== null; packet = parked.shift()) this.#protocol.unresolved(packet);
  }

  #become(neighbor: Neighbor, state: NeighborState): void {
    neighbor.state = state;
    if (neighbor.timer !== undefined) this.#scheduler.disarm(neighbor.timer);
    // A timer watches over those two; packets go out meanwhile.
    neighbor.usableUntil = state === "DELAY" || state === "PROBE" ? NEVER : (-1 as Instant);
  }

  #arm(neighbor: Neighbor, at: Instant): void {
    if (neighbor.timer !== undefined) this.#scheduler.arm(neighbor.timer, at);
  }

  /** Makes room: a neighbour that failed goes first, else the one unused for longest. */
  #evict(): void {
    let victim: Neighbor | undefined;
    for (const neighbor of this.#entries.values()) {
      if (victim === undefined || evictedBefore(neighbor, victim)) victim = neighbor;
    }
    if (victim !== undefined) this.#remove(victim);
  }

  #remove(neighbor: Neighbor): void {
    this.#entries.delete(neighbor.address);
    this.#become(neighbor, "FAILED");
    neighbor.detached = true;
    for (let packet = neighbor.parked.shift(); packet !== null; packet = neighbor.parked.shift()) {
      this.#nic.drop(packet, "neighbor-unresolved");
    }
  }

  /** Enters a neighbour that is never asked for, and that nobody changes by what they say. */
  set(address: IpAddress, mac: MacAddress): void {
    const neighbor = this.find(address);
    neighbor.setHeader(mac, this.#nic.mac, this.#protocol.etherType);
    this.#become(neighbor, "PERMANENT");
    neighbor.usableUntil = NEVER;
    this.#release(neighbor);
    this.#protocol.changed(address);
  }

  /** Forgets a neighbour: who sends to it asks anew. @returns false when it is not there */
  forget(address: IpAddress): boolean {
    const neighbor = this.#entries.get(address);
    if (neighbor !== undefined) this.#remove(neighbor);
    return neighbor !== undefined;
  }

  /** Forgets everybody: the link went down. */
  flush(): void {
    for (const neighbor of [...this.#entries.values()]) this.#remove(neighbor);
  }

  snapshot(): NeighborSnapshot[] {
    const now = this.#scheduler.now;
    return [...this.#entries.values()].map(({ address, mac, state, parked, usableUntil }) => ({
      address: formatIp(address),
      mac: isKnown(state) ? formatMac(mac) : undefined,
      state: state === "REACHABLE" && now >= usableUntil ? "STALE" : state,
      parked: parked.count,
    }));
  }
}

/** Whether the MAC address is known. */
function isKnown(state: NeighborState): boolean {
  return state !== "NONE" && state !== "INCOMPLETE" && state !== "FAILED";
}

function evictedBefore(one: Neighbor, other: Neighbor): boolean {
  const failed = one.state === "FAILED";
  if (failed !== (other.state === "FAILED")) return failed;
  return one.usedAt < other.usedAt;
}
