import { assert } from "../../base/assert.ts";
import { mask } from "./mask.ts";
import { CLOSE, CONTROL_BYTES, isControl, TEXT } from "./opcode.ts";

const encoder = new TextEncoder();

export interface FrameOptions {
  /** Whether this is the last frame of its message; true unless told. */
  readonly fin?: boolean;
  /** Four bytes from a good source of chance, fresh for each frame: what a client must send with (RFC 6455 §5.3). */
  readonly key?: Uint8Array;
}

/** A frame as it stands on the wire (RFC 6455 §5.2). The payload is copied. */
export function writeFrame(opcode: number, payload: Uint8Array, { fin = true, key }: FrameOptions = {}): Uint8Array {
  const { length } = payload;
  assert(!isControl(opcode) || (fin && length <= CONTROL_BYTES), "a control frame is short and whole");
  const lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const start = 2 + lengthBytes + (key === undefined ? 0 : 4);
  const frame = new Uint8Array(start + length);
  frame[0] = (fin ? 0x80 : 0) | opcode;
  frame[1] = (key === undefined ? 0 : 0x80) | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes > 0) {
    const view = new DataView(frame.buffer);
    if (lengthBytes === 8) view.setUint32(2, Math.floor(length / 2 ** 32));
    if (lengthBytes === 8) view.setUint32(6, length);
    else view.setUint16(2, length);
  }
  frame.set(payload, start);
  if (key !== undefined) {
    frame.set(key, start - 4);
    mask(frame, start, frame.length, key);
  }
  return frame;
}

/** A whole text message in one frame. Half a surrogate pair becomes U+FFFD. */
export function writeText(text: string, options?: FrameOptions): Uint8Array {
  return writeFrame(TEXT, encoder.encode(text), options);
}

/** A close frame (RFC 6455 §5.5.1). @param code none for an empty one */
export function writeClose(code?: number, reason = "", options?: FrameOptions): Uint8Array {
  if (code === undefined) return writeFrame(CLOSE, new Uint8Array(0), options);
  const text = encoder.encode(reason);
  const payload = new Uint8Array(2 + text.length);
  payload[0] = code >> 8;
  payload[1] = code & 0xff;
  payload.set(text, 2);
  return writeFrame(CLOSE, payload, options);
}
