import { ZERO_MAC } from "../address/mac.ts";
import { LOOPBACK_MTU, Nic } from "../link/nic.ts";
import type { Packet } from "../packet/packet.ts";
import type { PacketPool } from "../packet/packet-pool.ts";
import type { Scheduler } from "../time/scheduler.ts";
import type { Device, DeviceSnapshot } from "./device.ts";
import { flood } from "./flood.ts";

export interface HubOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly pool: PacketPool;
  /** Ports at the start, named from `"1"`; none unless told. */
  readonly ports?: number;
}

export interface HubSnapshot extends DeviceSnapshot {
  readonly collisions: number;
}

/**
 * A hub (IEEE 802.3 §9, a repeater): what comes in by one port goes out by all others, bad FCS and all.
 *
 * On a real one all stations share one medium, and two frames at a time destroy each other, are noticed and sent again
 * after a random wait (CSMA/CD). Here every cable is full duplex, no station listens before it sends, and a frame is
 * repeated when it has come in whole, so nothing is destroyed: both frames pass, and the hub only counts what would have
 * been a collision. A frame collides when it began to come in before a frame of another port had ended; each such frame
 * counts once. How long a frame takes to come in follows from the rate of its cable, so on cables without one nothing
 * ever collides.
 */
export class Hub implements Device {
  readonly kind = "hub";
  readonly name: string;
  /** Frames that came in while another port's still did. */
  collisions = 0;
  readonly #scheduler: Scheduler;
  readonly #pool: PacketPool;
  readonly #ports: Nic[] = [];
  /** By port, when its last frame had come in. */
  readonly #ends = new Map<Nic, number>();

  constructor(options: HubOptions) {
    this.name = options.name;
    this.#scheduler = options.scheduler;
    this.#pool = options.pool;
    for (let count = options.ports ?? 0; count > 0; count--) this.addPort();
  }

  get nics(): readonly Nic[] {
    return this.#ports;
  }

  /** Another port. @param name the next number unless told */
  addPort(name = `${this.#ports.length + 1}`): Nic {
    const port = new Nic({
      device: this.name,
      name,
      mac: ZERO_MAC,
      // It repeats bits, however many.
      mtu: LOOPBACK_MTU,
      isRelay: true,
      scheduler: this.#scheduler,
      pool: this.#pool,
    });
    port.promiscuous = port.acceptsFcsErrors = true;
    port.receiver = (packet) => this.#repeat(packet, port);
    this.#ports.push(port);
    return port;
  }

  snapshot(): HubSnapshot {
    const { name, kind, collisions } = this;
    return { name, kind, collisions, nics: this.#ports.map((port) => port.snapshot()) };
  }

  #repeat(packet: Packet, arrival: Nic): void {
    const { now } = this.#scheduler;
    const began = now - arrival.receptionTime(packet.length);
    for (const [port, end] of this.#ends) {
      if (port === arrival || end <= began) continue;
      this.collisions++;
      break;
    }
    this.#ends.set(arrival, now);
    flood(packet, arrival, this.#ports);
  }
}
