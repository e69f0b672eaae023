/** Commands of RFC 854. */
const IAC = 255;
const DONT = 254;
const DO = 253;
const WONT = 252;
const WILL = 251;
const SB = 250;
const SE = 240;
const CR = 13;
const LF = 10;

/** What the other end wishes for, or offers. */
export interface TelnetOption {
  /** WILL, WONT, DO or DONT. */
  readonly command: number;
  readonly option: number;
}

/** Takes Telnet's commands out of what comes, in pieces that may be cut anywhere. */
export class TelnetReader {
  /** What of a command has come: it begins with IAC. */
  #command: number[] = [];
  #negotiating = false;
  #afterReturn = false;

  read(piece: Uint8Array): { readonly data: Uint8Array; readonly asked: readonly TelnetOption[] } {
    const data: number[] = [];
    const asked: TelnetOption[] = [];
    for (const byte of piece) {
      if (this.#command.length > 0) this.#obey(byte, data, asked);
      else if (byte === IAC) this.#command = [IAC];
      else if (!this.#negotiating) this.#take(byte, data);
    }
    return { data: Uint8Array.from(data), asked };
  }

  /** CR NUL is CR alone (RFC 854, "the NVT printer"). */
  #take(byte: number, data: number[]): void {
    if (!(this.#afterReturn && byte === 0)) data.push(byte);
    this.#afterReturn = byte === CR;
  }

  #obey(byte: number, data: number[], asked: TelnetOption[]): void {
    const [, command] = this.#command;
    if (command !== undefined) {
      if (!this.#negotiating) asked.push({ command, option: byte });
      this.#command = [];
    } else if (byte === IAC) {
      this.#command = [];
      if (!this.#negotiating) this.#take(IAC, data);
    } else if (byte >= WILL) this.#command.push(byte);
    else {
      this.#command = [];
      // A subnegotiation is of an option that we never agreed to.
      if (byte === SB) this.#negotiating = true;
      if (byte === SE) this.#negotiating = false;
    }
  }
}

/** No option is agreed to: what is asked for will not be done, what is offered is not wanted. What is refused needs no answer. */
export function answerTo({ command, option }: TelnetOption): Uint8Array {
  if (command === DO) return Uint8Array.of(IAC, WONT, option);
  return command === WILL ? Uint8Array.of(IAC, DONT, option) : new Uint8Array();
}

/** Lines end with CR LF, and a byte that would be a command is doubled. */
export function toTelnet(bytes: Uint8Array): Uint8Array {
  const sent: number[] = [];
  for (const byte of bytes) {
    if (byte === LF) sent.push(CR, LF);
    else if (byte === CR) sent.push(CR, 0);
    else if (byte === IAC) sent.push(IAC, IAC);
    else sent.push(byte);
  }
  return Uint8Array.from(sent);
}
