/** What {@link TelnetFilter.take} says of a byte that is no data. */
export const SKIPPED = -1;
/** The client asks for a timing mark and shows nothing more until it has an answer: {@link REFUSE_TIMING_MARK}. */
export const TIMING_MARK = -2;

// RFC 854, "TELNET COMMAND STRUCTURE"
const IAC = 255;
const DO = 253;
const WONT = 252;
const WILL = 251;
const SB = 250;
const SE = 240;
const TIMING_MARK_OPTION = 6;

/** IAC WONT TIMING-MARK (RFC 860 §2): a legal answer that a terminal does not show. */
export const REFUSE_TIMING_MARK: Uint8Array = Uint8Array.of(IAC, WONT, TIMING_MARK_OPTION);

/** A subnegotiation longer than this is none: a stray IAC SB must not swallow the rest of a conversation. */
export const SUBNEGOTIATION_BYTES = 1024;

/**
 * Takes the commands of Telnet (RFC 854, RFC 855) out of a stream, a byte at a time. Its IAC, 255, is in no UTF-8 text, so
 * streams of clients that are no Telnet pass unchanged.
 */
export class TelnetFilter {
  #state: "data" | "command" | "option" | "subnegotiation" | "subnegotiation command" = "data";
  #verb = 0;
  #length = 0;

  /** @returns the byte when it is data, else {@link SKIPPED} or {@link TIMING_MARK} */
  take(byte: number): number {
    switch (this.#state) {
      case "data":
        if (byte !== IAC) return byte;
        this.#state = "command";
        return SKIPPED;
      case "command":
        return this.#command(byte);
      case "option":
        this.#state = "data";
        return this.#verb === DO && byte === TIMING_MARK_OPTION ? TIMING_MARK : SKIPPED;
      case "subnegotiation":
        if (byte === IAC) this.#state = "subnegotiation command";
        else if (++this.#length >= SUBNEGOTIATION_BYTES) this.#state = "data";
        return SKIPPED;
      case "subnegotiation command":
        this.#state = byte === SE ? "data" : "subnegotiation";
        return SKIPPED;
    }
  }

  #command(byte: number): number {
    this.#state = "data";
    if (byte === IAC || byte < SE) return byte; // a doubled IAC is data; before anything but a command IAC means nothing
    if (byte === SB) {
      this.#state = "subnegotiation";
      this.#length = 0;
    } else if (byte >= WILL) {
      this.#state = "option";
      this.#verb = byte;
    }
    return SKIPPED;
  }
}
