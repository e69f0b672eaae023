import { type IpAddress, ip } from "../../../src/address/ip.ts";
import { Random } from "../../../src/base/random.ts";
import type { Packet } from "../../../src/packet/packet.ts";
import { PacketPool } from "../../../src/packet/packet-pool.ts";
import { Scheduler } from "../../../src/time/scheduler.ts";
import type { TcpSettings } from "../../../src/transport/tcp/settings.ts";
import { Tcp } from "../../../src/transport/tcp/tcp.ts";
import { WireInternet } from "../../fixtures/tcp.ts";

/** More packets on their way than this, and the oldest is lost. */
const FLIGHT_LIMIT = 400;

/** Two TCPs whose packets wait, each in the row of whom it is for, until the test delivers them, drops them, or worse. */
export class Ends {
  readonly scheduler = new Scheduler();
  readonly pool = new PacketPool();
  readonly addresses: readonly IpAddress[] = [ip("10.0.0.1"), ip("10.0.0.2")];
  readonly internets: readonly WireInternet[];
  readonly tcps: readonly Tcp[];
  /** Packets on their way to each. */
  readonly flight: Packet[][] = [[], []];
  /** Packets to addresses that are neither. */
  elsewhere: (packet: Packet) => void = (packet) => packet.release();
  sent = 0;

  constructor(seed: number, settings: Partial<TcpSettings> = {}) {
    const { scheduler, pool, addresses } = this;
    const random = new Random(seed);
    this.internets = addresses.map((here, index) => {
      const internet = new WireInternet(here, addresses[1 - index] as IpAddress, scheduler, pool);
      internet.sent = (packet) => this.#send(packet);
      return internet;
    });
    this.tcps = this.internets.map(
      (internet, index) =>
        new Tcp({ name: `host${index}`, internet, scheduler, pool, random: random.stream(`${index}`), settings }),
    );
  }

  #send(packet: Packet): void {
    this.sent++;
    const to = this.addresses.indexOf(packet.destination);
    const row = this.flight[to];
    if (row === undefined) {
      this.elsewhere(packet);
      return;
    }
    row.push(packet);
    if (row.length > FLIGHT_LIMIT) row.shift()?.release();
  }

  /** Hands a packet to an end. */
  arrive(to: number, packet: Packet): void {
    (this.tcps[to] as Tcp).input(packet, (this.internets[to] as WireInternet).nic);
  }

  /** Takes a packet off its way; undefined when there is none. */
  take(to: number, index = 0): Packet | undefined {
    return (this.flight[to] as Packet[]).splice(index, 1)[0];
  }

  /** Delivers all that is on its way, and what comes of that, round after round. */
  deliverAll(rounds = 100): void {
    for (let round = 0; round < rounds; round++) {
      if (this.flight.every((row) => row.length === 0)) return;
      for (const to of [0, 1]) {
        for (const packet of (this.flight[to] as Packet[]).splice(0)) this.arrive(to, packet);
      }
    }
  }

  /** Loses all that is on its way. */
  clear(): void {
    for (const row of this.flight) for (const packet of row.splice(0)) packet.release();
  }
}
