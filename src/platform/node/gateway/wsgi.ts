import { fastCgi } from "../../../application/fastcgi/handler.ts";
import type { Handler } from "../../../application/http/handler.ts";
import type { ProgramContext } from "../../../application/program.ts";
import { seconds } from "../../../time/instant.ts";
import { toBytes } from "./find-script.ts";
import { GATHER_LIMIT, WAITING_LIMIT } from "./limits.ts";
import { Workers } from "./workers.ts";

export interface WsgiOptions {
  /** `module:attribute`, or `module:factory()`: what Python calls. */
  readonly app: string;
  /** Where its modules are; where we are unless told. */
  readonly folder?: string | undefined;
  /** The interpreter; `"python3"` unless told. */
  readonly python?: string | undefined;
  /** Processes, each of which answers one request at a time; 2 unless told. */
  readonly workers?: number | undefined;
  /** Where in the site the application is: its SCRIPT_NAME. "" unless told. */
  readonly mount?: string | undefined;
  /** Seconds that the application may neither answer nor read; 60 unless told. */
  readonly idle?: number | undefined;
}

/** A WSGI application with its processes. */
export interface WsgiGateway {
  readonly handler: Handler;
  /** Lets what is being answered be answered, for at most 10 seconds, and ends the processes. */
  close(): Promise<void>;
}

const CLOSE_TIME = seconds(10);

/**
 * Lets a WSGI application (PEP 3333) answer, in processes of its own that speak FastCGI with us.
 * @throws ScriptError when it cannot be loaded; why is in the log
 */
export async function wsgi(context: ProgramContext, options: WsgiOptions): Promise<WsgiGateway> {
  const { app, folder = process.cwd(), python = "python3", workers: count = 2, mount = "", idle = 60 } = options;
  const { clock, log } = context;
  const workers = new Workers({ clock, log, name: app, count, waiting: WAITING_LIMIT, python, app, folder });
  await workers.start();
  const base = toBytes(mount.replace(/\/$/, ""));
  const handler = fastCgi({
    clock,
    log,
    name: app,
    connections: workers,
    script: (path) =>
      path === base || path.startsWith(`${base}/`)
        ? { scriptName: base, pathInfo: path.slice(base.length) }
        : undefined,
    keep: true,
    own: true,
    idle: seconds(idle),
    gather: GATHER_LIMIT,
    withoutLength: "pass",
  });
  return { handler, close: () => workers.close(CLOSE_TIME) };
}
