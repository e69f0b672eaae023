import { concatenate } from "../../../base/concatenate.ts";
import type { FoundMessage } from "../../../capture/dissect/byte-stream.ts";
import type { StreamContext, TreeBuilder } from "../../../capture/dissect/dissector.ts";
import { BYTES_SHOWN, hexOf } from "../../../capture/dissect/field-text.ts";
import { dissectData } from "../../http/dissect/media/data.ts";
import * as fields from "./fields.ts";
import type { Inside, InsideRange, RecordPlace } from "./inside.ts";

const HEAD = 5;

/** A record of application data that was opened, and the bytes of the tree in which its content stands. */
export interface ShownRecord {
  readonly inside: Inside;
  readonly direction: 0 | 1;
  readonly frame: number;
  readonly range: InsideRange;
  readonly content: Uint8Array;
  /** The number of the tree's bytes that are the content. */
  readonly source: number;
  readonly stream: StreamContext;
}

export const octets = (count: number): string => `${count} byte${count === 1 ? "" : "s"}`;

/**
 * Tells in TLS's own part what of a record is only a part of a message.
 * @returns whether what it ends with goes on in a later frame; `"never"` when it goes on nowhere
 */
export function tellSegments(record: ShownRecord, tree: TreeBuilder): boolean | "never" {
  const { inside, direction, frame, range, content, source } = record;
  const { start, end } = range;
  const way = inside.ways[direction];
  const told = inside.endingIn(direction, range);
  const segment = (from: number): void => {
    tree.enterSource(source);
    const bytes = content.subarray(from - start, end - start);
    const text = `TLS segment data (${octets(bytes.length)})`;
    tree.add(fields.SEGMENT_DATA, from - start, bytes.length, bytes, text);
    tree.endSource();
  };
  const [first] = told;
  if (first !== undefined && first.start < start) segment(start);
  const rest = told.at(-1)?.end ?? start;
  if (rest >= end) return false;
  const [later] = way.within(rest, end);
  const isLater = later !== undefined && later.frame > frame;
  if (isLater) tree.generated(fields.REASSEMBLED_IN, later.frame);
  segment(rest);
  if (later === undefined && way.length <= end && way.rest >= start) return "never";
  return isLater || later === undefined;
}

/** A message that is whole with a record, and where its bytes are in the tree. */
export interface ShownMessage {
  readonly record: ShownRecord;
  readonly message: FoundMessage;
  readonly bytes: Uint8Array;
  readonly source: number;
  readonly base: number;
}

/** Finds the messages that are whole with records, and tells of which segments they were put together. */
export function gatherMessages(records: readonly ShownRecord[], tree: TreeBuilder): ShownMessage[] {
  const messages = records.flatMap((record) => {
    return record.inside.endingIn(record.direction, record.range).flatMap((message) => placed(record, message, tree));
  });
  // The last of them stands first, where they are told of.
  for (const { record, message, bytes, source } of messages.toReversed()) {
    if (source === record.source) continue;
    tree.enterSource(source);
    segments(record, message, bytes, tree);
    tree.endSource();
  }
  return messages;
}

function placed(record: ShownRecord, message: FoundMessage, tree: TreeBuilder): ShownMessage[] {
  const { range, content, source } = record;
  const base = message.start - range.start;
  if (base >= 0) {
    return [{ record, message, bytes: content.slice(base, message.end - range.start), source, base }];
  }
  const bytes = deciphered(record, message.start, message.end);
  if (bytes === undefined) return [];
  const whole = tree.beginSource(`Reassembled TLS (${octets(bytes.length)})`, bytes);
  tree.endSource();
  return [{ record, message, bytes, source: whole, base: 0 }];
}

/**
 * Shows a message, behind TLS's part.
 * @param before the one that was shown before it
 */
export function showMessage(shown: ShownMessage, before: ShownMessage | undefined, tree: TreeBuilder): void {
  const { record, message, bytes, source, base } = shown;
  const dissector = record.inside.dissectorOf(message.protocol);
  if (dissector === undefined) return;
  const readOn = before?.record === record && before.source === source && before.message.protocol === message.protocol;
  tree.naming(readOn ? undefined : dissector.within, readOn ? message.protocol : undefined);
  tree.enterSource(source, base);
  const stream: StreamContext = { bytes: (from, to) => deciphered(record, from, to), again: false };
  tree.guarded(message.protocol, () => dissector.dissect(bytes, message.about, tree, stream));
  tree.endSource();
  tree.naming(undefined, undefined);
}

/** Shows application data of a protocol that is not known. */
export function showData({ content, source }: ShownRecord, tree: TreeBuilder): void {
  tree.enterSource(source);
  dissectData(content, 0, tree);
  tree.endSource();
}

/** Bytes of the deciphered stream, from the records that brought them. */
function deciphered({ inside, direction, stream }: ShownRecord, start: number, end: number): Uint8Array | undefined {
  const pieces: Uint8Array[] = [];
  for (const { at, length, place } of inside.recordsOf(direction, start, end)) {
    const content = opened(place, stream);
    if (content === undefined || content.length < length) return undefined;
    pieces.push(content.subarray(Math.max(0, start - at), Math.min(length, end - at)));
  }
  return concatenate(pieces);
}

/** What a record held, if its bytes are still kept. */
export function opened(place: RecordPlace, stream: Pick<StreamContext, "bytes">): Uint8Array | undefined {
  const { from, to, keys, sequence } = place;
  const record = stream.bytes(from, to);
  return record !== undefined && record.length > HEAD ? keys.open(record, sequence)?.content : undefined;
}

function segments(
  { inside, direction }: ShownRecord,
  { start, end }: FoundMessage,
  whole: Uint8Array,
  tree: TreeBuilder,
): void {
  const parts = inside.recordsOf(direction, start, end).map(({ at, length, frame }) => {
    return { frame, from: Math.max(start, at) - start, to: Math.min(end, at + length) - start };
  });
  const list = parts.map(({ frame, from, to }) => `#${frame}(${to - from})`).join(", ");
  const title = `${parts.length} Reassembled TLS segments (${octets(whole.length)}): ${list}`;
  tree.openGenerated(fields.SEGMENTS, undefined, title, 0, whole.length);
  for (const { frame, from, to } of parts) {
    const text = `Frame: ${frame}, payload: ${from}-${to - 1} (${octets(to - from)})`;
    tree.generated(fields.SEGMENT, frame, text, from, to - from);
  }
  tree.generated(fields.SEGMENT_COUNT, parts.length);
  tree.generated(fields.REASSEMBLED_LENGTH, whole.length);
  const hex = hexOf(whole.subarray(0, BYTES_SHOWN)) + (whole.length > BYTES_SHOWN ? "…" : "");
  tree.generated(fields.REASSEMBLED_DATA, whole, `Reassembled PDU data: ${hex}`, 0, whole.length);
  tree.close();
}
