import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Those that run yet. A test that fails ends none of its own, and its file would wait for them. */
const running = new Set<ChildProcess>();
if (process.env.NODE_TEST_CONTEXT !== undefined) {
  after(() => {
    for (const child of running) child.kill("SIGKILL");
  });
}

/** A run of the `netarium` command in a process of its own. */
export class Cli {
  readonly child: ChildProcessWithoutNullStreams;
  /** When it has ended. */
  readonly result: Promise<CliResult>;
  #stdout = "";
  #stderr = "";
  #looks: (() => void)[] = [];

  constructor(...args: string[]) {
    const main = join(ROOT, "cli", "main.ts");
    const env = { ...process.env, NO_COLOR: "1" };
    this.child = spawn(process.execPath, ["--conditions=netarium:source", main, ...args], { env, cwd: ROOT });
    this.child.stdout.setEncoding("utf8").on("data", (text: string) => this.#saw(() => (this.#stdout += text)));
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => this.#saw(() => (this.#stderr += text)));
    running.add(this.child);
    this.result = new Promise((resolve) => {
      this.child.on("close", (code) => {
        running.delete(this.child);
        resolve({ code, stdout: this.#stdout, stderr: this.#stderr });
        this.#saw(() => {});
      });
    });
  }

  /** Resolves when standard output or error has said so; rejects when it ended without. */
  async says(pattern: RegExp): Promise<RegExpMatchArray> {
    for (;;) {
      const match = pattern.exec(this.#stdout) ?? pattern.exec(this.#stderr);
      if (match !== null) return match;
      if (this.child.exitCode !== null) throw new Error(`it ended without ${pattern}:\n${this.#stdout}${this.#stderr}`);
      await new Promise<void>((resolve) => this.#looks.push(resolve));
    }
  }

  interrupt(): Promise<CliResult> {
    this.child.kill("SIGINT");
    return this.result;
  }

  #saw(change: () => void): void {
    change();
    for (const look of this.#looks.splice(0)) look();
  }
}

/** Runs the command to its end. */
export const cli = (...args: string[]): Promise<CliResult> => new Cli(...args).result;

/** A folder that goes with the test. */
export function temporaryFolder(t: Pick<TestContext, "after">): string {
  const folder = mkdtempSync(join(tmpdir(), "netarium-test-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A network file in a folder that goes with the test. @returns its path */
export function networkFile(t: Pick<TestContext, "after">, text: string): string {
  const path = join(temporaryFolder(t), "network.yaml");
  writeFileSync(path, text);
  return path;
}
