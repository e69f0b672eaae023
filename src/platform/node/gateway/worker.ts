import { type ChildProcess, spawn } from "node:child_process";
import type { Socket as NetSocket } from "node:net";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { ScriptError } from "../../../application/cgi/errors.ts";
import { ScriptLines } from "../../../application/cgi/lines.ts";
import { RecordReader } from "../../../application/fastcgi/record.ts";
import { type Socket, SocketError } from "../../../socket/socket.ts";
import type { Duration } from "../../../time/instant.ts";
import { pipeSocket } from "./unix-sockets.ts";

const PROGRAM = fileURLToPath(new URL("./wsgi.py", import.meta.url));
/** The worker's end of the pair over which it is asked. */
const DESCRIPTOR = 3;

export interface WorkerOptions {
  /** The interpreter. */
  readonly python: string;
  /** `module:attribute`, or `module:factory()`. */
  readonly app: string;
  /** Where modules are looked for first, and where the application runs. */
  readonly folder: string;
  /** A line that the application writes aside. */
  readonly said: (line: string) => void;
}

/** A process that holds a WSGI application and answers one request at a time. */
export class Worker {
  readonly socket: Socket;
  readonly pid: number;
  /** Why it ended, when it has. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;

  constructor({ python, app, folder, said }: WorkerOptions) {
    this.#child = spawn(python, [PROGRAM, app, String(DESCRIPTOR)], {
      cwd: folder,
      env: { ...process.env, PYTHONUNBUFFERED: "1" },
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    this.pid = this.#child.pid ?? 0;
    this.ended = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve(startFailure(python, error)));
      this.#child.once("exit", (code, signal) => resolve(reasonOf(code, signal)));
    });
    this.socket = pipeSocket(this.#child.stdio[DESCRIPTOR] as NetSocket);
    for (const stream of [this.#child.stdout, this.#child.stderr] as Readable[]) {
      const lines = new ScriptLines(said);
      stream.on("data", (bytes: Buffer) => lines.take(bytes)).on("end", () => lines.end());
    }
  }

  /** Waits until its application is loaded. @throws ScriptError when it ends, or is not ready in time */
  async ready(time: Duration): Promise<void> {
    try {
      const bytes = await this.socket.recv(8, { timeout: time });
      const [record] = new RecordReader().read(bytes);
      if (record !== undefined) return;
    } catch (error) {
      this.kill();
      if (error instanceof SocketError && error.code === "EAGAIN") throw new ScriptError("it was not ready in time");
    }
    throw new ScriptError(await this.ended);
  }

  /** Lets it end: it does when its work is done. */
  close(): void {
    void this.socket.close();
  }

  kill(): void {
    this.#child.kill("SIGKILL");
    this.close();
  }
}

function startFailure(python: string, error: NodeJS.ErrnoException): string {
  return error.code === "ENOENT"
    ? `there is no interpreter ${python}: name another as python`
    : `${python} cannot be started: ${error.message}`;
}

/** The exit code of a worker whose application cannot be loaded. */
const NOT_LOADED = 3;

function reasonOf(code: number | null, signal: string | null): string {
  if (signal !== null) return `ended by ${signal}`;
  return code === NOT_LOADED ? "the application cannot be loaded" : `ended with code ${code}`;
}
