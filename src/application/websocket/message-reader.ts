import { CLOSE_CODES, isSendable } from "./close-code.ts";
import type { WebSocketLimits } from "./limits.ts";
import { mask } from "./mask.ts";
import { BINARY, CLOSE, CONTINUATION, CONTROL_BYTES, isControl, isKnown, PING, TEXT } from "./opcode.ts";
import { Utf8Check } from "./utf8-check.ts";

/** Who is told what came. */
export interface MessageEvents {
  /** A whole message: text, or bytes that are the receiver's to keep. */
  message(data: string | Uint8Array): void;
  ping(payload: Uint8Array): void;
  pong(payload: Uint8Array): void;
  /** The peer closes; nothing more comes. @param code 1005 when it gave none */
  close(code: number, reason: string): void;
  /** What came is not allowed; nothing more is read. @param code to close with (RFC 6455 §7.4.1) */
  fail(code: number, why: string): void;
}

/** Which end this is: a server takes masked frames only, a client only others (RFC 6455 §5.1). */
export type Role = "server" | "client";

/** Room for a message at first; it doubles as bytes come, so that a length costs nothing but what is sent for it. */
const FIRST_ROOM = 16_384;
/** Two bytes, eight of length, four of key. */
const LONGEST_HEAD = 14;

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Makes messages of the bytes of one connection, however they are split (RFC 6455 §5, §6.2). It does no I/O: bytes in,
 * {@link MessageEvents} out.
 */
export class MessageReader {
  readonly #role: Role;
  readonly #limits: Pick<WebSocketLimits, "messageBytes" | "fragments">;
  readonly #events: MessageEvents;
  #over = false;
  /** A frame's head as it comes in pieces. */
  readonly #head = new Uint8Array(LONGEST_HEAD);
  #headLength = 0;
  /** The frame whose payload is being read. */
  #inPayload = false;
  #opcode = 0;
  #fin = false;
  readonly #key = new Uint8Array(4);
  #frameLength = 0;
  #frameRead = 0;
  /** The message whose frames are being read: TEXT, BINARY, or CONTINUATION when there is none. */
  #kind = CONTINUATION;
  #fragments = 0;
  #message = new Uint8Array(0);
  #length = 0;
  readonly #utf8 = new Utf8Check();
  readonly #control = new Uint8Array(CONTROL_BYTES);

  constructor(role: Role, limits: Pick<WebSocketLimits, "messageBytes" | "fragments">, events: MessageEvents) {
    this.#role = role;
    this.#limits = limits;
    this.#events = events;
  }

  /** Whether nothing more is read: the peer has closed, or has done what it must not. */
  get over(): boolean {
    return this.#over;
  }

  /** Takes bytes as they came, which it changes. */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (!this.#over) {
      if (!this.#inPayload) {
        at = this.#takeHead(bytes, at);
        if (!this.#inPayload) return;
      }
      const end = Math.min(bytes.length, at + this.#frameLength - this.#frameRead);
      if (this.#role === "server") mask(bytes, at, end, this.#key, this.#frameRead);
      this.#takePayload(bytes, at, end);
      at = end;
      if (this.#inPayload) return;
    }
  }

  /** Gathers a head. @returns where to go on */
  #takeHead(bytes: Uint8Array, from: number): number {
    let at = from;
    for (;;) {
      const needed = this.#headNeeded();
      if (this.#over) return at;
      if (this.#headLength >= 2 && this.#headLength === needed) {
        this.#beginPayload(needed);
        return at;
      }
      if (at === bytes.length) return at;
      this.#head[this.#headLength++] = bytes[at++] as number;
      if (this.#headLength === 1) this.#checkFirst();
      else if (this.#headLength === 2) this.#checkSecond();
      if (this.#over) return at;
    }
  }

  #headNeeded(): number {
    if (this.#headLength < 2) return 2;
    const second = this.#head[1] as number;
    const length = second & 0x7f;
    return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + (second & 0x80 ? 4 : 0);
  }

  #checkFirst(): void {
    const first = this.#head[0] as number;
    const opcode = first & 0x0f;
    // §5.2: "If a nonzero value is received and none of the negotiated extensions defines the meaning"
    if (first & 0x70) {
      this.#fail(CLOSE_CODES.protocolError, "a reserved bit is set");
      return;
    }
    if (!isKnown(opcode)) {
      this.#fail(CLOSE_CODES.protocolError, `opcode ${opcode} is reserved`);
      return;
    }
    if (isControl(opcode)) {
      if (!(first & 0x80)) this.#fail(CLOSE_CODES.protocolError, "a control frame is fragmented"); // §5.5
    } else if ((opcode === CONTINUATION) !== (this.#kind !== CONTINUATION)) {
      const why = opcode === CONTINUATION ? "nothing to continue" : "a message begins inside another"; // §5.4
      this.#fail(CLOSE_CODES.protocolError, why);
    }
  }

  #checkSecond(): void {
    const second = this.#head[1] as number;
    const masked = (second & 0x80) !== 0;
    if (masked !== (this.#role === "server")) {
      const why = masked ? "a server's frame is masked" : "a client's frame is not masked"; // §5.1
      this.#fail(CLOSE_CODES.protocolError, why);
      return;
    }
    if (isControl((this.#head[0] as number) & 0x0f) && (second & 0x7f) > CONTROL_BYTES) {
      this.#fail(CLOSE_CODES.protocolError, "a control frame is too long"); // §5.5
    }
  }

  #beginPayload(headLength: number): void {
    const head = this.#head;
    const first = head[0] as number;
    const short = (head[1] as number) & 0x7f;
    const view = new DataView(head.buffer);
    this.#headLength = 0;
    this.#opcode = first & 0x0f;
    this.#fin = (first & 0x80) !== 0;
    this.#frameRead = 0;
    this.#frameLength = short;
    if (short === 126) this.#frameLength = view.getUint16(2);
    else if (short === 127) this.#frameLength = view.getUint32(2) * 2 ** 32 + view.getUint32(6);
    // §5.2: "the minimal number of bytes MUST be used to encode the length", and its highest bit is 0
    if (short >= 126 && this.#frameLength < (short === 126 ? 126 : 65_536)) {
      this.#fail(CLOSE_CODES.protocolError, "a length is not written in the fewest bytes");
      return;
    }
    if (short === 127 && (head[2] as number) & 0x80) {
      this.#fail(CLOSE_CODES.protocolError, "a length has its highest bit set");
      return;
    }
    if (this.#role === "server") this.#key.set(head.subarray(headLength - 4, headLength));
    if (!isControl(this.#opcode) && !this.#beginData()) return;
    this.#inPayload = true;
  }

  #beginData(): boolean {
    const { messageBytes, fragments } = this.#limits;
    if (this.#length + this.#frameLength > messageBytes) {
      this.#fail(CLOSE_CODES.tooBig, `a message is longer than ${messageBytes} bytes`);
      return false;
    }
    if (this.#opcode !== CONTINUATION) {
      this.#kind = this.#opcode;
      this.#fragments = 0;
      this.#utf8.reset();
    }
    if (++this.#fragments > fragments) {
      this.#fail(CLOSE_CODES.policyViolation, `a message has more than ${fragments} frames`);
      return false;
    }
    return true;
  }

  /** Takes a piece of the frame's payload, unmasked already. */
  #takePayload(bytes: Uint8Array, start: number, end: number): void {
    const whole = this.#frameRead === 0 && end - start === this.#frameLength;
    const at = this.#frameRead;
    this.#frameRead += end - start;
    const ended = this.#frameRead === this.#frameLength;
    if (ended) this.#inPayload = false;
    if (isControl(this.#opcode)) {
      this.#control.set(bytes.subarray(start, end), at);
      if (ended) this.#takeControl(this.#control.slice(0, this.#frameLength));
    } else if (whole && this.#fin && this.#fragments === 1) {
      this.#takeWhole(bytes.subarray(start, end));
    } else {
      this.#gather(bytes, start, end);
      if (ended && this.#fin && !this.#over) this.#takeGathered();
    }
  }

  /** A message in one frame in one piece: the usual. */
  #takeWhole(payload: Uint8Array): void {
    const kind = this.#kind;
    this.#kind = CONTINUATION;
    if (kind === BINARY) {
      this.#events.message(payload.slice());
      return;
    }
    const text = decode(payload);
    if (text === undefined) this.#fail(CLOSE_CODES.invalidPayload, "a text is no UTF-8");
    else this.#events.message(text);
  }

  #gather(bytes: Uint8Array, start: number, end: number): void {
    const length = this.#length + end - start;
    if (this.#kind === TEXT && !this.#utf8.push(bytes, start, end)) {
      this.#fail(CLOSE_CODES.invalidPayload, "a text is no UTF-8"); // §8.1
      return;
    }
    if (length > this.#message.length) {
      const room = Math.min(this.#limits.messageBytes, Math.max(FIRST_ROOM, length, 2 * this.#message.length));
      const larger = new Uint8Array(room);
      larger.set(this.#message.subarray(0, this.#length));
      this.#message = larger;
    }
    this.#message.set(bytes.subarray(start, end), this.#length);
    this.#length = length;
  }

  #takeGathered(): void {
    const kind = this.#kind;
    const payload = this.#message.subarray(0, this.#length);
    this.#message = new Uint8Array(0);
    this.#length = 0;
    this.#kind = CONTINUATION;
    if (kind === BINARY) {
      this.#events.message(payload.slice());
      return;
    }
    if (this.#utf8.complete) this.#events.message(lenient.decode(payload));
    else this.#fail(CLOSE_CODES.invalidPayload, "a text ends inside a character");
  }

  #takeControl(payload: Uint8Array): void {
    if (this.#opcode === CLOSE) this.#takeClose(payload);
    else if (this.#opcode === PING) this.#events.ping(payload);
    else this.#events.pong(payload);
  }

  /** §5.5.1, §7.1.5: nothing, or a code of two bytes and a reason in UTF-8. */
  #takeClose(payload: Uint8Array): void {
    const code = payload.length === 0 ? CLOSE_CODES.noStatus : ((payload[0] as number) << 8) | (payload[1] ?? 0);
    if (payload.length === 1) {
      this.#fail(CLOSE_CODES.protocolError, "a close code is cut");
      return;
    }
    if (payload.length > 0 && !isSendable(code)) {
      this.#fail(CLOSE_CODES.protocolError, `${code} is no close code`);
      return;
    }
    const reason = decode(payload.subarray(2));
    if (reason === undefined) {
      this.#fail(CLOSE_CODES.invalidPayload, "a close reason is no UTF-8");
      return;
    }
    this.#over = true;
    this.#events.close(code, reason);
  }

  #fail(code: number, why: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#message = new Uint8Array(0);
    this.#events.fail(code, why);
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}
