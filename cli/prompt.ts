import { StringDecoder } from "node:string_decoder";
import type { RunLoop } from "../src/index.ts";
import type { Terminals } from "../src/network/terminals.ts";
import type { Output } from "./output.ts";

const INTERRUPT = "\x03";
/** Splits a text, and keeps what it is split at. */
const INTERRUPTS = new RegExp(`(${INTERRUPT})`);
/** Takes what is being typed away, and ends what the shell has asked of the terminal. */
const LEAVE = "\r\x1b[J\x1b[?2004l";

/** The prompt of a run on a terminal: keys go in as inputs of the network, lines of the log come above what is typed. */
export class Prompt {
  readonly #terminals: Terminals;
  readonly #loop: RunLoop;
  readonly #output: Output;
  readonly #decoder = new StringDecoder("utf8");
  #terminal: number | undefined;
  /** The terminal has been sent something: from then on lines come by its screen. */
  #begun = false;
  /** Ctrl-C was the last key, and nothing was there to interrupt. */
  #asked = false;

  constructor(terminals: Terminals, loop: RunLoop, output: Output) {
    this.#terminals = terminals;
    this.#loop = loop;
    this.#output = output;
    terminals.onOutput = (terminal, text) => {
      this.#terminal ??= terminal;
      if (terminal !== this.#terminal) return;
      if (!this.#begun) output.through = (line) => terminals.tell(terminal, line);
      this.#begun = true;
      process.stdout.write(text);
    };
  }

  /** Asks for commands on a host, until the run ends. */
  open(host: string): void {
    const { columns = 80, rows = 24 } = process.stdout;
    this.#terminal = this.#terminals.open(host, columns, rows, { switches: true });
    this.#terminals.onClosed = () => this.#loop.stop();
    process.stdin.setRawMode(true);
    process.stdin.on("data", this.#type);
    process.stdout.on("resize", this.#resize);
  }

  /** Gives the terminal back as it was. */
  close(): void {
    this.#output.through = undefined;
    if (this.#begun) process.stdout.write(LEAVE);
    this.#begun = false;
    if (!process.stdin.isRaw) return;
    process.stdout.off("resize", this.#resize);
    process.stdin.off("data", this.#type);
    process.stdin.setRawMode(false);
    process.stdin.destroy();
  }

  readonly #type = (bytes: Buffer): void => {
    for (const piece of this.#decoder.write(bytes).split(INTERRUPTS)) {
      if (piece === "") continue;
      if (piece === INTERRUPT && this.#isIdle()) this.#interrupt();
      else {
        this.#asked = false;
        this.#terminals.input(this.#terminal ?? 0, piece);
      }
    }
  };

  #isIdle(): boolean {
    return this.#terminals.isIdle(this.#terminal ?? 0);
  }

  #interrupt(): void {
    if (this.#asked) this.#loop.stop();
    else this.#output.say("Ctrl-C again ends the run.");
    this.#asked = true;
  }

  readonly #resize = (): void => {
    const { columns, rows } = process.stdout;
    this.#terminals.resize(this.#terminal ?? 0, columns, rows);
  };
}
