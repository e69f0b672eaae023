import { ACK, FIN, RST, SYN, URG } from "../../wire/tcp.ts";
import type { Expert } from "./dissector.ts";
import { text } from "./dissector.ts";
import { Notes } from "./frame-table.ts";
import type { FrameBytes } from "./frames.ts";
import { checksumOf, pseudoHeaderSum } from "./internet-checksum.ts";
import type { Ipv4Part } from "./ipv4-layer.ts";
import { analysisFields, tcpFields as fields, segmentFields, tcpExperts } from "./tcp-fields.ts";
import { TCP_OPTION_FIELDS, tcpOptions } from "./tcp-options-layer.ts";
import type { Tree } from "./tree.ts";

export const TCP_FIELDS = [
  ...[fields, analysisFields, segmentFields].flatMap((all) => Object.values(all)),
  ...TCP_OPTION_FIELDS,
  ...Object.values(tcpExperts).map((expert) => expert.definition),
];

/** What the first pass knows of a segment; numbers of frames are 0 for none. */
export interface TcpKnown {
  readonly stream: number | undefined;
  /** Bits of how whole the conversation is: SYN 1, SYN-ACK 2, ACK 4, data 8, FIN 16, RST 32. */
  readonly completeness: number;
  /** The raw numbers at which relative ones begin, each way. */
  readonly base: number;
  readonly peerBase: number;
  /** The shift of the window in force, −1 when it is not known, −2 when there is none. */
  readonly shift: number;
  /** Nanoseconds; undefined in a quoted datagram. */
  readonly sinceFirst: number | undefined;
  readonly sincePrevious: number;
  readonly checkChecksum: boolean;
  readonly quoted: boolean;
  readonly analysis: TcpAnalysed | undefined;
}

export interface TcpAnalysed {
  readonly notes: number;
  readonly acksFrame: number;
  /** Nanoseconds; −1 when not known. */
  readonly ackRtt: number;
  readonly initialRtt: number;
  readonly inFlight: number;
  readonly pushed: number;
  readonly rto: number;
  readonly rtoFrame: number;
  readonly duplicateNumber: number;
  readonly duplicateFrame: number;
  /** Whether a FIN is the conversation's first (or only a repetition of that), or answers it. */
  readonly closing: "active" | "passive" | undefined;
}

export interface TcpPart {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly start: number;
  readonly end: number;
  /** The raw number of its first byte of data. */
  readonly first: number;
  /** What the list says of it before its messages. */
  readonly prefix: string;
  /** Its checksum is wrong: its data belongs to no message. */
  readonly damaged: boolean;
}

type Range = Pick<FrameBytes, "bytes" | "view" | "start" | "end">;

/** TCP's header (RFC 9293 §3.1) and what the stream tells of it; left open for what follows of its data. */
export function tcpLayer(tree: Tree, range: Range, ip: Ipv4Part, known: TcpKnown): TcpPart | undefined {
  const { view, start: at, end } = range;
  const available = end - at;
  tree.columns({ protocol: "TCP", info: "" });
  tree.open(fields.tcp, 0, Math.min(available, 20));
  if (available < 20) return cutShort(tree, view, at, available, known.quoted);
  const sourcePort = view.getUint16(at);
  const destinationPort = view.getUint16(at + 2);
  const flags = view.getUint16(at + 12) & 0x0fff;
  const header = (view.getUint8(at + 12) >> 4) * 4;
  const length = Math.max(0, ip.end - ip.start - header);
  const prefix = notesText(known.analysis);
  const first = (view.getInt32(at + 4) + ((flags & SYN) !== 0 ? 1 : 0)) | 0;
  const part = {
    sourcePort,
    destinationPort,
    start: at + Math.min(header, available),
    end,
    first,
    prefix,
    damaged: false,
  };
  ports(tree, sourcePort, destinationPort);
  if (known.quoted) tree.add(fields.sequence, 4, 4, view.getUint32(at + 4));
  if (known.stream !== undefined) {
    tree.generated(fields.stream, known.stream);
    tree.generated(fields.completeness, known.completeness, completenessText(known.completeness));
  }
  const whole = header <= available;
  const claimed = Math.max(0, ip.end - ip.start - header);
  if (!whole && !known.quoted) shortSegment(tree);
  else if (!known.quoted) tree.generated(fields.length, claimed);
  const bogus = header < 20;
  const numbers = sequenceNumbers(tree, view, at, flags, { length, bogus, whole }, known);
  const bits = (header / 4).toString(2).padStart(4, "0");
  tree.open(fields.headerLength, 12, 1, header, `${bits} .... = Header Length: ${header} bytes (${header / 4})`);
  if (bogus) tree.expert(tcpExperts.badHeader, `Bogus TCP header length (${header}, must be at least 20)`, 12);
  tree.close();
  const arrow = `${prefix}${sourcePort} → ${destinationPort} [${flagNames(flags)}]`;
  const info = infoOf(arrow, numbers, flags, view, at, length, known);
  if (bogus) {
    tree.close(title(sourcePort, destinationPort, numbers, flags & ~ACK));
    tree.columns({
      info: `${info.replace(/ Len=\d+$/, "")}, bogus TCP header length (${header}, must be at least 20)`,
    });
    return undefined;
  }
  flagsPart(tree, flags, destinationPort, sourcePort, known);
  windowPart(tree, view.getUint16(at + 14), flags, known.shift, known.quoted);
  const bad = !checksumPart(tree, range, ip, known.checkChecksum);
  urgentPart(tree, view.getUint16(at + 18), flags);
  let options = "";
  if (header > 20) {
    const reach = Math.min(header, available) - 20;
    const base = { base: known.peerBase, ack: view.getInt32(at + 16 - 8), syn: (flags & SYN) !== 0 };
    options = tcpOptions(tree, range.bytes, view, at + 20, 20, reach, base);
  }
  timePart(tree, known);
  if (known.analysis !== undefined) analysisPart(tree, known.analysis);
  const told = bad ? info.replace(/( Len=\d+)$/, " [TCP CHECKSUM INCORRECT]$1") : info;
  tree.columns({ info: told + options });
  if (!whole && !known.quoted) {
    tree.retitle(title(sourcePort, destinationPort, numbers, flags));
    tree.columns({ info: info.replace(/ Len=\d+$/, "") });
    tree.malformed("TCP");
    return undefined;
  }
  const lengthText = known.quoted ? "" : `, Len: ${length}`;
  tree.retitle(title(sourcePort, destinationPort, numbers, flags) + lengthText);
  tree.resize(Math.min(header, available));
  return bad ? { ...part, damaged: true } : part;
}

function cutShort(tree: Tree, view: DataView, at: number, available: number, quoted: boolean): undefined {
  if (available >= 4) {
    const [source, destination] = [view.getUint16(at), view.getUint16(at + 2)];
    tree.retitle(`Transmission Control Protocol, Src Port: ${source}, Dst Port: ${destination}`);
    tree.columns({ info: `${source} → ${destination}` });
    ports(tree, source, destination);
  }
  if (quoted && available >= 8) tree.add(fields.sequence, 4, 4, view.getUint32(at + 4));
  if (quoted) tree.close();
  else tree.malformed("TCP");
  return undefined;
}

/** A header that says to be longer than what there is. */
function shortSegment(tree: Tree): void {
  const { message } = tcpExperts.short;
  tree.openGenerated(text(message), undefined, message);
  tree.expert(tcpExperts.short);
  tree.close();
}

function ports(tree: Tree, source: number, destination: number): void {
  tree.add(fields.sourcePort, 0, 2, source);
  tree.add(fields.destinationPort, 2, 2, destination);
  tree.hidden(fields.port, 0, 2, source);
  tree.hidden(fields.port, 2, 2, destination);
}

interface Numbers {
  readonly sequence: number;
  readonly acknowledgment: number;
}

function sequenceNumbers(
  tree: Tree,
  view: DataView,
  at: number,
  flags: number,
  { length, bogus, whole }: { readonly length: number; readonly bogus: boolean; readonly whole: boolean },
  known: TcpKnown,
): Numbers {
  const raw = view.getUint32(at + 4);
  const rawAck = view.getUint32(at + 8);
  const sequence = known.quoted ? raw : (raw - known.base) >>> 0;
  if (!known.quoted) {
    tree.add(fields.sequence, 4, 4, sequence, `Sequence Number: ${sequence}    (relative sequence number)`);
    tree.add(fields.sequenceRaw, 4, 4, raw);
    const next = (sequence + length + ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0)) >>> 0;
    const text = `Next Sequence Number: ${next}    (relative sequence number)`;
    if (whole && !bogus) tree.generated(fields.next, next, text);
  }
  const relative = known.quoted ? rawAck : (rawAck - known.peerBase) >>> 0;
  const acknowledgment = (flags & ACK) === 0 ? rawAck : relative;
  const note = (flags & ACK) !== 0 ? "    (relative ack number)" : "";
  if (bogus) return { sequence, acknowledgment };
  tree.open(fields.acknowledgment, 8, 4, acknowledgment, `Acknowledgment Number: ${acknowledgment}${note}`);
  if ((flags & ACK) === 0 && rawAck !== 0) tree.expert(tcpExperts.ackNonZero, undefined, 8);
  tree.close();
  tree.add(fields.acknowledgmentRaw, 8, 4, rawAck);
  return { sequence, acknowledgment };
}

function title(source: number, destination: number, numbers: Numbers, flags: number): string {
  const ack = (flags & ACK) !== 0 ? `, Ack: ${numbers.acknowledgment}` : "";
  return `Transmission Control Protocol, Src Port: ${source}, Dst Port: ${destination}, Seq: ${numbers.sequence}${ack}`;
}

function infoOf(
  arrow: string,
  numbers: Numbers,
  flags: number,
  view: DataView,
  at: number,
  length: number,
  known: TcpKnown,
): string {
  const ack = (flags & ACK) !== 0 ? ` Ack=${numbers.acknowledgment}` : "";
  const urgent = (flags & URG) !== 0 ? ` Urg=${view.getUint16(at + 18)}` : "";
  const window = scaled(view.getUint16(at + 14), flags, known.quoted ? 0 : known.shift);
  return `${arrow} Seq=${numbers.sequence}${ack} Win=${window}${urgent} Len=${length}`;
}

const scaled = (window: number, flags: number, shift: number): number =>
  (flags & SYN) === 0 && shift > 0 ? window * 2 ** shift : window;

/** From the lowest bit up. */
const FLAG_NAMES = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"];

export function flagNames(flags: number): string {
  const names = FLAG_NAMES.filter((_, bit) => (flags & (1 << bit)) !== 0);
  if ((flags & 0xe00) !== 0) names.push("Reserved");
  return names.length === 0 ? "<None>" : names.join(", ");
}

const LETTERS = ["R", "R", "R", "A", "C", "E", "U", "A", "P", "R", "S", "F"];

function flagsPart(tree: Tree, flags: number, destination: number, source: number, known: TcpKnown): void {
  const hex = flags.toString(16).padStart(3, "0");
  tree.open(fields.flags, 12, 2, flags, `Flags: 0x${hex} (${flagNames(flags)})`);
  tree.add(fields.reserved, 12, 1, (flags & 0xe00) !== 0, reservedText(flags));
  tree.add(fields.accurate, 12, 1, (flags & 0x100) !== 0);
  for (const field of [fields.reduced, fields.echo, fields.urgent, fields.ack, fields.push]) {
    tree.add(field, 13, 1, (flags & (field.mask as number)) !== 0);
  }
  withExpert(tree, fields.reset, flags, [(flags & RST) !== 0 && tcpExperts.rst]);
  const [syn, port] = (flags & ACK) === 0 ? [tcpExperts.syn, destination] : [tcpExperts.synAck, source];
  withExpert(tree, fields.syn, flags, [(flags & SYN) !== 0 && syn], `${syn.message}: server port ${port}`);
  withExpert(tree, fields.fin, flags, [(flags & FIN) !== 0 && tcpExperts.fin]);
  const letters = LETTERS.map((letter, place) => ((flags & (0x800 >> place)) !== 0 ? letter : "·")).join("");
  tree.openGenerated(fields.flagsText, letters, undefined, 12, 2);
  const closing = known.analysis?.closing;
  if (closing === "active") tree.expert(tcpExperts.finActive, undefined, 12);
  else if (closing === "passive") tree.expert(tcpExperts.finPassive, undefined, 12);
  tree.close();
  tree.close();
}

function reservedText(flags: number): string {
  const bits = (flags >> 9).toString(2).padStart(3, "0");
  return `${bits}. .... .... = Reserved: ${flags >> 9 === 0 ? "Not set" : "Set"}`;
}

function withExpert(
  tree: Tree,
  field: (typeof fields)["syn"],
  flags: number,
  experts: readonly (Expert | false)[],
  message?: string,
): void {
  tree.open(field, 13, 1, (flags & (field.mask as number)) !== 0);
  for (const expert of experts) if (expert !== false) tree.expert(expert, message, 13);
  tree.close();
}

function windowPart(tree: Tree, window: number, flags: number, shift: number, quoted: boolean): void {
  tree.add(fields.window, 14, 2, window);
  tree.generated(fields.windowSize, scaled(window, flags, quoted ? 0 : shift), undefined, 14, 2);
  if ((flags & SYN) !== 0) return;
  const factor = shift >= 0 ? 2 ** shift : shift;
  const said = shift >= 0 ? String(factor) : shift === -1 ? "-1 (unknown)" : "-2 (no window scaling used)";
  tree.generated(fields.scaling, factor, `Window size scaling factor: ${said}`, 14, 2);
}

/** @returns whether it may be right */
function checksumPart(tree: Tree, { view, start: at, end }: Range, ip: Ipv4Part, check: boolean): boolean {
  const value = view.getUint16(at + 16);
  const hex = `0x${value.toString(16).padStart(4, "0")}`;
  if (!check) {
    tree.add(fields.checksum, 16, 2, value, `Checksum: ${hex} [unverified]`);
    tree.generated(fields.checksumStatus, 2, undefined, 16);
    return true;
  }
  const should = checksumOf(view, at, end, at + 16, pseudoHeaderSum(ip.source, ip.destination, 6, end - at));
  if (should === value) {
    tree.add(fields.checksum, 16, 2, value, `Checksum: ${hex} [correct]`);
    tree.generated(fields.checksumStatus, 1, undefined, 16);
  } else {
    const expected = `0x${should.toString(16).padStart(4, "0")}`;
    const said = `Checksum: ${hex} incorrect, should be ${expected}(maybe caused by "TCP checksum offload"?)`;
    tree.open(fields.checksum, 16, 2, value, said);
    tree.expert(tcpExperts.badChecksum, `Bad checksum [should be ${expected}]`, 16);
    tree.close();
    tree.generated(fields.checksumStatus, 0, undefined, 16);
  }
  tree.generated(fields.checksumCalculated, should, undefined, 16, 2);
  return should === value;
}

function urgentPart(tree: Tree, pointer: number, flags: number): void {
  tree.open(fields.urgentPointer, 18, 2, pointer);
  if (pointer !== 0 && (flags & URG) === 0) tree.expert(tcpExperts.urgentNonZero, undefined, 18);
  tree.close();
}

function timePart(tree: Tree, known: TcpKnown): void {
  if (known.sinceFirst === undefined) return;
  tree.openGenerated(text("Timestamps"), undefined, "Timestamps");
  tree.generated(fields.timeRelative, known.sinceFirst);
  tree.generated(fields.timeDelta, known.sincePrevious);
  tree.close();
}

const COMPLETENESS: Readonly<Record<number, string>> = {
  1: "Incomplete, SYN_SENT",
  3: "Incomplete, CLIENT_ESTABLISHED",
  7: "Incomplete, ESTABLISHED",
  15: "Incomplete, DATA",
};

function completenessText(bits: number): string {
  const closed = (bits & 7) === 7 && (bits & 0x30) !== 0;
  const whole = (bits & 8) !== 0 ? "Complete, WITH_DATA" : "Complete, NO_DATA";
  return `Conversation completeness: ${closed ? whole : (COMPLETENESS[bits] ?? "Incomplete")} (${bits})`;
}

/** Notes in the order in which the tree tells them. */
const LISTED: readonly [number, string, keyof typeof tcpExperts][] = [
  [Notes.reusedPorts, "TCP Port numbers reused", "reusedPorts"],
  [Notes.fastRetransmission, "TCP Fast Retransmission", "fastRetransmission"],
  [Notes.spuriousRetransmission, "TCP Spurious Retransmission", "spuriousRetransmission"],
  [Notes.retransmission, "TCP Retransmission", "retransmission"],
  [Notes.outOfOrder, "TCP Out-Of-Order", "outOfOrder"],
  [Notes.lostSegment, "TCP Previous segment not captured", "lostSegment"],
  [Notes.ackLostSegment, "TCP ACKed unseen segment", "ackLostSegment"],
  [Notes.windowUpdate, "TCP Window Update", "windowUpdate"],
  [Notes.windowFull, "TCP Window Full", "windowFull"],
  [Notes.keepAlive, "TCP Keep-Alive", "keepAlive"],
  [Notes.keepAliveAck, "TCP Keep-Alive ACK", "keepAliveAck"],
  [Notes.duplicateAck, "", "duplicateAck"],
  [Notes.zeroWindowProbe, "TCP ZeroWindowProbe", "zeroWindowProbe"],
  [Notes.zeroWindow, "TCP ZeroWindow", "zeroWindow"],
  [Notes.zeroWindowProbeAck, "TCP ZeroWindowProbeAck", "zeroWindowProbeAck"],
];

/** The list tells of two of them at another place. */
const INFO_LISTED = LISTED.toSorted(([one], [other]) => rankOf(one) - rankOf(other));

function rankOf(bit: number): number {
  if (bit === Notes.ackLostSegment) return placeOf(Notes.keepAlive) + 0.5;
  return bit === Notes.zeroWindow ? placeOf(Notes.zeroWindowProbeAck) + 0.5 : placeOf(bit);
}

function placeOf(bit: number): number {
  return LISTED.findIndex(([each]) => each === bit);
}

const SHARPER = Notes.fastRetransmission | Notes.spuriousRetransmission;

function notesText(analysis: TcpAnalysed | undefined): string {
  if (analysis === undefined || analysis.notes === 0) return "";
  let said = "";
  for (const [bit, words] of INFO_LISTED) {
    if ((analysis.notes & bit) === 0) continue;
    if (bit === Notes.retransmission && (analysis.notes & SHARPER) !== 0) continue;
    said +=
      bit === Notes.duplicateAck
        ? `[TCP Dup ACK ${analysis.duplicateFrame}#${analysis.duplicateNumber}] `
        : `[${words}] `;
  }
  return said;
}

function analysisPart(tree: Tree, known: TcpAnalysed): void {
  const has =
    (known.inFlight < 0 && known.initialRtt >= 0) ||
    known.acksFrame > 0 ||
    known.inFlight > 0 ||
    known.pushed > 0 ||
    known.notes !== 0;
  if (!has) return;
  tree.openGenerated(analysisFields.analysis);
  if (known.acksFrame > 0) {
    tree.generated(analysisFields.acksFrame, known.acksFrame);
    if (known.ackRtt !== 0) tree.generated(analysisFields.ackRtt, known.ackRtt);
  }
  if (known.initialRtt >= 0) tree.generated(analysisFields.initialRtt, known.initialRtt);
  if (known.inFlight > 0) tree.generated(analysisFields.inFlight, known.inFlight);
  if (known.pushed > 0) tree.generated(analysisFields.pushed, known.pushed);
  if (known.notes !== 0) notesPart(tree, known);
  tree.close();
}

function notesPart(tree: Tree, known: TcpAnalysed): void {
  tree.openGenerated(analysisFields.flags);
  for (const [bit, , name] of LISTED) {
    if ((known.notes & bit) === 0) continue;
    if (bit === Notes.duplicateAck) {
      tree.generated(analysisFields.duplicateAck, undefined);
      continue;
    }
    tree.expert(tcpExperts[name]);
    if (bit === Notes.retransmission && known.rtoFrame > 0) {
      tree.generated(analysisFields.rto, known.rto);
      tree.generated(analysisFields.rtoFrame, known.rtoFrame);
    }
  }
  tree.close();
  if ((known.notes & Notes.duplicateAck) === 0) return;
  tree.generated(analysisFields.duplicateAckNumber, known.duplicateNumber);
  tree.openGenerated(analysisFields.duplicateAckFrame, known.duplicateFrame);
  tree.expert(tcpExperts.duplicateAck, `Duplicate ACK (#${known.duplicateNumber})`);
  tree.close();
}
