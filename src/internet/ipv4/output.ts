import { type IpAddress, isMulticast } from "../../address/ip.ts";
import { assert } from "../../base/assert.ts";
import type { Errno } from "../../base/errno.ts";
import { cutSegment, longestPiece, piecesOf } from "../../link/segmentation.ts";
import { fillInChecksum } from "../../packet/checksum-mark.ts";
import type { Packet } from "../../packet/packet.ts";
import type { PacketPool } from "../../packet/packet-pool.ts";
import type { Scheduler } from "../../time/scheduler.ts";
import { ETHERNET_HEADER_LENGTH, ETHERTYPE_IPV4, writeEthernetHeader } from "../../wire/ethernet.ts";
import {
  IPV4_DONT_FRAGMENT,
  IPV4_HEADER_LENGTH,
  IPV4_MAX_HEADER_LENGTH,
  IPV4_MAX_LENGTH,
  rewriteIpv4Header,
  writeIpv4Header,
} from "../../wire/ipv4.ts";
import { OPTION_END } from "../../wire/ipv4-options.ts";
import type { OutputOptions } from "../internet.ts";
import { fragment } from "./fragment.ts";
import type { Identifications } from "./identification.ts";
import type { Interface } from "./interface.ts";
import type { Ipv4Route } from "./route.ts";
import type { Routes } from "./routes.ts";

export interface OutputParts {
  readonly pool: PacketPool;
  readonly scheduler: Scheduler;
  readonly routes: Routes;
  readonly identifications: Identifications;
  readonly loopback: Interface;
  /** Whether the host itself listens to a multicast address. */
  readonly isMember: (group: IpAddress) => boolean;
}

/** The way down: IPv4 header, fragments, next hop. */
export class Output {
  readonly counters = { sent: 0, fragmentsSent: 0 };
  readonly #pool: PacketPool;
  readonly #scheduler: Scheduler;
  readonly #routes: Routes;
  readonly #identifications: Identifications;
  readonly #loopback: Interface;
  readonly #isMember: (group: IpAddress) => boolean;

  constructor({ pool, scheduler, routes, identifications, loopback, isMember }: OutputParts) {
    this.#pool = pool;
    this.#scheduler = scheduler;
    this.#routes = routes;
    this.#identifications = identifications;
    this.#loopback = loopback;
    this.#isMember = isMember;
  }

  /** Takes over a packet that stands at its transport header. */
  send(packet: Packet, route: Ipv4Route, protocol: number, options: OutputOptions): Errno | undefined {
    const { hopLimit, trafficClass, headerOptions } = options;
    assert(hopLimit > 0, "a datagram is never sent with a time to live of 0"); // RFC 1122 §3.2.1.7
    if (route.generation !== this.#routes.generation) {
      const refusal = this.#routes.renew(route);
      if (refusal !== undefined) {
        route.nic.drop(packet, "ip-no-route");
        return refusal;
      }
    }
    const dontFragment = options.dontFragment === true || (options.dontFragment === "want" && !route.pathMtuFloored);
    if (headerOptions !== undefined) pushOptions(packet, headerOptions);
    const length = packet.end - packet.start + IPV4_HEADER_LENGTH;
    const tooLong = length > route.mtu && longestPiece(packet, packet.start) + IPV4_HEADER_LENGTH > route.mtu;
    if (length > IPV4_MAX_LENGTH || (tooLong && dontFragment)) {
      route.nic.drop(packet, "ip-fragmentation-needed");
      return "EMSGSIZE";
    }
    const { local, remote } = route;
    // A datagram that is never cut needs no identification (RFC 6864 §4.1).
    const identification = dontFragment ? 0 : this.#identifications.next(local, remote, protocol, piecesOf(packet));
    const word = dontFragment ? IPV4_DONT_FRAGMENT : 0;
    const at = packet.push(IPV4_HEADER_LENGTH);
    packet.network = at;
    const { view } = packet;
    writeIpv4Header(view, at, length, trafficClass, identification, word, hopLimit, protocol, local, remote);
    if (headerOptions !== undefined) {
      rewriteIpv4Header(view, at, IPV4_HEADER_LENGTH + paddedLength(headerOptions), length, word);
    }
    this.counters.sent++;
    if (route.group) this.#toOurselves(packet, remote);
    if (tooLong) this.cut(packet, route, route.mtu);
    else this.transmit(packet, route);
    return undefined;
  }

  /** Takes over a datagram from its IPv4 header on and hands it to the next hop's link. */
  transmit(packet: Packet, route: Ipv4Route) {
    let { neighbor } = route;
    const { now } = this.#scheduler;
    if (now >= neighbor.usableUntil) {
      const { arp } = route.via;
      assert(arp !== undefined, "only a link that resolves neighbours has one that is not usable");
      if (neighbor.detached) neighbor = route.neighbor = arp.table.find(route.nextHop);
      return arp.table.send(neighbor, packet);
    }
    neighbor.usedAt = now;
    neighbor.push(packet);
    route.nic.transmit(packet);
  }

  /** Takes over a datagram that is too long for its link and may be cut; a large segment first into segments. */
  cut(packet: Packet, route: Ipv4Route, mtu: number): void {
    if (packet.segmentSize > 0) {
      cutSegment(this.#pool, packet, packet.start, (piece) => {
        if (piece.length > mtu) this.cut(piece, route, mtu);
        else this.transmit(piece, route);
      });
      return;
    }
    if (packet.checksumAt !== 0) fillInChecksum(packet);
    fragment(this.#pool, packet, mtu, (piece) => {
      this.counters.fragmentsSent++;
      this.transmit(piece, route);
    });
  }

  /** What goes to a group that we belong to comes back to us as well, as on Linux. */
  #toOurselves(packet: Packet, remote: IpAddress): void {
    if (isMulticast(remote) && !this.#isMember(remote)) return;
    const copy = packet.copy();
    const { nic } = this.#loopback;
    const at = copy.push(ETHERNET_HEADER_LENGTH);
    writeEthernetHeader(copy.view, at, nic.mac, nic.mac, ETHERTYPE_IPV4);
    nic.transmit(copy);
  }
}

/** Puts options between the header to come and the payload, filled up to whole words (RFC 791 §3.1, "Padding"). */
function pushOptions(packet: Packet, options: Uint8Array): void {
  const padded = paddedLength(options);
  assert(padded <= IPV4_MAX_HEADER_LENGTH - IPV4_HEADER_LENGTH, "a header has room for 40 bytes of options");
  const at = packet.push(padded);
  packet.bytes.fill(OPTION_END, at + options.length, at + padded);
  packet.bytes.set(options, at);
}

function paddedLength(options: Uint8Array): number {
  return (options.length + 3) & ~3;
}
