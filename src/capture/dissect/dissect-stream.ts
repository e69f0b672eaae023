import type { ByteStream, FoundMessage, Piece } from "./byte-stream.ts";
import type { Conversation } from "./conversations.ts";
import { dataLayer } from "./data-layer.ts";
import type { Scene } from "./dissect-datagram.ts";
import type { StreamContext } from "./dissector.ts";
import { BYTES_SHOWN, hexOf } from "./field-text.ts";
import { setRange } from "./first-pass.ts";
import { reassemble } from "./fragments.ts";
import { isRepetition, Notes, REPETITIONS } from "./frame-table.ts";
import { Headers } from "./headers.ts";
import { segmentFields, tcpFields } from "./tcp-fields.ts";
import type { TcpPart } from "./tcp-layer.ts";

/** What was told of a frame's own data, and what is to be told of the messages that are whole with it. */
interface Shown {
  readonly scene: Scene;
  readonly way: ByteStream;
  /** Where its data begins in the stream and in the bytes of the datagram. */
  readonly start: number;
  readonly end: number;
  readonly at: number;
  readonly bytes: Uint8Array;
}

/**
 * The data of a segment: closes TCP's part of the tree, and shows the messages that are whole with it.
 * @param prefix what the list says of the segment before its messages
 */
export function dissectStream(
  scene: Scene,
  conversation: Conversation | undefined,
  headers: Headers | undefined,
  part: TcpPart,
  bytes: Uint8Array,
): void {
  const { tree, number, pass, quoted } = scene;
  const at = part.start - tree.base;
  if (bytes.length > 0) tree.add(tcpFields.payload, at, bytes.length, bytes, `TCP payload (${octets(bytes.length)})`);
  const stream = quoted || conversation === undefined ? undefined : pass.streams.of(conversation);
  const notes = pass.table.notes[number] ?? 0;
  const again = isRepetition(notes) && !quoted;
  const isNew = stream?.dissector !== undefined && headers !== undefined && conversation !== undefined;
  const way = isNew ? stream.ways[conversation.directionOf(headers)] : undefined;
  const ending = way?.endingIn(number) ?? [];
  if (again && ending.length === 0) {
    if (bytes.length > 0 && (notes & REPETITIONS) === Notes.retransmission && !part.damaged) {
      const text = `Retransmitted TCP segment data (${octets(bytes.length)})`;
      tree.add(tcpFields.segmentData, at, bytes.length, bytes, text);
    }
    tree.close();
    return;
  }
  if (way === undefined || (part.damaged && ending.length === 0)) {
    tree.close();
    if (bytes.length > 0) dataFrom(scene, part.start, bytes);
    return;
  }
  const start = way.offsetOf(part.first);
  messages({ scene, way, start, end: start + bytes.length, at: part.start, bytes }, ending, part.prefix);
}

const octets = (count: number): string => `${count} byte${count === 1 ? "" : "s"}`;

function dataFrom({ tree }: Scene, at: number, bytes: Uint8Array): void {
  const base = tree.rebase(at);
  dataLayer(tree, bytes);
  tree.rebase(base);
}

function messages(shown: Shown, ending: readonly FoundMessage[], prefix: string): void {
  const { scene, way, start, end, bytes } = shown;
  const { tree } = scene;
  // What comes again, and is not told apart from new data, is read again.
  const told =
    ending.length > 0
      ? ending
      : way.within(start, end).filter((each) => each.start >= start && each.end <= end && each.frame < scene.number);
  const until = told.at(-1)?.end ?? start;
  const head = told.find((message) => message.start < start && message.end > start);
  if (head !== undefined) {
    messageSize(shown, head);
    segmentData(shown, start, Math.min(head.end, end));
  }
  for (const message of told) if (message.start >= start) messageSize(shown, message);
  const rest = Math.max(start, until);
  const later = rest < end ? way.within(rest, end)[0] : undefined;
  const unread = way.abandoned && rest >= way.rest;
  const waits = bytes.length > 0 && rest < end && !unread;
  if (waits) {
    if (later !== undefined && later.frame > 0) tree.generated(segmentFields.reassembledIn, later.frame);
    segmentData(shown, rest, end);
  }
  tree.close();
  if (waits && told.length === 0) {
    tree.columns({ info: `${tree.shown.info} [TCP segment of a reassembled PDU]` });
  }
  let said = prefix;
  let before: FoundMessage | undefined;
  for (const message of told) {
    const { between, goesOn } = scene.pass.streams.dissectors.get(message.protocol) ?? {};
    tree.columns({ info: goesOn ? said : "" });
    name(scene, message, before !== undefined && before.start >= start ? before : undefined);
    show(shown, message);
    before = message;
    const info = tree.shown.info;
    if (goesOn) said = info;
    else said = between === undefined || said === prefix ? prefix + info : said + between + info;
    tree.columns({ info: said });
  }
  tree.naming(undefined, undefined);
  if (unread && rest < end) dataFrom(scene, shown.at + (rest - start), bytes.subarray(rest - start));
}

/** Where messages tell their lengths, TCP's part tells them as well. */
function messageSize({ scene: { tree, pass }, at, start }: Shown, message: FoundMessage): void {
  for (const size of message.sizes ?? []) tree.generated(tcpFields.messageSize, size);
  if (pass.streams.dissectors.get(message.protocol)?.sized !== true) return;
  const size = message.end - message.start;
  const offset = Math.max(0, message.start - start);
  tree.generated(tcpFields.messageSize, size, undefined, at - tree.base + offset, size);
}

/** Messages that are read in one go count once among the protocols of a frame. @param before the one read just before */
function name({ tree, pass }: Scene, { protocol }: FoundMessage, before: FoundMessage | undefined): void {
  const goesOn = before?.protocol === protocol;
  tree.naming(goesOn ? undefined : pass.streams.dissectors.get(protocol)?.within, goesOn ? protocol : undefined);
}

/** Bytes of this segment that are a part of a message only. */
function segmentData({ scene: { tree }, at, start, bytes }: Shown, from: number, to: number): void {
  const part = bytes.subarray(from - start, to - start);
  const offset = at - tree.base + (from - start);
  tree.add(tcpFields.segmentData, offset, part.length, part, `TCP segment data (${octets(part.length)})`);
}

function show(shown: Shown, message: FoundMessage): void {
  const { scene, start, end, at, bytes } = shown;
  const { tree, pass } = scene;
  const dissector = pass.streams.dissectors.get(message.protocol);
  const stream: StreamContext = {
    bytes: (from, to) => gather(scene, shown.way.piecesOf(from, to), { start: from, end: to }),
    again: message.frame < scene.number,
  };
  if (message.start >= start && message.end <= end) {
    const base = tree.rebase(at + (message.start - start));
    const own = bytes.slice(message.start - start, message.end - start);
    if (dissector === undefined) dataLayer(tree, own);
    else tree.guarded(message.protocol, () => dissector.dissect(own, message.about, tree, stream));
    tree.rebase(base);
    return;
  }
  const pieces = shown.way.piecesOf(message.start, message.end);
  const whole = gather(scene, pieces, message);
  if (whole === undefined) return;
  tree.beginSource(`Reassembled TCP (${octets(whole.length)})`, whole);
  segments(shown, pieces, message, whole);
  if (dissector === undefined) dataLayer(tree, whole);
  else tree.guarded(message.protocol, () => dissector.dissect(whole, message.about, tree, stream));
  tree.endSource();
}

/** The bytes of a message, from the frames that brought them; undefined when one is not kept any more. */
export function gather(
  { pass, options }: Pick<Scene, "pass" | "options">,
  pieces: readonly Piece[],
  { start, end }: Pick<FoundMessage, "start" | "end">,
): Uint8Array | undefined {
  const whole = new Uint8Array(end - start);
  for (const piece of pieces) {
    const data = dataOf(pass, options, piece.frame);
    if (data === undefined) return undefined;
    const from = Math.max(start, piece.start);
    const to = Math.min(end, piece.start + piece.length);
    const skipped = piece.at + (from - piece.start);
    whole.set(data.subarray(skipped, skipped + (to - from)), from - start);
  }
  return whole;
}

/** The data of the segment in a frame. */
export function dataOf(pass: Scene["pass"], options: Scene["options"], number: number): Uint8Array | undefined {
  const headers = new Headers();
  if (!options.frames.read(number, headers.frame)) return undefined;
  headers.read();
  if (headers.kind !== "ip") return undefined;
  if (headers.isFragment) {
    const datagram = pass.fragments.of(number);
    const whole = datagram && reassemble(datagram, (frame) => pass.fragmentOf(frame)).bytes;
    if (whole === undefined) return undefined;
    setRange(headers.payload, whole);
  }
  if (!headers.readTransport()) return undefined;
  return headers.payload.bytes.slice(headers.data, headers.dataEnd);
}

function segments(shown: Shown, pieces: readonly Piece[], { start, end }: FoundMessage, whole: Uint8Array): void {
  const { tree } = shown.scene;
  const parts = pieces.map((piece) => ({
    frame: piece.frame,
    from: Math.max(start, piece.start) - start,
    to: Math.min(end, piece.start + piece.length) - start,
  }));
  const list = parts.map(({ frame, from, to }) => `#${frame}(${to - from})`).join(", ");
  const title = `${parts.length} Reassembled TCP Segments (${whole.length} bytes): ${list}`;
  tree.openGenerated(segmentFields.segments, undefined, title, 0, whole.length);
  for (const { frame, from, to } of parts) {
    const text = `Frame: ${frame}, payload: ${from}-${to - 1} (${octets(to - from)})`;
    tree.generated(segmentFields.segment, frame, text, from, to - from);
  }
  tree.generated(segmentFields.count, parts.length);
  tree.generated(segmentFields.reassembledLength, whole.length);
  const hex = hexOf(whole.subarray(0, BYTES_SHOWN)) + (whole.length > BYTES_SHOWN ? "…" : "");
  tree.generated(segmentFields.reassembledData, whole, `Reassembled TCP Data: ${hex}`, 0, whole.length);
  tree.close();
}
