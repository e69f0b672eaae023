import type { Message } from "../../../capture/dissect/dissector.ts";

/** Octets of a message in fragments that are kept until it is whole; more is shown fragment for fragment. */
const FRAGMENTS_LIMIT = 1 << 20;
/** Opcodes from here on are of control frames, which may stand between fragments (RFC 6455 §5.5). */
const CONTROL = 8;

/** A frame that is a part of a message. */
export interface Fragment {
  /** The number of the frame of the capture that it came in. */
  readonly number: number;
  readonly payload: Uint8Array;
}

/** What is known of a frame beside its bytes. */
export interface FrameAbout {
  /** All of the message that this frame ends, with itself. */
  readonly fragments?: readonly Fragment[];
  /** What the message is: that of its first frame. */
  readonly opcode?: number;
}

/** Where the parts of a frame stand (RFC 6455 §5.2). */
export interface FrameLayout {
  /** Octets in front of the payload, with the masking key. */
  readonly head: number;
  readonly payload: number;
  readonly masked: boolean;
}

/** @returns undefined when there is not all of the head */
export function layoutOf(bytes: Uint8Array): FrameLayout | undefined {
  const second = bytes[1];
  if (second === undefined) return undefined;
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const masked = (second & 0x80) !== 0;
  const head = 2 + extended + (masked ? 4 : 0);
  if (bytes.length < head) return undefined;
  let payload = extended > 0 ? 0 : short;
  for (let at = 2; at < 2 + extended; at++) payload = payload * 256 + (bytes[at] as number);
  return { head, payload, masked };
}

/** The payload without its mask (RFC 6455 §5.3). */
export function payloadOf(bytes: Uint8Array, { head, masked }: FrameLayout): Uint8Array {
  const payload = bytes.subarray(head);
  if (!masked) return payload;
  const key = bytes.subarray(head - 4, head);
  return payload.map((byte, at) => byte ^ (key[at & 3] as number));
}

/** Finds the frames of a connection, and which of them are one message. */
export class WebSocketFrames {
  readonly #pending: { fragments: Fragment[]; length: number; opcode: number }[] = [none(), none()];

  cut(direction: 0 | 1, bytes: Uint8Array, number: number): Message | undefined {
    const layout = layoutOf(bytes);
    if (layout === undefined || bytes.length < layout.head + layout.payload) return undefined;
    const length = layout.head + layout.payload;
    const about = this.#about(direction, bytes.subarray(0, length), layout, number);
    return { length, about, protocol: "websocket" };
  }

  #about(direction: 0 | 1, bytes: Uint8Array, layout: FrameLayout, number: number): FrameAbout {
    const first = bytes[0] as number;
    const opcode = first & 0xf;
    const final = (first & 0x80) !== 0;
    if (opcode >= CONTROL || (final && opcode !== 0)) return {};
    if (opcode !== 0) this.#pending[direction] = { ...none(), opcode };
    const pending = this.#pending[direction] as { fragments: Fragment[]; length: number; opcode: number };
    pending.length += layout.payload;
    if (pending.length > FRAGMENTS_LIMIT) pending.fragments = [];
    else pending.fragments.push({ number, payload: payloadOf(bytes, layout).slice() });
    if (!final) return {};
    const { fragments } = pending;
    const whole = fragments.length > 1 && fragments.reduce((sum, each) => sum + each.payload.length, 0);
    this.#pending[direction] = none();
    return whole === pending.length ? { fragments, opcode: pending.opcode } : {};
  }
}

const none = (): { fragments: Fragment[]; length: number; opcode: number } => ({
  fragments: [],
  length: 0,
  opcode: 0,
});
