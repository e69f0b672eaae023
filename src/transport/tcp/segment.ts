import type { IpAddress } from "../../address/ip.ts";
import { ANY } from "../../address/ip.ts";
import { finish, sum } from "../../base/checksum.ts";
import type { DropReason } from "../../packet/drop-reason.ts";
import type { Packet } from "../../packet/packet.ts";
import * as tcp from "../../wire/tcp.ts";
import { TcpOptions } from "../../wire/tcp-options.ts";
import { pseudoHeaderSum } from "../pseudo-header.ts";

/** A segment that arrived, in the words of RFC 9293 §3.3.1. One object is filled again and again. */
export class Segment {
  localAddress: IpAddress = ANY;
  remoteAddress: IpAddress = ANY;
  localPort = 0;
  remotePort = 0;
  /** SEG.SEQ; moves forward when the front of the data is trimmed. */
  seq = 0;
  ack = 0;
  flags = 0;
  /** A router on the way marked it: CE (RFC 3168 §5). */
  congestionExperienced = false;
  /** The window field, not scaled. */
  window = 0;
  /** Of a segment with URG: how far behind `seq` the urgent data ends. */
  urgentPointer = 0;
  readonly options = new TcpOptions();
  /** The data: a range of `bytes`. */
  bytes: Uint8Array = NOTHING;
  start = 0;
  end = 0;

  /** Whether any of the flags is set. */
  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }

  /** Bytes of data. */
  get dataLength(): number {
    return this.end - this.start;
  }

  /** SEG.LEN: data, and one each for SYN and FIN. */
  get length(): number {
    return this.end - this.start + (this.flags & tcp.SYN ? 1 : 0) + (this.flags & tcp.FIN ? 1 : 0);
  }

  /** Reads a packet whose `start` is the TCP header. @returns why it must be dropped, or undefined */
  read(packet: Packet): DropReason | undefined {
    const { view, start, end } = packet;
    if (!tcp.isWellFormed(view, start, end)) return "tcp-malformed";
    // A sum still to be filled in never crossed a wire: it is right by construction (offload).
    if (packet.checksumAt === 0) {
      const pseudo = pseudoHeaderSum(packet.source, packet.destination, tcp.TCP_PROTOCOL, end - start);
      if (finish(sum(view, start, end, pseudo)) !== 0) return "tcp-checksum"; // RFC 9293 §3.1 (MUST-3)
    }
    this.localAddress = packet.destination;
    this.remoteAddress = packet.source;
    this.localPort = tcp.destinationPort(view, start);
    this.remotePort = tcp.sourcePort(view, start);
    this.seq = tcp.sequenceNumber(view, start);
    this.ack = tcp.acknowledgmentNumber(view, start);
    this.flags = tcp.flags(view, start);
    this.window = tcp.windowField(view, start);
    this.urgentPointer = this.flags & tcp.URG ? tcp.urgentPointer(view, start) : 0;
    this.congestionExperienced = (packet.trafficClass & 3) === 3;
    this.bytes = packet.bytes;
    this.start = start + tcp.headerLength(view, start);
    this.end = end;
    // Options may come in any segment (MUST-5).
    this.options.read(view, start + tcp.TCP_HEADER, this.start);
    return undefined;
  }
}

const NOTHING = new Uint8Array(0);
