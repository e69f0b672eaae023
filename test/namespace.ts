/**
 * A network namespace of a test's own, with nothing in it but what the test puts there. It has no name and goes with the
 * process that holds it, so nothing is left over whatever becomes of the test. Needs root ({@link requireRoot}).
 */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { findTool } from "./require.ts";

export interface Finished {
  readonly code: number | null;
  readonly out: Buffer;
  readonly err: string;
}

/** Collects what a program says until it ends. */
export async function finished(child: ChildProcess): Promise<Finished> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out: Buffer.concat(out), err: Buffer.concat(err).toString() };
}

/** Of linux/sched.h: a network namespace. */
const CLONE_NEWNET = 0x40000000;

export class Namespace {
  readonly #holder: ChildProcessWithoutNullStreams;
  readonly #children: ChildProcess[] = [];
  /** Ends what still runs in it. */
  readonly #kill = (): void => {
    for (const child of this.#children) if (child.exitCode === null) child.kill("SIGKILL");
  };

  private constructor(holder: ChildProcessWithoutNullStreams) {
    this.#holder = holder;
    process.once("exit", this.#kill);
  }

  /** Makes one with its loopback up. */
  static async create(): Promise<Namespace> {
    const ip = findTool("ip") ?? "ip";
    // It says when it is there, and lives until its input ends.
    const holder = spawn("unshare", ["--net", "sh", "-c", `${ip} link set lo up && echo up && exec cat`]);
    const [said] = (await Promise.race([once(holder.stdout, "data"), once(holder, "close")])) as [unknown];
    if (String(said) !== "up\n") throw new Error(`no network namespace: unshare ended with ${said}`);
    return new Namespace(holder);
  }

  /** The file by which a process enters it. */
  get path(): string {
    return `/proc/${this.#holder.pid}/ns/net`;
  }

  /** Starts a program in the namespace. */
  spawn(command: string, ...args: string[]): ChildProcessWithoutNullStreams {
    const program = findTool(command) ?? command;
    const child = spawn("nsenter", [`--net=${this.path}`, "--", program, ...args]);
    child.stdin.on("error", () => {}); // a program may end before it has read all
    this.#children.push(child);
    return child;
  }

  /**
   * Does something with this thread in the namespace, such as opening a tunnel: what it makes belongs there. Nothing but that may
   * be waited for.
   */
  async inside<T>(make: () => Promise<T>): Promise<T> {
    const { default: koffi } = await import("koffi");
    const setns = koffi.load(null).func("int setns(int fd, int type)");
    const fds = ["/proc/thread-self/ns/net", `/proc/${this.#holder.pid}/ns/net`].map((path) => openSync(path, "r"));
    try {
      if (setns(fds[1], CLONE_NEWNET) !== 0) throw new Error("the namespace cannot be entered");
      return await make();
    } finally {
      if (setns(fds[0], CLONE_NEWNET) !== 0) process.abort(); // in a strange network nothing else would be true
      for (const fd of fds) closeSync(fd);
    }
  }

  /** Runs a program in the namespace to its end. @throws an error with all that it said, unless it succeeds */
  async run(command: string, ...args: string[]): Promise<string> {
    const child = this.spawn(command, ...args);
    child.stdin.end();
    const { code, out, err } = await finished(child);
    if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}\n${out}\n${err}`);
    return out.toString();
  }

  /** Ends what still runs in it, and with that the namespace. */
  async close(): Promise<void> {
    process.off("exit", this.#kill);
    this.#kill();
    this.#holder.stdin.end();
    if (this.#holder.exitCode === null) await once(this.#holder, "close");
  }
}
