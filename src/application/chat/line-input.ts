import { TelnetFilter, TIMING_MARK } from "./telnet.ts";

/** A line that somebody sent, decoded, without its end. It may still hold control characters. */
export interface Line {
  readonly text: string;
  /** Whether it was longer than allowed, and its rest is lost. */
  readonly cut: boolean;
}

export type ChatInput = Line | "timing mark";

const LINE_FEED = 10;
const RETURN = 13;

/**
 * Makes lines of the bytes of one connection, however they are split over segments. A line ends with LF, CR LF, or CR NUL as
 * Telnet sends it (RFC 854, "THE NVT PRINTER AND KEYBOARD"); a CR alone ends one too, at once, since what follows may never
 * come. Telnet's commands are skipped. Bytes that are no UTF-8 become U+FFFD.
 */
export class LineInput {
  readonly #telnet = new TelnetFilter();
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #line: Uint8Array;
  #length = 0;
  #cut = false;
  #afterReturn = false;
  #ended = false;

  /** @param limit bytes of a line that are kept, before its end */
  constructor(limit: number) {
    this.#line = new Uint8Array(limit);
  }

  /** Takes bytes as they came. @returns the lines they end, in order, and what else they ask for */
  push(bytes: Uint8Array): ChatInput[] {
    const found: ChatInput[] = [];
    for (let at = 0; at < bytes.length; at++) {
      const byte = this.#telnet.take(bytes[at] as number);
      if (byte === TIMING_MARK) found.push("timing mark");
      if (byte < 0) continue;
      const restOfEnd = this.#afterReturn && (byte === LINE_FEED || byte === 0);
      this.#afterReturn = byte === RETURN;
      if (restOfEnd) continue;
      if (byte === LINE_FEED || byte === RETURN) {
        this.#ended = true;
        found.push(this.#take());
      } else if (this.#length < this.#line.length) {
        this.#line[this.#length++] = byte;
      } else {
        this.#cut = true;
      }
    }
    return found;
  }

  /** Whether there is text that silence would end: the connection has never sent a line end. */
  get awaitsSilence(): boolean {
    return !this.#ended && this.#length > 0;
  }

  /**
   * The text so far, when nothing came for a while or the stream has ended. Where lines do end, a text without its end is a
   * part of a message whose rest was lost, and nothing.
   */
  silence(): Line | undefined {
    return this.awaitsSilence ? this.#take() : undefined;
  }

  #take(): Line {
    const kept = this.#cut ? wholeCharacters(this.#line, this.#length) : this.#length;
    const line = { text: this.#decoder.decode(this.#line.subarray(0, kept)), cut: this.#cut };
    this.#length = 0;
    this.#cut = false;
    return line;
  }
}

/** How many of the first `length` bytes remain when a UTF-8 character that is cut at the end is taken away. */
function wholeCharacters(bytes: Uint8Array, length: number): number {
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back] as number;
    if (byte >> 6 === 0b10) continue; // a continuation byte (RFC 3629 §3): its first byte stands further left
    const size = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return size > back ? length - back : length;
  }
  return length;
}
