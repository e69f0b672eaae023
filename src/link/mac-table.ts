import { isGroupMac, type MacAddress, readMac } from "../address/mac.ts";
import { type Duration, type Instant, seconds } from "../time/instant.ts";
import type { Nic } from "./nic.ts";

/** How long a station that sends nothing is remembered (IEEE 802.1D-2004 §7.9.2, table 7-5: Ageing Time). */
export const MAC_AGEING = seconds(300);
/** As many stations are remembered as in a common small switch; frames for any more are flooded. */
export const MAC_TABLE_LIMIT = 8192;

export interface MacTableOptions {
  /** {@link MAC_AGEING} unless told. */
  readonly ageing?: Duration;
  /** {@link MAC_TABLE_LIMIT} unless told. */
  readonly limit?: number;
}

interface Station {
  readonly mac: MacAddress;
  /** The same in two words, as it stands in a frame. */
  readonly high: number;
  readonly low: number;
  port: Nic;
  heardAt: Instant;
}

/**
 * Which station was last heard on which port: a bridge's filtering database (IEEE 802.1D-2004 §7.9). A station's age is
 * looked at when it is looked up, so that an idle table costs no events. A full table learns nobody new until somebody
 * in it has aged, as in a switch.
 */
export class MacTable {
  readonly ageing: Duration;
  readonly limit: number;
  readonly #stations = new Map<MacAddress, Station>();
  /** Frames come in runs: the last sender and the last receiver are found without a search. */
  #sender: Station | undefined;
  #receiver: Station | undefined;
  /** Nobody in the table ages before. */
  #oldestAgesAt = 0;

  constructor(options: MacTableOptions = {}) {
    this.ageing = options.ageing ?? MAC_AGEING;
    this.limit = options.limit ?? MAC_TABLE_LIMIT;
  }

  /** A frame came in by that port: learns of its sender, whose address stands at that offset. A group never sends (§7.8 (b)). */
  heard(view: DataView, at: number, port: Nic, now: Instant): void {
    const sender = this.#sender;
    if (sender !== undefined && stands(sender, view, at)) {
      sender.port = port;
      sender.heardAt = now;
      return;
    }
    const mac = readMac(view, at);
    if (!isGroupMac(mac)) this.learn(mac, port, now);
  }

  /** The port by which the station is reached whose address stands at that offset, as {@link lookup}. */
  portTo(view: DataView, at: number, now: Instant): Nic | undefined {
    const receiver = this.#receiver;
    if (receiver !== undefined && stands(receiver, view, at) && this.#isYoung(receiver, now)) return receiver.port;
    return this.lookup(readMac(view, at), now);
  }

  /** A frame from that station came in by that port (IEEE 802.1D-2004 §7.8). @param mac no group's */
  learn(mac: MacAddress, port: Nic, now: Instant): void {
    const station = this.#stations.get(mac);
    if (station !== undefined) {
      station.port = port;
      station.heardAt = now;
      this.#sender = station;
      return;
    }
    if (this.#stations.size >= this.limit) this.#forgetAged(now);
    if (this.#stations.size < this.limit) this.#stations.set(mac, stationOf(mac, port, now));
  }

  /** The port by which a station is reached, or undefined for one not heard of, or not for long. */
  lookup(mac: MacAddress, now: Instant): Nic | undefined {
    const station = this.#stations.get(mac);
    if (station === undefined) return undefined;
    if (this.#isYoung(station, now)) {
      this.#receiver = station;
      return station.port;
    }
    this.#delete(mac);
    return undefined;
  }

  /** Forgets the stations of a port, because its cable was pulled out. */
  forget(port: Nic): void {
    for (const [mac, station] of this.#stations) if (station.port === port) this.#delete(mac);
  }

  #delete(mac: MacAddress): void {
    this.#stations.delete(mac);
    this.#sender = this.#receiver = undefined;
  }

  /** Those that are remembered now, in the order in which they were learnt. */
  list(now: Instant): { readonly mac: MacAddress; readonly port: Nic; readonly heardAt: Instant }[] {
    return [...this.#stations]
      .filter(([, station]) => this.#isYoung(station, now))
      .map(([mac, { port, heardAt }]) => ({ mac, port, heardAt }));
  }

  #isYoung(station: Station, now: Instant): boolean {
    return now - station.heardAt < this.ageing;
  }

  /** Looks through all, but only when somebody may have aged: a flood of new addresses must not cost a search each. */
  #forgetAged(now: Instant): void {
    if (now < this.#oldestAgesAt) return;
    let oldest = now;
    for (const [mac, station] of this.#stations) {
      if (!this.#isYoung(station, now)) this.#delete(mac);
      else if (station.heardAt < oldest) oldest = station.heardAt;
    }
    this.#oldestAgesAt = oldest + this.ageing;
  }
}

function stationOf(mac: MacAddress, port: Nic, heardAt: Instant): Station {
  return { mac, high: Math.floor(mac / 2 ** 32), low: mac | 0, port, heardAt };
}

const stands = ({ high, low }: Station, view: DataView, at: number): boolean =>
  view.getInt32(at + 2) === low && view.getUint16(at) === high;
