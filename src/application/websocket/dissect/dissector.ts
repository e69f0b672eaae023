import { concatenate } from "../../../base/concatenate.ts";
import type { StreamDissector, TreeBuilder } from "../../../capture/dissect/dissector.ts";
import { dissectData } from "../../http/dissect/media/data.ts";
import { dissectTextLines } from "../../http/dissect/media/text-lines.ts";
import * as fields from "./fields.ts";
import { type FrameAbout, type FrameLayout, layoutOf, payloadOf, WebSocketFrames } from "./frames.ts";

/** RFC 6455, behind the handshake that HTTP's dissector sees. */
export const websocket: StreamDissector = {
  protocol: "websocket",
  group: "http",
  fields: fields.WEBSOCKET_FIELDS,
  ports: [],
  sized: true,
  within: "http",
  converse() {
    const frames = new WebSocketFrames();
    return { cut: (direction, bytes, _, number) => frames.cut(direction, bytes, number) };
  },
  dissect(bytes, about, tree) {
    const layout = layoutOf(bytes);
    if (layout !== undefined) dissectFrame(bytes, layout, about as FrameAbout, tree);
  },
};

function dissectFrame(bytes: Uint8Array, layout: FrameLayout, about: FrameAbout, tree: TreeBuilder): void {
  const first = bytes[0] as number;
  const opcode = first & 0xf;
  tree.columns({ protocol: "WebSocket", info: infoOf(first, layout.masked) });
  tree.open(fields.WEBSOCKET, 0, layout.head);
  addHead(bytes, layout, tree);
  if (layout.payload === 0) {
    tree.close();
    return;
  }
  const payload = payloadOf(bytes, layout);
  if (layout.masked) tree.add(fields.MASKED_PAYLOAD, layout.head, layout.payload, undefined);
  tree.open(fields.PAYLOAD, layout.masked ? 0 : layout.head, layout.payload);
  const at = layout.masked ? 0 : layout.head;
  if (layout.masked) tree.beginSource("Unmasked data", payload);
  if (about.fragments !== undefined) {
    addWhole(about, tree);
  } else {
    const final = (first & 0x80) !== 0;
    const after = final ? addPayload(opcode, payload, at, tree) : undefined;
    tree.close();
    tree.close();
    after?.();
  }
  if (layout.masked) tree.endSource();
}

function infoOf(first: number, masked: boolean): string {
  const name = fields.OPCODES[first & 0xf] ?? "Unknown Opcode";
  const fin = first & 0x80 ? " [FIN]" : "[FRAGMENT] ";
  return `WebSocket ${name}${fin} ${masked ? "[MASKED]" : ""}`;
}

function addHead(bytes: Uint8Array, layout: FrameLayout, tree: TreeBuilder): void {
  const [first, second] = bytes as unknown as [number, number];
  const short = second & 0x7f;
  const reserved = (first >> 4) & 7;
  tree.add(fields.FIN, 0, 1, (first & 0x80) !== 0);
  const bits = reserved.toString(2).padStart(3, "0");
  tree.add(fields.RESERVED, 0, 1, reserved, `.${bits} .... = Reserved: 0x${reserved}`);
  tree.add(fields.OPCODE, 0, 1, first & 0xf);
  tree.add(fields.MASK, 1, 1, layout.masked);
  const kind = short === 126 ? 16 : 64;
  const text = short < 126 ? undefined : `${EXTENDED[short]} Extended Payload Length (${kind} bits)`;
  tree.add(fields.LENGTH, 1, 1, short, text);
  if (short === 126) tree.add(fields.LENGTH_16, 2, 2, layout.payload);
  if (short === 127) tree.add(fields.LENGTH_64, 2, 8, BigInt(layout.payload));
  if (layout.masked) tree.add(fields.MASKING_KEY, layout.head - 4, 4, bytes.subarray(layout.head - 4, layout.head));
}

const EXTENDED: Readonly<Record<number, string>> = {
  126: ".111 1110 = Payload length: 126",
  127: ".111 1111 = Payload length: 127",
};

/** Shows the whole message that this frame ends; closes the frame's part. */
function addWhole({ fragments = [], opcode = 0 }: FrameAbout, tree: TreeBuilder): void {
  const whole = concatenate(fragments.map((each) => each.payload));
  tree.beginSource("Reassembled websocket", whole);
  const after = addPayload(opcode, whole, 0, tree);
  tree.close();
  tree.close();
  const parts = fragments.map(({ number, payload }) => `#${number}(${payload.length})`).join(", ");
  const title = `${fragments.length} Reassembled websocket Fragments (${whole.length} bytes): ${parts}`;
  tree.open(fields.FRAGMENTS, 0, whole.length, undefined, title);
  let at = 0;
  for (const { number, payload } of fragments) {
    const end = at + payload.length;
    const text = `Frame: ${number}, payload: ${at}-${end - 1} (${payload.length} bytes)`;
    tree.add(fields.FRAGMENT, at, payload.length, number, text);
    at = end;
  }
  tree.generated(fields.FRAGMENT_COUNT, fragments.length);
  tree.generated(fields.WHOLE_LENGTH, whole.length);
  tree.close();
  after?.();
  tree.endSource();
}

/** @returns what adds the layer that comes behind, if there is one */
function addPayload(opcode: number, payload: Uint8Array, at: number, tree: TreeBuilder): (() => void) | undefined {
  const { length } = payload;
  if (opcode === 1) {
    tree.add(fields.TEXT, at, length, new TextDecoder().decode(payload));
    return () => dissectTextLines(payload, at, "", tree);
  }
  if (opcode === 2) return () => dissectData(payload, at, tree);
  if (opcode === 8) addClose(payload, at, tree);
  else if (opcode === 9) tree.add(fields.PING, at, length, payload);
  else if (opcode === 10) tree.add(fields.PONG, at, length, payload);
  else {
    tree.open(fields.UNKNOWN, at, length, payload);
    tree.expert(fields.UNDECODED, undecoded(opcode));
    tree.close();
  }
  return undefined;
}

const undecoded = (opcode: number): string =>
  `Dissector for Websocket Opcode (${opcode}) code not implemented, Contact Wireshark developers if you want this supported`;

function addClose(payload: Uint8Array, at: number, tree: TreeBuilder): void {
  tree.open(fields.CLOSE, at, payload.length);
  if (payload.length >= 2) {
    tree.add(fields.CLOSE_CODE, at, 2, ((payload[0] as number) << 8) | (payload[1] as number));
  }
  if (payload.length > 2) {
    tree.add(fields.CLOSE_REASON, at + 2, payload.length - 2, new TextDecoder().decode(payload.subarray(2)));
  }
  tree.close();
}
