import { formatMac, ZERO_MAC } from "../address/mac.ts";
import { MacTable, type MacTableOptions } from "../link/mac-table.ts";
import { Nic } from "../link/nic.ts";
import type { Packet } from "../packet/packet.ts";
import type { PacketPool } from "../packet/packet-pool.ts";
import type { Scheduler } from "../time/scheduler.ts";
import { DESTINATION_AT, ETHERNET_MTU, isGroupFrame, SOURCE_AT } from "../wire/ethernet.ts";
import type { Device, DeviceSnapshot } from "./device.ts";
import { flood } from "./flood.ts";

export interface SwitchOptions extends MacTableOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly pool: PacketPool;
  /** Ports at the start, named from `"1"`; none unless told. */
  readonly ports?: number;
  /** The longest payload it passes on; {@link ETHERNET_MTU} unless told. */
  readonly mtu?: number;
}

export interface SwitchSnapshot extends DeviceSnapshot {
  /** Stations and the ports by which they are reached; the age is in nanoseconds. */
  readonly table: readonly { readonly mac: string; readonly port: string; readonly age: number }[];
}

/**
 * A switch: a bridge with many ports (IEEE 802.1D-2004 §7), without a spanning tree. It takes in whole frames with a good
 * FCS, learns from their source which station is behind which port, and sends each to its station's port, or floods it
 * when that is not known. It takes no time over it: a frame goes on at the instant at which its last bit has come in, and
 * waits where its port is busy.
 */
export class Switch implements Device {
  readonly kind = "switch";
  readonly name: string;
  readonly #scheduler: Scheduler;
  readonly #pool: PacketPool;
  readonly #mtu: number;
  readonly #ports: Nic[] = [];
  readonly #table: MacTable;

  constructor(options: SwitchOptions) {
    this.name = options.name;
    this.#scheduler = options.scheduler;
    this.#pool = options.pool;
    this.#mtu = options.mtu ?? ETHERNET_MTU;
    this.#table = new MacTable(options);
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
      mtu: this.#mtu,
      isRelay: true,
      scheduler: this.#scheduler,
      pool: this.#pool,
    });
    port.promiscuous = true;
    port.receiver = (packet) => this.#relay(packet, port);
    port.onCarrier.push((up) => {
      if (!up) this.#table.forget(port);
    });
    this.#ports.push(port);
    return port;
  }

  snapshot(): SwitchSnapshot {
    const { name, kind } = this;
    const { now } = this.#scheduler;
    const table = this.#table
      .list(now)
      .map(({ mac, port, heardAt }) => ({ mac: formatMac(mac), port: port.name, age: now - heardAt }));
    return { name, kind, table, nics: this.#ports.map((port) => port.snapshot()) };
  }

  #relay(packet: Packet, arrival: Nic): void {
    const { view, start } = packet;
    const { now } = this.#scheduler;
    this.#table.heard(view, start + SOURCE_AT, arrival, now);
    const port = isGroupFrame(view, start) ? undefined : this.#table.portTo(view, start + DESTINATION_AT, now);
    if (port === undefined) flood(packet, arrival, this.#ports);
    else if (port === arrival) arrival.drop(packet, "same-port");
    else port.transmit(packet);
  }
}
