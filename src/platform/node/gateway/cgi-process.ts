import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { ScriptError, ScriptTimeout } from "../../../application/cgi/errors.ts";
import { type ScriptHead, ScriptHeadReader } from "../../../application/cgi/head.ts";
import { ScriptLines } from "../../../application/cgi/lines.ts";
import type { Clock } from "../../../socket/clock.ts";
import { type Duration, milliseconds, seconds } from "../../../time/instant.ts";

export interface CgiProcessOptions {
  readonly file: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array> | null;
  readonly clock: Clock;
  /** How long the script may neither write nor read anything, and how long it may live when its answer has ended. */
  readonly idle: Duration;
  readonly said: (line: string) => void;
  readonly signal: AbortSignal;
  /** The process is gone. */
  readonly ended: () => void;
}

/** How long a process that was asked to end may take. */
const TERM_TIME = seconds(2);
/** How long the end of a process may come after that of its answer, so that we still hear how it ended. */
const EXIT_TIME = milliseconds(500);

/** A process that answers one request: its answer's body, to be read to the end or given up by `return`. */
export class CgiProcess implements AsyncIterableIterator<Uint8Array> {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #options: CgiProcessOptions;
  readonly #output: AsyncIterator<Buffer>;
  readonly #exit: Promise<void>;
  #first: Uint8Array | undefined;
  #failure: unknown;
  #isDone = false;
  /** The output has ended. */
  #hasEnded = false;
  #progress: number;

  constructor(options: CgiProcessOptions) {
    const { file, folder, environment: env, signal, said } = options;
    this.#options = options;
    this.#progress = options.clock.now();
    // A process group of its own, so that what the script has started ends with it.
    this.#child = spawn(file, [], { cwd: folder, env, stdio: ["pipe", "pipe", "pipe"], detached: true });
    this.#output = this.#child.stdout[Symbol.asyncIterator]();
    this.#exit = new Promise((resolve) => {
      this.#child.once("exit", (_code, killed) => {
        if (killed !== null) this.#failure ??= new ScriptError(`it was ended by ${killed}`);
        resolve();
      });
      this.#child.once("error", (error) => {
        this.#failure ??= new ScriptError(`it cannot be started: ${error.message}`);
        resolve();
      });
    });
    if (running.size === 0) process.on("exit", endAll);
    running.add(this);
    void this.#exit.then(() => {
      running.delete(this);
      if (running.size === 0) process.off("exit", endAll);
      signal.removeEventListener("abort", this.#aborted);
      options.ended();
    });
    const lines = new ScriptLines(said);
    this.#child.stderr.on("data", (bytes: Buffer) => lines.take(bytes)).on("end", () => lines.end());
    this.#child.stdin.on("error", () => {}); // a script need not read its input
    signal.addEventListener("abort", this.#aborted, { once: true });
    if (signal.aborted) this.#aborted();
    void this.#sendInput();
  }

  /** @throws ScriptError when there is no answer, ScriptTimeout when it does not come in time */
  async head(): Promise<ScriptHead> {
    const reader = new ScriptHeadReader();
    try {
      for (;;) {
        const piece = await this.#read();
        if (piece === undefined) throw new ScriptError("it ended without an answer");
        const found = reader.read(piece);
        if (found === undefined) continue;
        if (found.body < piece.length) this.#first = piece.subarray(found.body);
        return found.head;
      }
    } catch (error) {
      this.#kill(error);
      throw error;
    }
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined) return { done: false, value: first };
    if (this.#isDone) return { done: true, value: undefined };
    try {
      const value = await this.#read();
      if (value !== undefined) return { done: false, value };
      this.#isDone = true;
      return { done: true, value: undefined };
    } catch (error) {
      this.#isDone = true;
      this.#kill(error);
      throw error;
    }
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (!this.#isDone) this.#kill(new ScriptError("the answer was given up"));
    this.#isDone = true;
    return Promise.resolve({ done: true, value: undefined });
  }

  /** What it writes next; undefined at its end. @throws what ended it before that */
  async #read(): Promise<Uint8Array | undefined> {
    const reading = this.#output.next().catch(() => ({ done: true, value: undefined }) as const);
    const next = await this.#withPatience(reading);
    if (next.done !== true) return next.value;
    this.#hasEnded = true;
    // How the process ended is known a moment after its last byte.
    await this.#soon(this.#exit, EXIT_TIME);
    if (this.#failure !== undefined) throw this.#failure;
    void this.#soon(this.#exit, this.#options.idle).then((isGone) => {
      if (!isGone) this.#kill(undefined);
    });
    return undefined;
  }

  /** Waits as long as the script does something. */
  async #withPatience<T>(reading: Promise<T>): Promise<T> {
    const { clock, idle } = this.#options;
    this.#progress = clock.now();
    let result: { value: T } | undefined;
    const done = reading.then((value) => {
      result = { value };
    });
    for (;;) {
      const left = this.#progress + idle - clock.now();
      if (left <= 0) throw new ScriptTimeout("it did nothing for too long");
      await this.#soon(done, left as Duration);
      if (result !== undefined) return result.value;
    }
  }

  /** @returns whether it came in time */
  #soon(promise: Promise<void>, time: Duration): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(time, () => resolve(false));
      void promise.then(() => {
        cancel();
        resolve(true);
      });
    });
  }

  async #sendInput(): Promise<void> {
    const { body, clock } = this.#options;
    const { stdin } = this.#child;
    try {
      for await (const piece of body ?? []) {
        if (stdin.destroyed || this.#failure !== undefined) return;
        const room = stdin.write(Buffer.from(piece));
        if (!room) await drained(stdin);
        this.#progress = clock.now();
      }
      stdin.end();
    } catch (error) {
      // The client's part has broken: the script must not take what came for the whole.
      if (!stdin.destroyed) this.#kill(error);
    }
  }

  /** We end at once: nobody is left who could end it later. */
  end(): void {
    this.#signal("SIGKILL");
  }

  readonly #aborted = (): void => this.#kill(this.#options.signal.reason);

  /** Ends it and what it has started. */
  #kill(failure: unknown): void {
    this.#failure ??= failure;
    this.#signal("SIGTERM");
    this.#child.stdin.destroy();
    this.#child.stdout.destroy();
    void this.#soon(this.#exit, TERM_TIME).then((isGone) => {
      if (!isGone) this.#signal("SIGKILL");
    });
  }

  #signal(signal: "SIGTERM" | "SIGKILL"): void {
    const { pid, exitCode, signalCode } = this.#child;
    const isGone = exitCode !== null || signalCode !== null;
    // While its output is open, something that it has started lives: the group's number is still the group's.
    if (pid === undefined || (isGone && this.#hasEnded)) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It has just gone.
    }
  }
}

const running = new Set<CgiProcess>();

function endAll(): void {
  for (const each of running) each.end();
}

/** Waits until there is room, or the pipe is closed. */
function drained(pipe: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      pipe.off("drain", done).off("close", done);
      resolve();
    };
    pipe.on("drain", done).on("close", done);
    if (pipe.destroyed) done();
  });
}
