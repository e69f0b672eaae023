import type { CableDirection } from "../../link/cable-direction.ts";
import type { Duration } from "../../time/instant.ts";
import type { Input } from "../input-log.ts";
import type { Network } from "../network.ts";

const DOOR = "packet";

/** What is done to one frame that is on its way. */
export interface PacketFault {
  /** The Nic that it has left, by its index. */
  readonly nic: number;
  readonly packet: number;
  readonly do: "drop" | "duplicate" | "delay";
  /** For how long it is held back, in nanoseconds. */
  readonly by: number;
}

/** Faults that somebody chooses for single frames on their way over a cable. Each is an input, so that a replay does it again. */
export class PacketFaults {
  readonly #network: Network;
  /** Called when one was done, or the frame was not on its way any more. */
  onDone: (done: boolean) => void = () => {};

  /** To be made once for a network, before a record is replayed on it. */
  constructor(network: Network) {
    this.#network = network;
    network.inputs.door(DOOR, (input) => this.onDone(this.#take(input)));
  }

  /** @returns false when it was refused, as inputs are */
  submit({ nic, packet, do: what, by }: PacketFault): boolean {
    const where = new TextEncoder().encode(JSON.stringify([nic, by]));
    return this.#network.inputs.submit(DOOR, what, where, packet);
  }

  #take({ kind, number, bytes }: Input): boolean {
    const [nic, by] = JSON.parse(new TextDecoder().decode(bytes)) as [number, number];
    const way = this.#network.nics[nic]?.line;
    return way !== undefined && done(way, kind, number, by as Duration);
  }
}

function done(way: CableDirection, kind: string, packet: number, by: Duration): boolean {
  if (kind === "drop") return way.take(packet);
  if (kind === "duplicate") return way.duplicate(packet);
  return way.holdUp(packet, by);
}
