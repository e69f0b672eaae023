import { ip } from "../../../src/address/ip.ts";
import { finish, sum } from "../../../src/base/checksum.ts";
import type { Packet } from "../../../src/packet/packet.ts";
import type { PacketPool } from "../../../src/packet/packet-pool.ts";
import { pseudoHeaderSum } from "../../../src/transport/pseudo-header.ts";
import type { Connection } from "../../../src/transport/tcp/connection.ts";
import * as wire from "../../../src/wire/tcp.ts";
import { writeTimestamps } from "../../../src/wire/tcp-options.ts";
import type { Ends } from "./ends.ts";

const HERE = ip("10.0.0.3");
const ISS = 0x7fff0000;

/** A peer without a TCP: its segments are made up, in answer to what it is sent or to nothing. */
export class Script {
  #lastIss = 0;

  /** Takes in what the hosts send it: of a SYN-ACK it remembers the number. */
  saw(packet: Packet): void {
    const { view, start } = packet;
    if (wire.flags(view, start) & wire.SYN) this.#lastIss = wire.sequenceNumber(view, start);
    packet.release();
  }

  /** Sends a SYN to a port, or the ACK of its SYN-ACK. */
  open(ends: Ends, end: number, port: number, variant: number, acknowledges: boolean): void {
    const to = ends.addresses[end] as (typeof ends.addresses)[0];
    const from = 1000 + (variant & 1);
    const packet = ends.pool.allocate(0);
    const flags = acknowledges ? wire.ACK : wire.SYN;
    const seq = acknowledges ? ISS + 1 : ISS;
    const at = packet.push(wire.TCP_HEADER);
    wire.writeHeader(packet.view, at, from, port, seq, acknowledges ? (this.#lastIss + 1) | 0 : 0, 20, flags, 5000, 0);
    this.#seal(packet, to);
    ends.arrive(end, packet);
  }

  /** What a peer would send next: SYN-ACK, data, an acknowledgment, FIN. */
  answer(pool: PacketPool, c: Connection, how: number): Packet {
    const opening = c.state === "SYN-SENT";
    const data = opening || how % 3 !== 0 ? 0 : 1 + (how % 700);
    const packet = pool.allocate(data);
    packet.end = packet.start + data;
    packet.bytes.fill(how & 255, packet.start, packet.end);
    const stamps = c.timestamps && !opening ? 12 : 0;
    const at = packet.push(wire.TCP_HEADER + stamps);
    if (stamps > 0) writeTimestamps(packet.view, at + 20, (c.tsRecent + 1) | 0, c.timestampAt(c.now));
    const flags = wire.ACK | (opening ? wire.SYN : 0) | (how % 11 === 0 ? wire.FIN : 0);
    const seq = opening ? ISS : (c.rcvNxt + (how % 7 === 0 ? 100 : 0)) | 0;
    const ack = how % 5 === 0 ? c.sndUna : c.sndNxt;
    const window = how % 13 === 0 ? 0 : 1000 + how * 10;
    wire.writeHeader(packet.view, at, c.remotePort, c.localPort, seq, ack, 20 + stamps, flags, window, 0);
    this.#seal(packet, c.localAddress);
    return packet;
  }

  #seal(packet: Packet, to: Connection["localAddress"]): void {
    packet.source = HERE;
    packet.destination = to;
    const pseudo = pseudoHeaderSum(HERE, to, wire.TCP_PROTOCOL, packet.length);
    packet.view.setUint16(packet.start + wire.CHECKSUM_AT, finish(sum(packet.view, packet.start, packet.end, pseudo)));
  }
}
