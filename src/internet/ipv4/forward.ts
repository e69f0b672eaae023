import { isReserved } from "../../address/ip.ts";
import type { Nic } from "../../link/nic.ts";
import { longestPiece } from "../../link/segmentation.ts";
import type { Packet } from "../../packet/packet.ts";
import {
  EXCEEDED_IN_TRANSIT,
  ICMP_TIME_EXCEEDED,
  ICMP_UNREACHABLE,
  UNREACHABLE_FRAGMENTATION_NEEDED,
  UNREACHABLE_HOST,
  UNREACHABLE_NETWORK,
  UNREACHABLE_PROHIBITED,
} from "../../wire/icmpv4.ts";
import {
  decrementIpv4HopLimit,
  IPV4_DONT_FRAGMENT,
  IPV4_HEADER_LENGTH,
  readIpv4Fragment,
  readIpv4HeaderLength,
  readIpv4HopLimit,
} from "../../wire/ipv4.ts";
import type { Icmpv4 } from "../icmpv4/icmp.ts";
import { recordHere } from "./options.ts";
import type { Output } from "./output.ts";
import type { Routes } from "./routes.ts";

export interface ForwarderParts {
  readonly routes: Routes;
  readonly output: Output;
  readonly icmp: Icmpv4;
}

/** Passes on what is for others: the router's part (RFC 1812 §5.2.1). */
export class Forwarder {
  readonly counters = { forwarded: 0 };
  readonly #routes: Routes;
  readonly #output: Output;
  readonly #icmp: Icmpv4;

  constructor({ routes, output, icmp }: ForwarderParts) {
    this.#routes = routes;
    this.#output = output;
    this.#icmp = icmp;
  }

  /** Takes over a packet whose header was checked and whose `source`, `destination` and `group` are set. */
  forward(packet: Packet, nic: Nic) {
    const { view, start, destination } = packet;
    // A frame for everybody would come back from every router of the link (RFC 1812 §5.3.4).
    if (packet.group) return nic.drop(packet, "ip-broadcast-not-forwarded");
    if (isReserved(destination)) return nic.drop(packet, "ip-not-local"); // RFC 1812 §5.3.7
    // What is reported is quoted as it came, so the errors come before the changes.
    if (readIpv4HopLimit(view, start) <= 1) {
      this.#icmp.sendError(packet, ICMP_TIME_EXCEEDED, EXCEEDED_IN_TRANSIT);
      return nic.drop(packet, "ip-ttl-expired");
    }
    const route = this.#routes.to(destination);
    if (typeof route === "string") return this.#refuse(packet, nic, route);
    const mtu = route.via.mtu; // a path MTU of our own is no limit to others' datagrams
    const tooLong = longestPiece(packet, start) > mtu;
    if (tooLong && readIpv4Fragment(view, start) & IPV4_DONT_FRAGMENT) {
      this.#icmp.sendError(packet, ICMP_UNREACHABLE, UNREACHABLE_FRAGMENTATION_NEEDED, mtu); // RFC 1191 §4
      return nic.drop(packet, "ip-fragmentation-needed");
    }
    decrementIpv4HopLimit(view, start);
    const headerLength = readIpv4HeaderLength(view, start);
    if (headerLength > IPV4_HEADER_LENGTH) {
      recordHere(view, start, headerLength, route.via.addressTowards(route.nextHop), nic.scheduler.now);
    }
    this.counters.forwarded++;
    if (tooLong) this.#output.cut(packet, route, mtu);
    else this.#output.transmit(packet, route);
  }

  /** RFC 1812 §5.2.7.1. A blackhole says nothing. */
  #refuse(packet: Packet, nic: Nic, refusal: string) {
    if (refusal === "EACCES") {
      this.#icmp.sendError(packet, ICMP_UNREACHABLE, UNREACHABLE_PROHIBITED);
      return nic.drop(packet, "ip-prohibited");
    }
    if (refusal === "ENETUNREACH") this.#icmp.sendError(packet, ICMP_UNREACHABLE, UNREACHABLE_NETWORK);
    else if (refusal === "EHOSTUNREACH") this.#icmp.sendError(packet, ICMP_UNREACHABLE, UNREACHABLE_HOST);
    nic.drop(packet, "ip-no-route");
  }
}
