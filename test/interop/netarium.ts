/** The `netarium` command as a process of its own, for tests that reach it from outside. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../bin/netarium.js", import.meta.url));

export type Spawn = (command: string, ...args: string[]) => ChildProcessWithoutNullStreams;

/** A folder for the files of a test, which removes itself when told. */
export function temporaryFolder(): { readonly path: (name: string) => string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "netarium-interop-"));
  return { path: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true }) };
}

export class Netarium {
  readonly process: ChildProcessWithoutNullStreams;
  #said = "";
  #ended = false;
  #waiting: (() => void)[] = [];
  /** It does not outlive the test, however that ends. */
  readonly #kill = (): void => void this.process.kill("SIGKILL");

  /**
   * Runs a network file.
   * @param start where to start the process: in a namespace, or just so
   */
  constructor(file: string, network: string, args: readonly string[] = [], start: Spawn = spawnHere) {
    writeFileSync(file, network);
    this.process = start(process.execPath, COMMAND, "run", file, ...args);
    process.once("exit", this.#kill);
    const listen = (chunk: Buffer): void => {
      this.#said += chunk;
      this.#tell();
    };
    this.process.stdout.on("data", listen);
    this.process.stderr.on("data", listen);
    this.process.on("close", () => {
      this.#ended = true;
      process.off("exit", this.#kill);
      this.#tell();
    });
  }

  /** Waits until it has said something. @throws an error with all that it said when it ends before that */
  async says(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#said);
      if (found !== null) return found[0];
      if (this.#ended) throw new Error(`netarium ended without saying ${pattern}: ${this.#said}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** All that it has said so far. */
  get said(): string {
    return this.#said;
  }

  #tell(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Ends it as Ctrl-C does. @returns its exit code */
  stop(): Promise<number | null> {
    if (!this.#ended) this.process.kill("SIGINT");
    return this.end();
  }

  /** Waits until it ends. @returns its exit code */
  async end(): Promise<number | null> {
    if (this.#ended) return this.process.exitCode;
    const [code] = (await once(this.process, "close")) as [number | null];
    return code;
  }
}

const spawnHere: Spawn = (command, ...args) => spawn(command, args);
