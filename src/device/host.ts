import { formatEndpoint } from "../address/endpoint.ts";
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
