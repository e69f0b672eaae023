import { type IpAddress, parseIp } from "../address/ip.ts";
import { type MacAddress, ZERO_MAC } from "../address/mac.ts";
import { type Prefix, parsePrefix } from "../address/prefix.ts";
import type { Errno } from "../base/errno.ts";
import type { Random } from "../base/random.ts";
import { Ipv4, type Ipv4Snapshot, type RouteTarget } from "../internet/ipv4/ipv4.ts";
import { type Medium, Nic } from "../link/nic.ts";
import type { Packet } from "../packet/packet.ts";
import type { PacketPool } from "../packet/packet-pool.ts";
import { VirtualSockets } from "../socket/virtual.ts";
import type { Scheduler } from "../time/scheduler.ts";
import type { TcpSettings } from "../transport/tcp/settings.ts";
import type { TcpSnapshot } from "../transport/tcp/snapshot.ts";
import { Tcp } from "../transport/tcp/tcp.ts";
import { Udp, type UdpSnapshot } from "../transport/udp/udp.ts";
import {
  ETHERNET_HEADER_LENGTH,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  isGroupFrame,
  readEtherType,
} from "../wire/ethernet.ts";
import { PROTOCOL_TCP, PROTOCOL_UDP } from "../wire/ipv4.ts";
import type { Device, DeviceKind, DeviceSnapshot } from "./device.ts";

export interface HostOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  /** The network's; the host draws from its own stream of it. */
  readonly random: Random;
  readonly pool: PacketPool;
  /** Passes on what is for others; a router does. */
  readonly forwarding?: boolean | undefined;
  readonly tcpSettings?: Partial<TcpSettings> | undefined;
}

export interface HostNicOptions {
  /** Drawn from the host's stream, locally administered, unless given. */
  readonly mac?: MacAddress | undefined;
  readonly mtu?: number | undefined;
  readonly medium?: Exclude<Medium, "loopback"> | undefined;
  readonly queueLimit?: number | undefined;
}

export interface HostSnapshot extends DeviceSnapshot {
  readonly ipv4: Ipv4Snapshot;
  readonly udp: UdpSnapshot;
  readonly tcp: TcpSnapshot;
}

/** A box with a TCP/IP stack, on which programs run: interfaces, IPv4, ICMP, UDP, TCP and sockets, plugged together. */
export class Host implements Device {
  readonly name: string;
  readonly kind: DeviceKind;
  readonly internet: Ipv4;
  readonly udp: Udp;
  readonly tcp: Tcp;
  readonly sockets: VirtualSockets;
  /** `lo`: on its way to an address of its own, a packet goes by here. */
  readonly loopback: Nic;
  readonly #scheduler: Scheduler;
  readonly #pool: PacketPool;
  readonly #random: Random;
  readonly #nics: Nic[] = [];

  constructor(options: HostOptions) {
    const { name, scheduler, pool, forwarding = false } = options;
    this.name = name;
    this.kind = forwarding ? "router" : "host";
    this.#scheduler = scheduler;
    this.#pool = pool;
    this.#random = options.random.stream(name);
    const random = this.#random;
    this.loopback = new Nic({ device: name, name: "lo", mac: ZERO_MAC, medium: "loopback", scheduler, pool });
    this.#plug(this.loopback);
    const { loopback } = this;
    this.internet = new Ipv4({ name, scheduler, pool, random, loopback, forwarding });
    const { internet } = this;
    this.udp = new Udp({ internet, random: random.stream("udp"), pool, scheduler });
    this.tcp = new Tcp({ name, internet, scheduler, random, pool, settings: options.tcpSettings });
    internet.register(PROTOCOL_UDP, this.udp);
    internet.register(PROTOCOL_TCP, this.tcp);
    this.sockets = new VirtualSockets({ tcp: this.tcp, udp: this.udp, icmp: internet.icmp.raw, scheduler });
  }

  get nics(): readonly Nic[] {
    return this.#nics;
  }

  /** Puts in a network interface card. */
  addNic(name = `eth${this.#nics.length - 1}`, options: HostNicOptions = {}): Nic {
    const { mtu, medium, queueLimit } = options;
    const nic = new Nic({
      device: this.name,
      name,
      mac: options.mac ?? drawMac(this.#random.stream(`mac ${name}`)),
      scheduler: this.#scheduler,
      pool: this.#pool,
      ...(mtu === undefined ? {} : { mtu }),
      ...(medium === undefined ? {} : { medium }),
      ...(queueLimit === undefined ? {} : { queueLimit }),
    });
    this.#plug(nic);
    this.internet.addInterface(nic);
    return nic;
  }

  /** Takes a network interface card out. Its cable is out already. */
  removeNic(nic: Nic): void {
    const index = this.#nics.indexOf(nic);
    if (index < 0 || nic === this.loopback) return;
    this.#nics.splice(index, 1);
    this.internet.removeInterface(nic);
    nic.receiver = undefined;
  }

  /** Ends all that its stack still does for programs that have ended: as when a machine loses its power. */
  crash(): void {
    for (const connection of [...this.tcp.connections]) connection.abort();
  }

  /**
   * Gives a Nic an address: `configure(nic, "10.0.0.1", 24)`.
   * @returns EINVAL when it is none a host can have, EADDRINUSE when the Nic has it already
   */
  configure(nic: Nic, address: string | IpAddress, prefixLength: number): Errno | undefined {
    const parsed = addressOf(address);
    return parsed === undefined ? "EINVAL" : this.internet.configure(nic, parsed, prefixLength);
  }

  /**
   * Adds a route: `addRoute("0.0.0.0/0", "10.0.0.254")`.
   * @returns EINVAL for what is no prefix or address, ENETUNREACH when the gateway is on no network of ours, EADDRINUSE
   */
  addRoute(prefix: string | Prefix, gateway: string | IpAddress | RouteTarget): Errno | undefined {
    const network = typeof prefix === "string" ? parsePrefix(prefix)?.prefix : prefix;
    if (network === undefined) return "EINVAL";
    if (typeof gateway === "object") return this.internet.addRoute(network, gateway);
    const next = addressOf(gateway);
    return next === undefined ? "EINVAL" : this.internet.addRoute(network, { gateway: next });
  }

  #plug(nic: Nic): void {
    this.#nics.push(nic);
    nic.receiver = this.#receive;
    nic.onBatchEnd = this.#batchEnded;
  }

  /** EtherType is the seam between link and network. */
  readonly #receive = (packet: Packet, nic: Nic): void => {
    const { view, start } = packet;
    const type = readEtherType(view, start);
    // On a line of two every frame is for the other end.
    const group = nic.medium === "broadcast" && isGroupFrame(view, start);
    packet.pull(ETHERNET_HEADER_LENGTH);
    if (type === ETHERTYPE_IPV4) this.internet.receive(packet, nic, group);
    else if (type === ETHERTYPE_ARP) this.internet.receiveArp(packet, nic);
    else {
      packet.start = start;
      nic.drop(packet, "unknown-ethertype");
    }
  };

  readonly #batchEnded = (): void => this.tcp.batchEnded();

  snapshot(): HostSnapshot {
    const { name, kind } = this;
    return {
      name,
      kind,
      nics: this.#nics.map((nic) => nic.snapshot()),
      ipv4: this.internet.snapshot(),
      udp: this.udp.snapshot(),
      tcp: this.tcp.snapshot(),
    };
  }
}

function addressOf(address: string | IpAddress): IpAddress | undefined {
  return typeof address === "string" ? parseIp(address) : address;
}

/** A unicast address of the locally administered space (IEEE 802 §8.4). */
function drawMac(random: Random): MacAddress {
  return (0x020000000000 + random.below(0x100) * 2 ** 32 + random.uint32()) as MacAddress;
}
