import { ANY, BROADCAST, type IpAddress, isLoopback, isMulticast } from "../../address/ip.ts";
import { BROADCAST_MAC, isGroupMac, type MacAddress, ZERO_MAC } from "../../address/mac.ts";
import type { Random } from "../../base/random.ts";
import type { Nic } from "../../link/nic.ts";
import type { Packet } from "../../packet/packet.ts";
import type { PacketPool } from "../../packet/packet-pool.ts";
import type { Scheduler } from "../../time/scheduler.ts";
import { Timer } from "../../time/timer.ts";
import {
  ARP_LENGTH,
  ARP_REPLY,
  ARP_REQUEST,
  checkArp,
  readArpOperation,
  readArpSender,
  readArpSenderMac,
  readArpTarget,
  readArpTargetMac,
  writeArp,
} from "../../wire/arp.ts";
import { ETHERNET_HEADER_LENGTH, ETHERTYPE_ARP, ETHERTYPE_IPV4, writeEthernetHeader } from "../../wire/ethernet.ts";
import { type NeighborSettings, NeighborTable } from "./neighbor-table.ts";

/** What ARP asks of the layer it serves. */
export interface ArpOwner {
  /** Whether an address is this host's own: it answers for all of them on each interface, as Linux does. */
  isLocal(address: IpAddress): boolean;
  /** The address of this interface from which to ask for a neighbour; ANY when it has none. */
  askFrom(target: IpAddress, nic: Nic): IpAddress;
  /** Takes over a packet whose next hop did not answer; it stands at its network header. */
  unresolved(packet: Packet, nic: Nic): void;
  /** A next hop went out of reach or came back. */
  neighborChanged(address: IpAddress): void;
}

export interface ArpOptions {
  readonly nic: Nic;
  readonly scheduler: Scheduler;
  readonly pool: PacketPool;
  readonly random: Random;
  readonly owner: ArpOwner;
  readonly settings?: Partial<NeighborSettings> | undefined;
}

/** The address resolution protocol (RFC 826) of one interface. */
export class Arp {
  readonly table: NeighborTable;
  readonly counters = { requestsSent: 0, repliesSent: 0, received: 0, conflicts: 0 };
  readonly #nic: Nic;
  readonly #pool: PacketPool;
  readonly #owner: ArpOwner;
  readonly #scheduler: Scheduler;
  readonly #toAnnounce = new Set<IpAddress>();
  readonly #announcement: Timer;

  constructor({ nic, scheduler, pool, random, owner, settings }: ArpOptions) {
    this.#nic = nic;
    this.#pool = pool;
    this.#owner = owner;
    this.#scheduler = scheduler;
    this.#announcement = new Timer(`arp ${nic.fullName}`, () => this.#announceAll());
    this.table = new NeighborTable({
      nic,
      scheduler,
      random,
      settings,
      protocol: {
        etherType: ETHERTYPE_IPV4,
        ask: (address, mac) => this.#ask(address, mac),
        unresolved: (packet) => owner.unresolved(packet, nic),
        changed: (address) => owner.neighborChanged(address),
      },
    });
  }

  /** Takes over a frame's payload: the packet's `start` is the ARP header. */
  input(packet: Packet) {
    const { view, start } = packet;
    if (!checkArp(view, start, packet.end)) return this.#nic.drop(packet, "arp-malformed");
    const operation = readArpOperation(view, start);
    const senderMac = readArpSenderMac(view, start);
    const sender = readArpSender(view, start);
    const target = readArpTarget(view, start);
    const known = operation === ARP_REQUEST || operation === ARP_REPLY;
    if (!known || !isHost(sender, senderMac) || isLoopback(target) || isMulticast(target)) {
      return this.#nic.drop(packet, "arp-malformed");
    }
    const answersUs = operation === ARP_REPLY && readArpTargetMac(view, start) === this.#nic.mac;
    packet.release();
    this.counters.received++;
    this.#learn(operation, sender, senderMac, target, answersUs);
    if (operation === ARP_REQUEST && target !== ANY && this.#owner.isLocal(target) && sender !== target) {
      this.counters.repliesSent++;
      this.#send(ARP_REPLY, senderMac, target, senderMac, sender);
    }
  }

  #learn(operation: number, sender: IpAddress, mac: MacAddress, target: IpAddress, answersUs: boolean): void {
    if (sender === ANY) return; // a probe for a free address says nothing of its sender (RFC 5227 §1.1)
    if (this.#owner.isLocal(sender)) {
      if (mac !== this.#nic.mac) this.counters.conflicts++; // RFC 5227 §2.4
      return;
    }
    // RFC 826, "Packet Reception": a known sender is updated, an unknown one entered only when we are the target.
    const create = operation === ARP_REQUEST && target !== sender && this.#owner.isLocal(target);
    this.table.heard(sender, mac, answersUs, create);
  }

  /**
   * Tells the link that an address is ours now (RFC 5227 §2.3). By an event of its own: a network is built first, its
   * cables get their conditions and its taps are put on; then it speaks.
   */
  announce(address: IpAddress): void {
    this.#toAnnounce.add(address);
    if (!this.#announcement.armed) this.#scheduler.arm(this.#announcement, this.#scheduler.now);
  }

  #announceAll(): void {
    for (const address of this.#toAnnounce) {
      if (!this.#nic.carrier || !this.#owner.isLocal(address)) continue;
      this.counters.requestsSent++;
      this.#send(ARP_REQUEST, BROADCAST_MAC, address, ZERO_MAC, address);
    }
    this.#toAnnounce.clear();
  }

  #ask(address: IpAddress, mac: MacAddress | undefined): void {
    this.counters.requestsSent++;
    this.#send(ARP_REQUEST, mac ?? BROADCAST_MAC, this.#owner.askFrom(address, this.#nic), ZERO_MAC, address);
  }

  #send(operation: number, to: MacAddress, sender: IpAddress, targetMac: MacAddress, target: IpAddress): void {
    const packet = this.#pool.allocate(ARP_LENGTH);
    packet.end = packet.start + ARP_LENGTH;
    packet.network = packet.start;
    writeArp(packet.view, packet.start, operation, this.#nic.mac, sender, targetMac, target);
    const at = packet.push(ETHERNET_HEADER_LENGTH);
    writeEthernetHeader(packet.view, at, to, this.#nic.mac, ETHERTYPE_ARP);
    this.#nic.transmit(packet);
  }
}

/** Whether a sender can be one host (RFC 1122 §3.2.1.3); the address of a probe, 0.0.0.0, may stand. */
function isHost(sender: IpAddress, mac: MacAddress): boolean {
  return sender !== BROADCAST && !isMulticast(sender) && !isLoopback(sender) && !isGroupMac(mac) && mac !== ZERO_MAC;
}
