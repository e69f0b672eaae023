import { closeSync, openSync, writeSync } from "node:fs";
import type { Inputs } from "../../network/input-log.ts";
import { formatEnd, formatHeader, formatInput, type RecordHeader } from "../../network/input-record.ts";
import type { Instant } from "../../time/instant.ts";

/** Characters that are gathered before they are written. */
const CHUNK = 64 * 1024;
/** Wall milliseconds after which what came in is in the file. */
const FLUSH_EVERY = 100;

/** Writes a run's inputs to a file as they are executed. */
export class Recorder {
  readonly #fd: number;
  readonly #inputs: Inputs;
  readonly #timer: NodeJS.Timeout;
  #text = "";

  /** @throws an error of the file system when the file cannot be made */
  constructor(path: string, header: RecordHeader, inputs: Inputs) {
    this.#fd = openSync(path, "w");
    this.#inputs = inputs;
    this.#write(formatHeader(header));
    this.#flush();
    inputs.onInput = (input) => this.#write(formatInput(input));
    this.#timer = setInterval(() => this.#flush(), FLUSH_EVERY).unref();
  }

  /** Writes when the run ended, and closes the file. */
  close(end: Instant): void {
    this.#inputs.onInput = undefined;
    clearInterval(this.#timer);
    this.#write(formatEnd(end));
    this.#flush();
    closeSync(this.#fd);
  }

  #write(text: string): void {
    this.#text += text;
    if (this.#text.length >= CHUNK) this.#flush();
  }

  #flush(): void {
    if (this.#text !== "") writeSync(this.#fd, this.#text);
    this.#text = "";
  }
}
