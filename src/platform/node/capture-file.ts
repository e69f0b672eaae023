import { closeSync, openSync, writeSync } from "node:fs";
import { CaptureTap } from "../../capture/pcapng/tap.ts";
import type { Nic } from "../../link/nic.ts";
import type { Scheduler } from "../../time/scheduler.ts";

/** Wall milliseconds after which what was captured is in the file, for who reads it meanwhile. */
const FLUSH_EVERY = 100;
/** Wall milliseconds between two tries while a pipe is full. */
const RETRY_AFTER = 1;
const STDOUT = 1;

export interface FileCaptureOptions {
  /** A file, which is written anew, or `-` for standard output. */
  readonly path: string;
  readonly scheduler: Scheduler;
  /** The date at virtual time 0. */
  readonly epoch: Date;
  readonly nics: Iterable<Nic>;
  /** Called once when the capture ends because it cannot be written; not when who reads the pipe has gone. */
  readonly onError?: (error: NodeJS.ErrnoException) => void;
}

/**
 * Writes a capture to a file or to standard output (`| wireshark -k -i -`) as the network runs. It is written in whole
 * blocks, so it can be read whenever and however the run ends. A reader that is slow slows the run, and one that goes
 * ends the capture only.
 */
export class FileCapture {
  readonly #tap: CaptureTap;
  readonly #onError: (error: NodeJS.ErrnoException) => void;
  #timer: NodeJS.Timeout | undefined;
  readonly #fd: number;
  #ended = false;

  /** @throws an error of the file system when the file cannot be made */
  constructor(options: FileCaptureOptions) {
    const { path, scheduler, epoch, nics } = options;
    this.#onError = options.onError ?? (() => {});
    this.#fd = path === "-" ? STDOUT : openSync(path, "w");
    this.#tap = new CaptureTap((bytes) => this.#write(bytes), epoch);
    for (const nic of nics) this.#tap.add(nic);
    if (this.#ended) this.#tap.close();
    else this.#timer = setInterval(() => this.#tap.flush(scheduler.now), FLUSH_EVERY).unref();
  }

  /** Whether it was closed or its reader has gone. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Captures one more Nic. */
  add(nic: Nic): void {
    this.#tap.add(nic);
  }

  /** Keeps a line of a TLS key log, with which what is captured from now on can be read. */
  secret(line: string): void {
    this.#tap.secret(line);
  }

  /** Writes what is left and closes the file. Closing again does nothing. */
  close(): void {
    if (this.#ended) return;
    this.#tap.close();
    this.#end();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    if (this.#fd !== STDOUT) closeSync(this.#fd);
  }

  #write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && !this.#ended; ) {
      try {
        at += writeSync(this.#fd, bytes, at);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "EAGAIN") Atomics.wait(pause, 0, 0, RETRY_AFTER);
        else this.#fail(error as NodeJS.ErrnoException);
      }
    }
  }

  #fail(error: NodeJS.ErrnoException): void {
    const begun = this.#timer !== undefined; // the file's header comes out while the tap is being made
    this.#end();
    if (begun) this.#tap.close();
    if (error.code !== "EPIPE") this.#onError(error);
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));
