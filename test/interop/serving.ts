import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { type Handler, type ServeOptions, serveHttp } from "../../src/application/http/index.ts";
import type { LogParameters, ProgramContext } from "../../src/application/program.ts";
import { osContext } from "../../src/platform/node/os-context.ts";
import { findTool } from "../require.ts";

/** What says when what it started has to end: a test or a suite. */
export interface Ending {
  after(end: () => void | Promise<void>): void;
}

/** A handler behind a server of ours on loopback. */
export class Serving {
  readonly url: string;
  readonly port: number;
  readonly log: readonly (readonly [code: string, parameters: LogParameters])[];

  private constructor(port: number, log: Serving["log"]) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.log = log;
  }

  static async start(
    t: Ending,
    make: (context: ProgramContext) => Handler | Promise<Handler>,
    limits: ServeOptions["limits"] = {},
  ): Promise<Serving> {
    const log: [string, LogParameters][] = [];
    const stop = new AbortController();
    const write: ProgramContext["log"] = (code, parameters = {}) => void log.push([code, parameters]);
    const context = osContext({ signal: stop.signal, log: write });
    const server = await serveHttp(context, { address: "127.0.0.1", port: 0, handler: await make(context), limits });
    t.after(async () => {
      await server.close();
      stop.abort();
    });
    return new Serving(server.address.port, log);
  }
}

/** Starts a program that listens on a port, and waits until it does; it ends with the test. */
export async function listening(t: Ending, port: number, command: string, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(findTool(command) ?? command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => (said += bytes.toString()));
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  });
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${command} has ended: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return child;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs a program to its end. */
export async function ran(command: string, args: readonly string[], input?: string | Buffer): Promise<Ran> {
  const child = spawn(findTool(command) ?? command, args);
  const out: Buffer[] = [];
  let stderr = "";
  child.stdout.on("data", (bytes: Buffer) => out.push(bytes));
  child.stderr.on("data", (bytes: Buffer) => (stderr += bytes.toString()));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout: Buffer.concat(out), stderr };
}
