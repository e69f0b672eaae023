import { formatEndpoint, type Port } from "../../address/endpoint.ts";
import { ANY, type IpAddress, isMulticast } from "../../address/ip.ts";
import { finish, fold, sum } from "../../base/checksum.ts";
import type { Errno } from "../../base/errno.ts";
import type { Random } from "../../base/random.ts";
import type { DeliveryFailure, Internet, Route, Transport } from "../../internet/internet.ts";
import type { Nic } from "../../link/nic.ts";
import type { Packet } from "../../packet/packet.ts";
import type { PacketPool } from "../../packet/packet-pool.ts";
import type { Scheduler } from "../../time/scheduler.ts";
import {
  checkUdpHeader,
  readUdpChecksum,
  readUdpDestinationPort,
  readUdpLength,
  readUdpSourcePort,
  UDP_HEADER_LENGTH,
  writeUdpChecksum,
  writeUdpHeader,
} from "../../wire/udp.ts";
import { chooseEphemeral } from "../ports.ts";
import { pseudoHeaderSum } from "../pseudo-header.ts";
import { UdpDemux } from "./demux.ts";
import { UdpEndpoint } from "./endpoint.ts";

/** UDP's protocol number (RFC 768). */
export const UDP_PROTOCOL = 17;

export interface UdpOptions {
  readonly internet: Internet;
  readonly random: Random;
  readonly pool: PacketPool;
  readonly scheduler: Scheduler;
}

export interface UdpSnapshot {
  readonly endpoints: readonly {
    readonly local: string;
    readonly remote: string | undefined;
    readonly waiting: { readonly datagrams: number; readonly bytes: number };
  }[];
  readonly counters: Readonly<Record<string, number>>;
}

/** The user datagram protocol of one host (RFC 768, RFC 1122 §4.1). */
export class Udp implements Transport {
  readonly counters = { received: 0, sent: 0, noSocket: 0, receiveFull: 0, malformed: 0, errorsReceived: 0 };
  readonly #internet: Internet;
  readonly #random: Random;
  readonly #pool: PacketPool;
  readonly #demux = new UdpDemux();

  constructor({ internet, random, pool }: UdpOptions) {
    this.#internet = internet;
    this.#random = random;
    this.#pool = pool;
  }

  /** A new endpoint, bound to nothing. */
  open(): UdpEndpoint {
    return new UdpEndpoint(this);
  }

  input(packet: Packet, nic: Nic) {
    const { view, start, source, destination } = packet;
    if (!checkUdpHeader(view, start, packet.end)) return this.#malformed(packet, nic, false);
    const length = readUdpLength(view, start);
    packet.end = start + length;
    if (!this.#isIntact(packet, length)) return this.#malformed(packet, nic, true);
    const port = readUdpDestinationPort(view, start);
    const sourcePort = readUdpSourcePort(view, start);
    if (packet.group) return this.#toGroup(packet, nic, port, sourcePort);
    const endpoint = this.#demux.find(destination, port, source, sourcePort);
    if (endpoint === undefined) {
      this.counters.noSocket++;
      this.#internet.reject(packet, nic, "port-unreachable", "udp-no-socket"); // RFC 1122 §4.1.3.1
    } else this.#deliver(packet, nic, endpoint);
  }

  /** A checksum of zero says that the sender computed none (RFC 768); RFC 1122 §4.1.3.4 lets us take it. */
  #isIntact({ view, start, end, source, destination }: Packet, length: number): boolean {
    if (readUdpChecksum(view, start) === 0) return true;
    return fold(sum(view, start, end, pseudoHeaderSum(source, destination, UDP_PROTOCOL, length))) === 0xffff;
  }

  #malformed(packet: Packet, nic: Nic, checksum: boolean): void {
    this.counters.malformed++;
    nic.drop(packet, checksum ? "udp-checksum" : "udp-malformed");
  }

  #deliver(packet: Packet, nic: Nic, endpoint: UdpEndpoint): void {
    if (endpoint.deliver(packet)) this.counters.received++;
    else {
      this.counters.receiveFull++;
      nic.drop(packet, "udp-receive-full");
    }
  }

  /** Every endpoint that listens gets a copy; where none does, nobody is told (RFC 1122 §3.2.2). */
  #toGroup(packet: Packet, nic: Nic, port: Port, sourcePort: Port): void {
    const endpoints = [...this.#demux.findAll(packet.destination, port, packet.source, sourcePort)];
    const last = endpoints.pop();
    if (last === undefined) {
      this.counters.noSocket++;
      nic.drop(packet, "udp-no-socket");
      return;
    }
    for (const endpoint of endpoints) this.#deliver(packet.copy(), nic, endpoint);
    this.#deliver(packet, nic, last);
  }

  /** A datagram that may be cut is never too long, so the endpoint must be one that forbids it (RFC 5927 §7). */
  isInFlight({ local, remote, view, at, end }: DeliveryFailure): boolean {
    if (end - at < UDP_HEADER_LENGTH) return false;
    const port = readUdpSourcePort(view, at);
    return this.#demux.mayHaveSentUncut(local, port, remote, readUdpDestinationPort(view, at));
  }

  /**
   * An error about a datagram of ours goes to the endpoint that is connected to its destination (RFC 1122 §4.1.3.3), when
   * it is one that will not pass by itself, as Linux without IP_RECVERR. No answer from the next hop is told, too.
   */
  failed({ kind, errno, hard, local, remote, view, at, end }: DeliveryFailure): void {
    if (end - at < UDP_HEADER_LENGTH) return;
    this.counters.errorsReceived++;
    const port = readUdpSourcePort(view, at);
    const endpoint = this.#demux.findSender(local, port, remote, readUdpDestinationPort(view, at));
    if (endpoint === undefined) return;
    const told = hard || kind === "neighbor-unresolved" || (kind === "packet-too-big" && endpoint.dontFragment);
    if (told) endpoint.fail(errno);
  }

  /** An endpoint's: the way to an address from where it is bound. Who is bound to a group sends from where the route says. */
  route(remote: IpAddress, local: IpAddress): Route | Errno {
    return this.#internet.route(remote, local !== ANY && this.#internet.isLocal(local) ? local : ANY);
  }

  /** An endpoint's: builds a datagram and sends it. */
  send(endpoint: UdpEndpoint, route: Route, port: Port, data: Uint8Array): Errno | undefined {
    const length = UDP_HEADER_LENGTH + data.length;
    const packet = this.#pool.allocate(length);
    const { view, start } = packet;
    packet.end = start + length;
    packet.bytes.set(data, start + UDP_HEADER_LENGTH);
    writeUdpHeader(view, start, endpoint.localPort, port, length);
    if (endpoint.checksum) {
      const pseudo = pseudoHeaderSum(route.local, route.remote, UDP_PROTOCOL, length);
      writeUdpChecksum(view, start, finish(sum(view, start, packet.end, pseudo)));
    }
    this.counters.sent++;
    return this.#internet.output(packet, route, UDP_PROTOCOL, endpoint);
  }

  /** An endpoint's: enters it under an address and port. */
  bind(endpoint: UdpEndpoint, address: IpAddress, port: Port): Errno | undefined {
    if (address !== ANY && !this.#internet.isLocal(address) && !this.#isGroup(address)) return "EADDRNOTAVAIL";
    const isFree = (candidate: Port) => this.#demux.isFree(address, candidate, endpoint.reuse, endpoint);
    const chosen =
      port === 0
        ? chooseEphemeral(this.#random, (candidate) => this.#demux.isFree(address, candidate, false, endpoint))
        : port;
    if (chosen === undefined || !isFree(chosen)) return "EADDRINUSE";
    endpoint.boundAddress = endpoint.localAddress = address;
    endpoint.localPort = chosen;
    this.#demux.add(endpoint);
    return undefined;
  }

  /** Whether an address is a broadcast or multicast address here. */
  #isGroup(address: IpAddress): boolean {
    if (isMulticast(address)) return true;
    const route = this.#internet.route(address);
    return typeof route !== "string" && route.group;
  }

  /** An endpoint's: changes its ends. */
  reconnect(endpoint: UdpEndpoint, change: () => void): void {
    this.#demux.remove(endpoint);
    change();
    this.#demux.add(endpoint);
  }

  /** An endpoint's: gives up its port. */
  unbind(endpoint: UdpEndpoint): void {
    this.#demux.remove(endpoint);
    endpoint.localPort = 0;
    endpoint.boundAddress = endpoint.localAddress = ANY;
  }

  snapshot(): UdpSnapshot {
    return {
      endpoints: [...this.#demux.all()].map((endpoint) => ({
        local: formatEndpoint(endpoint.localAddress, endpoint.localPort),
        remote: endpoint.connected ? formatEndpoint(endpoint.remoteAddress, endpoint.remotePort) : undefined,
        waiting: endpoint.waiting,
      })),
      counters: { ...this.counters },
    };
  }
}
