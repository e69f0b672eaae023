import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { verify } from "../measure.ts";
import { has, LOAD_CORE, type Server, temporaryFolder } from "./servers.ts";
import { CONNECTIONS, COUNTED, PIPELINED, WARM_UP } from "./sizes.ts";

const run = promisify(execFile);

/** What one run of wrk has found. */
export interface Load {
  readonly requestsPerSecond: number;
  readonly p99Milliseconds: number;
  readonly cpuMicrosecondsPerRequest: number;
}

let script: string | undefined;

/** Has wrk send several requests at once on each connection. */
function pipelining(): string {
  if (script === undefined) {
    script = join(temporaryFolder(), "pipeline.lua");
    const lines = [
      "init = function() local all = {}",
      `for i = 1, ${PIPELINED} do all[i] = wrk.format() end`,
      "requests = table.concat(all) end",
      "request = function() return requests end",
    ];
    writeFileSync(script, lines.join("\n"));
  }
  return script;
}

/** Loads a server from one thread on ${CONNECTIONS} connections, after a warm-up. Every answer must be right. */
export async function load(server: Server, pipelined = false): Promise<Load> {
  await wrk(server.port, WARM_UP, pipelined);
  const before = await server.cpu();
  const { count, seconds, p99 } = await wrk(server.port, COUNTED, pipelined);
  const used = (await server.cpu()) - before;
  return {
    requestsPerSecond: count / seconds,
    p99Milliseconds: p99,
    cpuMicrosecondsPerRequest: used / count,
  };
}

async function wrk(
  port: number,
  duration: number,
  pipelined: boolean,
): Promise<{ count: number; seconds: number; p99: number }> {
  // wrk counts in whole seconds, so a process that is told to end counts for it.
  const args = ["-s", "INT", `${duration}`, "wrk", "-t1", `-c${CONNECTIONS}`, "-d60s", "--latency"];
  if (pipelined) args.push("-s", pipelining());
  args.push(`http://127.0.0.1:${port}/`);
  const command = has("taskset") ? ["taskset", "-c", `${LOAD_CORE}`, "timeout", ...args] : ["timeout", ...args];
  const { stdout } = await run(command[0] as string, command.slice(1)).catch(
    (error: { stdout?: string; code?: number }) => {
      if (error.code === 124 && error.stdout !== undefined) return { stdout: error.stdout };
      throw error;
    },
  );
  verify(!/Non-2xx|Socket errors/.test(stdout), stdout);
  const [, count, span, unit] = /(\d+) requests in ([\d.]+)(m?s)/.exec(stdout) ?? [];
  const [, late, lateUnit] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
  verify(Number(count) > 0, stdout);
  return {
    count: Number(count),
    seconds: Number(span) / (unit === "ms" ? 1000 : 1),
    p99: Number(late) * (lateUnit === "us" ? 0.001 : lateUnit === "ms" ? 1 : 1000),
  };
}
