import { formatIp } from "../../address/ip.ts";
import type { MacAddress } from "../../address/mac.ts";
import { Random } from "../../base/random.ts";
import { Host } from "../../device/host.ts";
import { Cable } from "../../link/cable.ts";
import { Nic } from "../../link/nic.ts";
import type { Packet } from "../../packet/packet.ts";
import { PacketPool } from "../../packet/packet-pool.ts";
import { Scheduler } from "../../time/scheduler.ts";
import type { TcpSettings } from "../../transport/tcp/settings.ts";
import { ETHERNET_HEADER_LENGTH, ETHERTYPE_IPV4, readEtherType, writeEthernetHeader } from "../../wire/ethernet.ts";
import * as icmp from "../../wire/icmpv4.ts";
import { IPV4_MAX_LENGTH, PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP } from "../../wire/ipv4.ts";
import * as tcp from "../../wire/tcp.ts";
import { type Ends, pushIp, pushSegment, pushUdp, readDatagram, type Seen } from "./frame.ts";
import type { Numbering } from "./numbering.ts";
import type { ScriptSettings } from "./options.ts";
import type { IcmpPacket, ScriptPacket } from "./script.ts";
import { ScriptError } from "./script-error.ts";
import { encodeTcpOptions } from "./tcp-option.ts";

const FAR_MAC = 0x02_00_00_00_00_02 as MacAddress;

/** The host under test, and at the other end of its one cable whoever the script speaks for. */
export class FarEnd {
  readonly scheduler = new Scheduler();
  readonly host: Host;
  /** What the host sent and nobody has looked at, the earliest first; what could not be read is told in words. */
  readonly seen: (Seen | string)[] = [];
  readonly #pool = new PacketPool();
  readonly #nic: Nic;
  readonly #hostNic: Nic;

  constructor(settings: ScriptSettings, tcpSettings: Partial<TcpSettings>) {
    const { scheduler } = this;
    const pool = this.#pool;
    const random = new Random(1, "packet script");
    this.host = new Host({ name: "host", scheduler, pool, random, tcpSettings });
    const { mtu, localAddress, prefixLength, gateway } = settings;
    // A line of two resolves no neighbours: every packet on it is one of the script's.
    this.#hostNic = this.host.addNic("eth0", { medium: "pointToPoint", mtu });
    const refused = this.host.configure(this.#hostNic, localAddress, prefixLength);
    if (refused !== undefined)
      throw new ScriptError(0, `no host can have the address ${formatIp(localAddress)}/${prefixLength}`);
    this.host.addRoute("0.0.0.0/0", { gateway, nic: this.#hostNic });
    // A script may send more at once than the host can.
    const far = { device: "far", name: "eth0", mac: FAR_MAC, mtu: IPV4_MAX_LENGTH };
    this.#nic = new Nic({ ...far, medium: "pointToPoint", scheduler, pool });
    this.#nic.promiscuous = true;
    this.#nic.receiver = (packet) => this.#receive(packet);
    new Cable(this.#hostNic, this.#nic, { scheduler, pool, random });
  }

  /** Settings for the connections and sockets to come, as `sysctl` sets them. */
  configure(changes: Partial<TcpSettings> | undefined): void {
    this.host.tcp.settings = { ...this.host.tcp.settings, ...changes };
  }

  #receive(packet: Packet): void {
    if (readEtherType(packet.view, packet.start) === ETHERTYPE_IPV4) {
      packet.pull(ETHERNET_HEADER_LENGTH);
      this.seen.push(readDatagram(packet, this.scheduler.now));
      this.scheduler.wake();
    }
    packet.release();
  }

  /** Sends a packet of the script, its numbers made those of the wire. It arrives once time goes on. */
  send(script: ScriptPacket, ends: Ends, numbering: Numbering): void {
    const size = script.kind === "icmp" ? (script.about?.length ?? 0) : script.length;
    const packet = this.#pool.allocate(size);
    packet.bytes.fill(0, packet.start, packet.start + size);
    packet.end = packet.start + size;
    if (script.kind === "icmp") this.#pushIcmp(packet, script, ends, numbering);
    else if (script.kind === "udp") pushUdp(packet, ends);
    else {
      const acknowledges = (script.flags & tcp.ACK) !== 0;
      const ack = acknowledges ? numbering.toLive(script.ack ?? 0) : (script.ack ?? 0) | 0;
      const options = encodeTcpOptions(numbering.optionsToLive(script.options ?? [], acknowledges));
      pushSegment(packet, { ...script, sequence: script.sequence | 0, ack }, options, ends);
    }
    const protocol = { tcp: PROTOCOL_TCP, udp: PROTOCOL_UDP, icmp: PROTOCOL_ICMP }[script.kind];
    pushIp(packet, script.ip, protocol, ends.remoteAddress, ends.localAddress);
    writeEthernetHeader(packet.view, packet.push(ETHERNET_HEADER_LENGTH), this.#hostNic.mac, FAR_MAC, ETHERTYPE_IPV4);
    this.#nic.transmit(packet);
  }

  /** An ICMP message and in it the beginning of the packet that it is about: 28 bytes, as RFC 792 has it. */
  #pushIcmp(packet: Packet, script: IcmpPacket, ends: Ends, numbering: Numbering): void {
    const { about, mtu } = script;
    if (about !== undefined) {
      const sequence = numbering.toLive(about.sequence);
      if (about.protocol === "udp") pushUdp(packet, ends, true);
      else {
        const segment = { flags: tcp.ACK, sequence, ack: 0, window: 0, urgent: 0 };
        pushSegment(packet, segment, [], ends, true);
      }
      const protocol = about.protocol === "udp" ? PROTOCOL_UDP : PROTOCOL_TCP;
      pushIp(packet, {}, protocol, ends.localAddress, ends.remoteAddress);
      packet.end = packet.start + QUOTED;
    }
    const at = packet.push(icmp.ICMP_HEADER_LENGTH);
    icmp.writeIcmp(packet.view, at, packet.end, script.type, script.code, mtu ?? 0);
  }
}

const QUOTED = 28;
