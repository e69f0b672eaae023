import { define } from "./define.ts";
import type { Expert } from "./dissector.ts";
import type { FrameAbout, FrameBytes } from "./frames.ts";
import type { Tree } from "./tree.ts";

const bit = (name: string, label: string, mask: number) => define.flag(`frame.packet_flags_${name}`, label, 4, mask);
const part = (name: string, label: string, mask: number, more = {}) =>
  define.u32(`frame.packet_flags_${name}`, label, { mask, ...more });

export const frameFields = {
  comments: define.protocol("pkt_comment", "Packet comments"),
  comment: define.text("frame.comment", "Comment"),
  frame: define.protocol("frame", "Frame"),
  section: define.u32("frame.section_number", "Section number"),
  interfaceId: define.u32("frame.interface_id", "Interface id"),
  interfaceName: define.text("frame.interface_name", "Interface name"),
  interfaceDescription: define.text("frame.interface_description", "Interface description"),
  flags: define.u32("frame.packet_flags", "Packet flags", { base: "hex" }),
  direction: part("direction", "Direction", 0x3, {
    base: "hex",
    values: { 0: "Unknown", 1: "Inbound", 2: "Outbound" },
  }),
  reception: part("reception_type", "Reception type", 0x1c, {
    values: { 0: "Not specified", 1: "Unicast", 2: "Multicast", 3: "Broadcast", 4: "Promiscuous" },
  }),
  fcsLength: part("fcs_length", "FCS length", 0x1e0),
  reserved: part("reserved", "Reserved", 0xfe00),
  packetId: define.field("frame.packet_id", "Packet id", "uint64"),
  encapsulation: define.field("frame.encap_type", "Encapsulation type", "int", { values: { 1: "Ethernet" } }),
  time: define.field("frame.time", "Arrival Time", "time"),
  shift: define.duration("frame.offset_shift", "Time shift for this packet"),
  epoch: define.duration("frame.time_epoch", "Epoch Time"),
  delta: define.duration("frame.time_delta", "Time delta from previous captured frame"),
  deltaDisplayed: define.duration("frame.time_delta_displayed", "Time delta from previous displayed frame"),
  relative: define.duration("frame.time_relative", "Time since reference or first frame"),
  number: define.u32("frame.number", "Frame Number"),
  length: define.u32("frame.len", "Frame Length"),
  captured: define.u32("frame.cap_len", "Capture Length"),
  marked: define.field("frame.marked", "Frame is marked", "boolean"),
  ignored: define.field("frame.ignored", "Frame is ignored", "boolean"),
  p2p: define.field("frame.p2p_dir", "Point-to-Point Direction", "int", { values: { 0: "Sent", 1: "Received" } }),
  protocols: define.text("frame.protocols", "Protocols in frame"),
};

const FLAG_BITS = [
  bit("crc_error", "CRC error", 0x0100_0000),
  bit("packet_too_error", "Packet too long error", 0x0200_0000),
  bit("packet_too_short_error", "Packet too short error", 0x0400_0000),
  bit("wrong_inter_frame_gap_error", "Wrong interframe gap error", 0x0800_0000),
  bit("unaligned_frame_error", "Unaligned frame error", 0x1000_0000),
  bit("start_frame_delimiter_error", "Start frame delimiter error", 0x2000_0000),
  bit("preamble_error", "Preamble error", 0x4000_0000),
  bit("symbol_error", "Symbol error", 0x8000_0000),
];

const COMMENT: Expert = {
  definition: define.none("frame.comment.expert", "Formatted comment"),
  severity: "Comment",
  group: "Comment",
  message: "",
};

export const FRAME_FIELDS = [...Object.values(frameFields), ...FLAG_BITS, COMMENT.definition];

/** Times that a frame's are told against. Nanoseconds. */
export interface FrameTimes {
  readonly epoch: bigint;
  /** Of the capture's first frame, and of the one before this. */
  readonly first: number;
  readonly previous: number;
}

/** What is known of a frame before its first byte: `pkt_comment` and `frame`. */
export function frameLayer(tree: Tree, number: number, frame: FrameBytes, about: FrameAbout, times: FrameTimes): void {
  const comments = about.comments ?? [];
  if (comments.length > 0) {
    tree.openGenerated(frameFields.comments);
    for (const comment of comments) {
      tree.open(frameFields.comment, 0, 0, comment, comment);
      tree.expert(COMMENT, comment);
      tree.close();
    }
    tree.close();
  }
  const captured = frame.end - frame.start;
  const length = about.originalLength ?? captured;
  tree.open(frameFields.frame, 0, captured, undefined, title(number, length, captured, about));
  interfacePart(tree, about);
  tree.add(frameFields.encapsulation, 0, 0, 1);
  const time = times.epoch + BigInt(frame.time);
  tree.add(frameFields.time, 0, 0, time);
  tree.generated(frameFields.shift, 0);
  tree.add(frameFields.epoch, 0, 0, time);
  tree.generated(frameFields.delta, frame.time - times.previous);
  tree.generated(frameFields.deltaDisplayed, frame.time - times.previous);
  tree.generated(frameFields.relative, frame.time - times.first);
  tree.add(frameFields.number, 0, 0, number);
  tree.add(frameFields.length, 0, 0, length, `Frame Length: ${octets(length)}`);
  tree.add(frameFields.captured, 0, 0, captured, `Capture Length: ${octets(captured)}`);
  tree.generated(frameFields.marked, false);
  tree.generated(frameFields.ignored, false);
  if (about.direction !== undefined) tree.add(frameFields.p2p, 0, 0, about.direction === "out" ? 0 : 1);
  tree.protocolsHere(frameFields.protocols);
  tree.close();
}

const octets = (count: number): string => `${count} byte${count === 1 ? "" : "s"} (${count * 8} bits)`;

function title(number: number, length: number, captured: number, about: FrameAbout): string {
  const { interface: at, direction } = about;
  const where = at === undefined ? "" : ` on interface ${at.name ?? "unknown"}, id ${at.id}`;
  const way = direction === undefined ? "" : direction === "in" ? " (inbound)" : " (outbound)";
  const wire = `${length} byte${length === 1 ? "" : "s"} on wire (${length * 8} bits)`;
  return `Frame ${number}: ${wire}, ${captured} byte${captured === 1 ? "" : "s"} captured (${captured * 8} bits)${where}${way}`;
}

function interfacePart(tree: Tree, about: FrameAbout): void {
  tree.add(frameFields.section, 0, 0, 1);
  const at = about.interface;
  if (at !== undefined) {
    const text = `Interface id: ${at.id} (${at.name ?? "unknown"})`;
    tree.open(frameFields.interfaceId, 0, 0, at.id, text);
    tree.add(frameFields.interfaceName, 0, 0, at.name ?? "unknown");
    if (at.description !== undefined) tree.add(frameFields.interfaceDescription, 0, 0, at.description);
    tree.close();
  }
  const { flags } = about;
  if (flags !== undefined) {
    tree.open(frameFields.flags, 0, 0, flags);
    tree.add(frameFields.direction, 0, 0, flags & 3);
    tree.add(frameFields.reception, 0, 0, (flags >>> 2) & 7);
    tree.add(frameFields.fcsLength, 0, 0, (flags >>> 5) & 15);
    tree.add(frameFields.reserved, 0, 0, (flags >>> 9) & 127);
    for (const definition of FLAG_BITS) tree.add(definition, 0, 0, (flags & (definition.mask as number)) !== 0);
    tree.close();
  }
  if (about.packetId !== undefined) tree.add(frameFields.packetId, 0, 0, about.packetId);
}
