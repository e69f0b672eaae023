import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../test/support/free-port.ts";
import { BODY } from "./sizes.ts";

/** A server in a process of its own, on a core of its own. */
export interface Server {
  readonly name: string;
  readonly port: number;
  /** Microseconds of CPU that it has used. */
  cpu(): Promise<number>;
}

/** The load comes from another core than the server works on; where there is but one, both share it. */
const SERVER_CORE = 0;
export const LOAD_CORE = cpus().length > 1 ? 1 : 0;

export const NODE_SERVERS = ["netarium", "node", "fastify", "canned"] as const;

/** Whether a program is there. */
export function has(program: string): boolean {
  try {
    execFileSync("/bin/sh", ["-c", `command -v ${program}`], {
      env: { ...process.env, PATH: searched() },
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}

/** Debian keeps servers where only root looks. */
const searched = (): string => `${process.env.PATH}:/usr/sbin:/sbin`;

/** A folder that goes with this process. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "netarium-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const onCore = (command: string, args: readonly string[]): [string, string[]] =>
  has("taskset") ? ["taskset", ["-c", `${SERVER_CORE}`, command, ...args]] : [command, [...args]];

export async function startNodeServer(name: (typeof NODE_SERVERS)[number], folder = ""): Promise<Server> {
  const script = join(import.meta.dirname, "server.ts");
  const [command, args] = onCore(process.execPath, ["--conditions=netarium:source", script, name, folder]);
  const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  endWithUs(child);
  const port = await heard(child);
  const cpu = (): Promise<number> => {
    child.send("cpu");
    return heard(child);
  };
  return { name, port, cpu };
}

/** What a server says next. Only while somebody waits for it, it keeps this process from its end. */
async function heard(child: ChildProcess): Promise<number> {
  child.channel?.ref();
  const [said] = (await once(child, "message")) as [number];
  child.channel?.unref();
  return said;
}

/** nginx with one worker, that answers from its configuration. */
export async function startNginx(): Promise<Server> {
  const folder = temporaryFolder();
  const port = await freePort();
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (each) => `${each}_temp_path ${folder}/${each};`,
  );
  const config = `
    daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 1024; }
    http {
      ${paths.join(" ")}
      access_log off; keepalive_requests 1000000000; default_type text/plain;
      server { listen 127.0.0.1:${port}; location / { return 200 "${BODY}"; } }
    }`;
  writeFileSync(join(folder, "nginx.conf"), config);
  const [command, args] = onCore("nginx", [
    "-p",
    folder,
    "-c",
    join(folder, "nginx.conf"),
    "-e",
    join(folder, "error.log"),
  ]);
  const child = spawn(command, args, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, PATH: searched() },
  });
  endWithUs(child);
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).then(
      (each) => each.text(),
      () => "",
    );
    if (answer === BODY) break;
    if (tries > 50) throw new Error("nginx does not answer");
    await sleep(100);
  }
  const worker = workerOf(child.pid as number);
  return { name: "nginx", port, cpu: async () => cpuOf(worker) };
}

function endWithUs(child: ChildProcess): void {
  process.on("exit", () => child.kill());
  child.unref();
  child.channel?.unref();
}

/** The only child of a process. */
function workerOf(parent: number): number {
  for (const entry of readdirSync("/proc")) {
    if (/^\d+$/.test(entry) && statOf(Number(entry))[1] === `${parent}`) return Number(entry);
  }
  throw new Error("nginx has no worker");
}

/** The fields of /proc/PID/stat after the name. */
function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return []; // it has ended
  }
}

/** In ticks of 10 ms. */
function cpuOf(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}
