import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { ROOT } from "./cli.ts";

/** The chat of examples/chat-web.ts, in a process of its own that can be killed. */
export class ChatProcess {
  readonly #child: ChildProcessByStdio<null, Readable, null>;
  /** Of the page, and for lines. */
  readonly port: number;
  readonly lines: number;

  private constructor(child: ChildProcessByStdio<null, Readable, null>, port: number, lines: number) {
    this.#child = child;
    this.port = port;
    this.lines = lines;
  }

  /** @param file of the database @param port 0 chooses one @param rate messages a second of one person */
  static start(file: string, port = 0, rate = 10): Promise<ChatProcess> {
    const args = [
      "--conditions=netarium:source",
      join(ROOT, "examples", "chat-web.ts"),
      file,
      `${port}`,
      "0",
      `${rate}`,
    ];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], cwd: ROOT });
    child.stdout.setEncoding("utf8");
    let said = "";
    return new Promise((resolve, reject) => {
      child.stdout.on("data", (text: string) => {
        said += text;
        const [, page] = /page on http:\/\/[^:]+:(\d+)\//.exec(said) ?? [];
        const [, lines] = /room on [^:]+:(\d+)/.exec(said) ?? [];
        if (page !== undefined && lines !== undefined) resolve(new ChatProcess(child, Number(page), Number(lines)));
      });
      child.once("exit", () => reject(new Error(`the chat ended before it listened: ${said}`)));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  /** Ends it as told, at once or in good order. */
  async stop(signal: "SIGKILL" | "SIGTERM" = "SIGTERM"): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill(signal);
    await ended;
  }
}
