import { finish, sum } from "../../base/checksum.ts";
import { ACK, CHECKSUM_AT, ECE, SYN, TCP_HEADER, TCP_PROTOCOL, writeHeader } from "../../wire/tcp.ts";
import {
  type SynOptions,
  synOptionsLength,
  TIMESTAMPS_LENGTH,
  writeSynOptions,
  writeTimestamps,
} from "../../wire/tcp-options.ts";
import { pseudoHeaderSum } from "../pseudo-header.ts";
import { firstWindow, type Request, scaleToOffer, segmentSizeToOffer } from "./request.ts";
import { add } from "./sequence.ts";
import type { Tcp } from "./tcp.ts";

/** Answers a SYN (RFC 9293 §3.10.7.2). @param value of the timestamp, if the peer offered one */
export function sendSynAck(tcp: Tcp, r: Request, value: number): void {
  const { settings } = r.listener;
  const options: SynOptions = {
    maximumSegmentSize: segmentSizeToOffer(r.route, settings),
    windowScale: r.windowScale >= 0 ? scaleToOffer(settings) : undefined,
    sackPermitted: r.sackPermitted,
    timestamps: r.timestamps,
  };
  const header = TCP_HEADER + synOptionsLength(options);
  const flags = SYN | ACK | (r.ecnCapable ? ECE : 0);
  const packet = tcp.pool.allocate(0);
  const at = packet.push(header);
  writeHeader(
    packet.view,
    at,
    r.localPort,
    r.remotePort,
    r.iss,
    add(r.irs, 1),
    header,
    flags,
    firstWindow(r.route, settings),
    0,
  );
  writeSynOptions(packet.view, at + TCP_HEADER, options, value, r.timestampValue);
  seal(tcp, r, packet);
}

/** Says where a request stands, in answer to a segment that is none of its handshake; or, with RST, that it is no more. */
export function sendRequestAck(tcp: Tcp, r: Request, value: number, flags = ACK): void {
  const { settings } = r.listener;
  const header = TCP_HEADER + (r.timestamps ? TIMESTAMPS_LENGTH : 0);
  const packet = tcp.pool.allocate(0);
  const at = packet.push(header);
  const window = firstWindow(r.route, settings) >> (r.windowScale >= 0 ? scaleToOffer(settings) : 0);
  writeHeader(packet.view, at, r.localPort, r.remotePort, add(r.iss, 1), add(r.irs, 1), header, flags, window, 0);
  if (r.timestamps) writeTimestamps(packet.view, at + TCP_HEADER, value, r.timestampValue);
  seal(tcp, r, packet);
}

/** Fills the checksum in (MUST-2) and hands the packet to the network layer. */
function seal(tcp: Tcp, r: Request, packet: ReturnType<Tcp["pool"]["allocate"]>): void {
  const { hopLimit, trafficClass } = r.listener.settings;
  const pseudo = pseudoHeaderSum(r.localAddress, r.remoteAddress, TCP_PROTOCOL, packet.length);
  packet.view.setUint16(packet.start + CHECKSUM_AT, finish(sum(packet.view, packet.start, packet.end, pseudo)));
  tcp.internet.output(packet, r.route, TCP_PROTOCOL, { hopLimit, trafficClass, dontFragment: "want" });
}
