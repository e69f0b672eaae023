import { checksumStatus, define } from "./define.ts";
import { type Expert, text } from "./dissector.ts";
import type { FrameBytes } from "./frames.ts";
import { checksumOf, pseudoHeaderSum } from "./internet-checksum.ts";
import type { Ipv4Part } from "./ipv4-layer.ts";
import type { Tree } from "./tree.ts";

const fields = {
  udp: define.protocol("udp", "User Datagram Protocol"),
  sourcePort: define.u16("udp.srcport", "Source Port"),
  destinationPort: define.u16("udp.dstport", "Destination Port"),
  port: define.u16("udp.port", "Source or Destination Port"),
  length: define.u16("udp.length", "Length"),
  checksum: define.u16("udp.checksum", "Checksum", { base: "hex" }),
  checksumCalculated: define.u16("udp.checksum_calculated", "Calculated Checksum", { base: "hex" }),
  checksumStatus: checksumStatus("udp.checksum.status", "Checksum Status"),
  stream: define.u32("udp.stream", "Stream index"),
  timeRelative: define.duration("udp.time_relative", "Time since first frame"),
  timeDelta: define.duration("udp.time_delta", "Time since previous frame"),
  payload: define.bytes("udp.payload", "UDP payload"),
};
const BAD_LENGTH: Expert = {
  definition: define.none("udp.length.bad", "Bad length value"),
  severity: "Error",
  group: "Malformed",
  message: "Bad length value",
};
const BAD_CHECKSUM: Expert = {
  definition: define.none("udp.checksum.bad", "Bad checksum"),
  severity: "Error",
  group: "Checksum",
  message: "Bad checksum",
};

export const UDP_FIELDS = [...Object.values(fields), BAD_LENGTH.definition, BAD_CHECKSUM.definition];

/** What the first pass knows of the conversation. */
export interface UdpKnown {
  readonly stream: number | undefined;
  /** Nanoseconds since its first frame and the one before; undefined in a quoted datagram. */
  readonly sinceFirst: number | undefined;
  readonly sincePrevious: number;
  readonly checkChecksum: boolean;
  readonly quoted: boolean;
  /** Whether the payload is shown. */
  readonly payload: boolean;
}

export interface UdpPart {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Where the payload begins and ends. */
  readonly start: number;
  readonly end: number;
}

/** UDP's header (RFC 768). @returns undefined when there is no message to go on with */
export function udpLayer(
  tree: Tree,
  { bytes, view, start: at, end }: Pick<FrameBytes, "bytes" | "view" | "start" | "end">,
  ip: Ipv4Part,
  known: UdpKnown,
): UdpPart | undefined {
  const available = end - at;
  tree.columns({ protocol: "UDP", info: "" });
  tree.open(fields.udp, 0, Math.min(8, available));
  if (available < 4) {
    if (known.quoted) tree.close();
    else tree.malformed("UDP");
    return undefined;
  }
  const sourcePort = view.getUint16(at);
  const destinationPort = view.getUint16(at + 2);
  tree.retitle(`User Datagram Protocol, Src Port: ${sourcePort}, Dst Port: ${destinationPort}`);
  tree.columns({ info: `${sourcePort} → ${destinationPort}` });
  tree.add(fields.sourcePort, 0, 2, sourcePort);
  tree.add(fields.destinationPort, 2, 2, destinationPort);
  tree.hidden(fields.port, 0, 2, sourcePort);
  tree.hidden(fields.port, 2, 2, destinationPort);
  if (available < 8) {
    if (known.quoted) tree.close();
    else tree.malformed("UDP");
    return undefined;
  }
  const length = view.getUint16(at + 4);
  const whole = ip.end - ip.start;
  if (length < 8 && length !== 0) {
    tree.open(fields.length, 4, 2, length, `Length: ${length} (bogus, must be >= 8)`);
    tree.expert(BAD_LENGTH, `Bad length value ${length} < 8`, 4);
    tree.close();
    tree.close();
    tree.columns({ info: `${sourcePort} → ${destinationPort} [BAD UDP LENGTH ${length} < 8]` });
    return undefined;
  }
  let info = `${sourcePort} → ${destinationPort}`;
  if (length > whole && !known.quoted) {
    tree.open(fields.length, 4, 2, length, `Length: ${length} (bogus, payload length ${whole})`);
    tree.expert(BAD_LENGTH, `Bad length value ${length} > IP payload length`, 4);
    tree.close();
    info += ` [BAD UDP LENGTH ${length} > IP PAYLOAD LENGTH]`;
  } else {
    tree.add(fields.length, 4, 2, length);
  }
  const stop = Math.min(end, at + (length || available));
  checksumPart(tree, view, at, stop, ip, known.checkChecksum);
  if (known.stream !== undefined) tree.generated(fields.stream, known.stream, undefined, 8);
  if (known.sinceFirst !== undefined && stop > at + 8) {
    tree.openGenerated(text("Timestamps"), undefined, "Timestamps");
    tree.generated(fields.timeRelative, known.sinceFirst);
    tree.generated(fields.timeDelta, known.sincePrevious);
    tree.close();
  }
  const payload = bytes.slice(at + 8, stop);
  if (payload.length > 0 && known.payload) {
    const title = `UDP payload (${payload.length} byte${payload.length === 1 ? "" : "s"})`;
    tree.add(fields.payload, 8, payload.length, payload, title);
  }
  tree.close();
  tree.columns({ info: `${info} Len=${(length || available) - 8}` });
  return { sourcePort, destinationPort, start: at + 8, end: stop };
}

function checksumPart(tree: Tree, view: DataView, at: number, end: number, ip: Ipv4Part, check: boolean): void {
  const value = view.getUint16(at + 6);
  const hex = `0x${value.toString(16).padStart(4, "0")}`;
  if (value === 0) {
    tree.open(fields.checksum, 6, 2, value, `Checksum: ${hex} [zero-value ignored]`);
    tree.generated(fields.checksumStatus, 3, undefined, 6, 2);
    tree.close();
    return;
  }
  if (!check || end - at < view.getUint16(at + 4)) {
    tree.add(fields.checksum, 6, 2, value, `Checksum: ${hex} [unverified]`);
    tree.generated(fields.checksumStatus, 2, undefined, 6);
    return;
  }
  const should = checksumOf(view, at, end, at + 6, pseudoHeaderSum(ip.source, ip.destination, 17, end - at)) || 0xffff;
  const right = should === value;
  const expected = `0x${should.toString(16).padStart(4, "0")}`;
  const said = right ? "[correct]" : `incorrect, should be ${expected} (maybe caused by "UDP checksum offload"?)`;
  tree.open(fields.checksum, 6, 2, value, `Checksum: ${hex} ${said}`);
  if (!right) tree.expert(BAD_CHECKSUM, `Bad checksum [should be ${expected}]`, 6);
  tree.generated(fields.checksumCalculated, should, undefined, 6, 2);
  tree.close();
  tree.generated(fields.checksumStatus, right ? 1 : 0, undefined, 6);
}
