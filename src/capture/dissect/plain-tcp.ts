import { ACK, FIN, RST, SYN } from "../../wire/tcp.ts";
import type { FieldValue } from "./field.ts";
import { Notes } from "./frame-table.ts";
import type { PlainFrame } from "./plain-frame.ts";
import {
  both,
  inFrame,
  inPayload,
  offsetOf,
  payloadBytes,
  portFrom,
  portTo,
  present,
  type Read,
  type Readers,
} from "./plain-reading.ts";
import type { TcpAnalysis } from "./tcp-analysis.ts";

const flags = ({ headers: { payload } }: PlainFrame): number => payload.view.getUint16(payload.start + 12) & 0x0fff;
const flag = (bit: number): Read => inFrame(1, (frame) => (flags(frame) & bit) !== 0);
/** Octets of data. */
const length = ({ tcpHeader, headers: { payload } }: PlainFrame): number => payload.end - payload.start - tcpHeader;

const analysis = ({ pass, conversation }: PlainFrame): TcpAnalysis | undefined => pass.analyses[conversation.id];

/** The raw number at which relative ones begin. */
function base(frame: PlainFrame, own: boolean): number {
  const { conversation, headers, number } = frame;
  const direction = conversation.directionOf(headers);
  return analysis(frame)?.flows[own === (direction === 0) ? 0 : 1].baseAt(number) ?? 0;
}

const rawSequence = ({ headers: { payload } }: PlainFrame): number => payload.view.getUint32(payload.start + 4);
const rawAcknowledgment = ({ headers: { payload } }: PlainFrame): number => payload.view.getUint32(payload.start + 8);
const sequence = (frame: PlainFrame): number => (rawSequence(frame) - base(frame, true)) >>> 0;

function next(frame: PlainFrame): number {
  const bits = flags(frame);
  const control = ((bits & SYN) !== 0 ? 1 : 0) + ((bits & FIN) !== 0 ? 1 : 0);
  return (sequence(frame) + length(frame) + control) >>> 0;
}

function acknowledgment(frame: PlainFrame): number {
  const raw = rawAcknowledgment(frame);
  return (flags(frame) & ACK) === 0 ? raw : (raw - base(frame, false)) >>> 0;
}

const shift = ({ pass, number }: PlainFrame): number => pass.table.shift[number] ?? -1;

/** The window of a SYN is not scaled (RFC 7323 §2.2). */
function window(frame: PlainFrame): number {
  const { view, start } = frame.headers.payload;
  const said = view.getUint16(start + 14);
  return (flags(frame) & SYN) === 0 && shift(frame) > 0 ? said * 2 ** shift(frame) : said;
}

/** What has a value only when it is above 0. */
const positive =
  (value: (frame: PlainFrame) => number): Read =>
  (frame, give) => {
    const found = value(frame);
    if (found > 0) give(found, 0);
  };

const notes = ({ pass, number }: PlainFrame): number => pass.table.notes[number] as number;
const acknowledges = ({ pass, number }: PlainFrame): number => pass.table.acknowledges[number] as number;
const inFlight = ({ pass, number }: PlainFrame): number => pass.table.inFlight[number] as number;
const pushed = ({ pass, number }: PlainFrame): number => pass.table.pushed[number] as number;
const initialRtt = (frame: PlainFrame): number => analysis(frame)?.initialRtt ?? -1;

/** Whether there is anything to say under `tcp.analysis`. */
const isAnalysed = (frame: PlainFrame): boolean =>
  notes(frame) !== 0 ||
  acknowledges(frame) > 0 ||
  inFlight(frame) > 0 ||
  pushed(frame) > 0 ||
  (inFlight(frame) < 0 && initialRtt(frame) >= 0);

const noted = (bit: number): Read => present((frame) => (notes(frame) & bit) !== 0);
/** What is known of a segment that was noted to be something. */
const detail =
  (bit: number, value: (known: { rto: number; rtoFrame: number }) => FieldValue): Read =>
  (frame, give) => {
    const known = frame.pass.details.get(frame.number);
    if ((notes(frame) & bit) !== 0 && known !== undefined && known.rtoFrame > 0) give(value(known), 0);
  };
const duplicate =
  (value: (frame: PlainFrame) => number | undefined): Read =>
  (frame, give) => {
    if ((notes(frame) & Notes.duplicateAck) !== 0) give(value(frame) ?? 0, 0);
  };

const ANALYSIS: Readers = {
  "tcp.analysis": present(isAnalysed),
  "tcp.analysis.flags": present((frame) => notes(frame) !== 0),
  "tcp.analysis.retransmission": noted(Notes.retransmission),
  "tcp.analysis.fast_retransmission": noted(Notes.fastRetransmission),
  "tcp.analysis.spurious_retransmission": noted(Notes.spuriousRetransmission),
  "tcp.analysis.out_of_order": noted(Notes.outOfOrder),
  "tcp.analysis.lost_segment": noted(Notes.lostSegment),
  "tcp.analysis.ack_lost_segment": noted(Notes.ackLostSegment),
  "tcp.analysis.window_update": noted(Notes.windowUpdate),
  "tcp.analysis.window_full": noted(Notes.windowFull),
  "tcp.analysis.keep_alive": noted(Notes.keepAlive),
  "tcp.analysis.keep_alive_ack": noted(Notes.keepAliveAck),
  "tcp.analysis.zero_window": noted(Notes.zeroWindow),
  "tcp.analysis.zero_window_probe": noted(Notes.zeroWindowProbe),
  "tcp.analysis.zero_window_probe_ack": noted(Notes.zeroWindowProbeAck),
  "tcp.analysis.reused_ports": noted(Notes.reusedPorts),
  // Once by itself, and once as an expert's remark.
  "tcp.analysis.duplicate_ack": both(noted(Notes.duplicateAck), noted(Notes.duplicateAck)),
  "tcp.analysis.duplicate_ack_num": duplicate(({ pass, number }) => pass.details.get(number)?.duplicateNumber),
  "tcp.analysis.duplicate_ack_frame": duplicate(({ pass, number }) => pass.details.get(number)?.duplicateFrame),
  "tcp.analysis.acks_frame": positive(acknowledges),
  "tcp.analysis.ack_rtt": (frame, give) => {
    const rtt = acknowledges(frame) > 0 ? frame.since(acknowledges(frame)) : 0;
    if (rtt !== 0) give(rtt, 0);
  },
  "tcp.analysis.initial_rtt": (frame, give) => {
    if (isAnalysed(frame) && initialRtt(frame) >= 0) give(initialRtt(frame), 0);
  },
  "tcp.analysis.bytes_in_flight": positive(inFlight),
  "tcp.analysis.push_bytes_sent": positive(pushed),
  "tcp.analysis.rto": detail(Notes.retransmission, ({ rto }) => rto),
  "tcp.analysis.rto_frame": detail(Notes.retransmission, ({ rtoFrame }) => rtoFrame),
  "tcp.connection.syn": present((frame) => (flags(frame) & (SYN | ACK)) === SYN),
  "tcp.connection.synack": present((frame) => (flags(frame) & (SYN | ACK)) === (SYN | ACK)),
  "tcp.connection.fin": present((frame) => (flags(frame) & FIN) !== 0),
  "tcp.connection.rst": present((frame) => (flags(frame) & RST) !== 0),
  "tcp.connection.fin_active": present(({ pass, number }) => pass.closing.get(number) === "active"),
  "tcp.connection.fin_passive": present(({ pass, number }) => pass.closing.get(number) === "passive"),
};

/** RFC 9293 §3.1, and what the first pass made of it. */
export const PLAIN_TCP: Readers = {
  tcp: (frame, give) => give(undefined, frame.tcpHeader, offsetOf(frame)),
  "tcp.srcport": portFrom,
  "tcp.dstport": portTo,
  "tcp.port": both(portFrom, portTo),
  "tcp.stream": inFrame(0, ({ conversation }) => conversation.stream),
  "tcp.completeness": inFrame(0, (frame) => analysis(frame)?.completenessAt(frame.number) ?? 0),
  "tcp.len": inFrame(0, length),
  "tcp.seq": inFrame(4, sequence),
  "tcp.seq_raw": inFrame(4, rawSequence),
  "tcp.nxtseq": inFrame(0, next),
  "tcp.ack": inFrame(4, acknowledgment),
  "tcp.ack_raw": inFrame(4, rawAcknowledgment),
  "tcp.hdr_len": inFrame(1, ({ tcpHeader }) => tcpHeader),
  "tcp.flags": inFrame(2, flags),
  "tcp.flags.res": flag(0xe00),
  "tcp.flags.ae": flag(0x100),
  "tcp.flags.cwr": flag(0x80),
  "tcp.flags.ece": flag(0x40),
  "tcp.flags.urg": flag(0x20),
  "tcp.flags.ack": flag(ACK),
  "tcp.flags.push": flag(0x08),
  "tcp.flags.reset": flag(RST),
  "tcp.flags.syn": flag(SYN),
  "tcp.flags.fin": flag(FIN),
  "tcp.window_size_value": inPayload(2, (view, at) => view.getUint16(at + 14)),
  "tcp.window_size": inFrame(2, window),
  "tcp.window_size_scalefactor": (frame, give) => {
    if ((flags(frame) & SYN) === 0) give(shift(frame) >= 0 ? 2 ** shift(frame) : shift(frame), 2);
  },
  "tcp.checksum": inPayload(2, (view, at) => view.getUint16(at + 16)),
  "tcp.urgent_pointer": inPayload(2, (view, at) => view.getUint16(at + 18)),
  "tcp.time_relative": inFrame(0, ({ headers, conversation }) => headers.frame.time - conversation.begins),
  "tcp.time_delta": inFrame(0, ({ sincePrevious }) => sincePrevious),
  "tcp.payload": payloadBytes,
  ...ANALYSIS,
};
