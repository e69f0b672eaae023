/** Our HTTP server under `wrk -t1 -c64`, beside node:http, fastify, nginx and what `node:net` could do at best. */
import { execFile } from "node:child_process";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { load } from "./http/load.ts";
import {
  has,
  LOAD_CORE,
  NODE_SERVERS,
  type Server,
  startNginx,
  startNodeServer,
  temporaryFolder,
} from "./http/servers.ts";
import { BODY, FILE, FILE_BYTES } from "./http/sizes.ts";
import { type Benchmark, type Figures, verify } from "./measure.ts";

/** The server that a name stands for, started when it is first asked for. */
class Servers {
  readonly #started = new Map<string, Promise<Server>>();
  #folder: string | undefined;

  /** Made when it is first asked for: a process that measures something else leaves none. */
  get folder(): string {
    this.#folder ??= temporaryFolder();
    return this.#folder;
  }

  get(name: (typeof NODE_SERVERS)[number] | "nginx"): Promise<Server> {
    const started = this.#started.get(name) ?? (name === "nginx" ? startNginx() : startNodeServer(name, this.folder));
    this.#started.set(name, started);
    return started;
  }
}

const told = new Set<string>();

/** Says once what is missing, and why some figures are. */
function isHere(program: string, benchmark: string): boolean {
  if (has(program)) return true;
  if (!told.has(program))
    console.error(
      `${benchmark}: ${program} is not here (Debian: ${program === "nginx" ? "nginx-light" : program}), so figures are missing`,
    );
  told.add(program);
  return false;
}

async function loadEach(benchmark: string, key: string, servers: Servers, pipelined: boolean): Promise<Figures> {
  if (!isHere("wrk", benchmark)) return {};
  const figures: Figures = {};
  // Who does not look at what comes cannot tell how many requests it is.
  const ours = NODE_SERVERS.filter((name) => !pipelined || name !== "canned");
  const names = isHere("nginx", benchmark) ? [...ours, "nginx" as const] : ours;
  for (const name of names) {
    const server = await servers.get(name);
    const answer = await fetch(`http://127.0.0.1:${server.port}/`);
    verify((await answer.text()) === BODY, `${name} answers with something else`);
    const found = await load(server, pipelined);
    const prefix = name === "netarium" ? key : `${key}.${name}`;
    figures[`${prefix}.requestsPerSecond`] = found.requestsPerSecond;
    figures[`${prefix}.p99Milliseconds`] = found.p99Milliseconds;
    figures[`${prefix}.cpuMicrosecondsPerRequest`] = found.cpuMicrosecondsPerRequest;
  }
  for (const [ratio, name] of YARDSTICKS) compare(figures, key, ratio, name);
  return figures;
}

const YARDSTICKS = [
  ["NodeHttp", "node"],
  ["Fastify", "fastify"],
  ["Nginx", "nginx"],
  ["Canned", "canned"],
] as const;

/** Ours to another's: of requests a second, and of CPU a request, which says more where the machine has other work. */
function compare(figures: Figures, key: string, ratio: string, name: string): void {
  const [ours, theirs] = [figures[`${key}.requestsPerSecond`], figures[`${key}.${name}.requestsPerSecond`]];
  const [cpu, theirCpu] = [
    figures[`${key}.cpuMicrosecondsPerRequest`],
    figures[`${key}.${name}.cpuMicrosecondsPerRequest`],
  ];
  if (ours !== undefined && theirs !== undefined) figures[`${key}.vs${ratio}`] = ours / theirs;
  if (cpu !== undefined && theirCpu !== undefined) figures[`${key}.perCpuVs${ratio}`] = theirCpu / cpu;
}

const small = new Servers();

export const httpSmall: Benchmark = {
  name: "http-small",
  summary: "HTTP answers of 13 bytes under wrk -t1 -c64, beside node:http, fastify, nginx and a canned answer",
  round: () => loadEach("http-small", "http.small", small, false),
};

const pipelined = new Servers();

export const httpPipelined: Benchmark = {
  name: "http-pipelined",
  summary: "the same with 16 requests pipelined",
  round: () => loadEach("http-pipelined", "http.pipelined", pipelined, true),
};

const forFile = new Servers();
const run = promisify(execFile);

/** Bytes a second of the large file, as curl gets it. */
async function download(server: Server): Promise<{ perSecond: number; cpu: number }> {
  const before = await server.cpu();
  const url = `http://127.0.0.1:${server.port}/${FILE}`;
  const curl = ["curl", "-s", "-o", "/dev/null", "-w", "%{size_download} %{time_total}", url];
  const command = has("taskset") ? ["taskset", "-c", `${LOAD_CORE}`, ...curl] : curl;
  const { stdout } = await run(command[0] as string, command.slice(1));
  const [size = 0, time = 0] = stdout.split(" ").map(Number);
  verify(size === FILE_BYTES, `${server.name} sent ${size} bytes`);
  return { perSecond: size / time, cpu: ((await server.cpu()) - before) / 1e6 };
}

let written: Promise<void> | undefined;

/** A file without holes, though all of it the same. */
async function writeFile(path: string): Promise<void> {
  const file = await open(path, "w");
  const piece = Buffer.alloc(2 ** 20, "netarium");
  for (let at = 0; at < FILE_BYTES; at += piece.length) await file.write(piece);
  await file.close();
}

export const httpFile: Benchmark = {
  name: "http-file",
  summary: "a file of 1 GiB over HTTP, beside node:http and a stream",
  async round() {
    if (!isHere("curl", "http-file")) return {};
    written ??= writeFile(join(forFile.folder, FILE));
    await written;
    const ours = await download(await forFile.get("netarium"));
    const node = await download(await forFile.get("node"));
    return {
      "http.file.1GiB.mibPerSecond": ours.perSecond / 2 ** 20,
      "http.file.1GiB.cpuSeconds": ours.cpu,
      "http.file.1GiB.node.mibPerSecond": node.perSecond / 2 ** 20,
      "http.file.1GiB.node.cpuSeconds": node.cpu,
      "http.file.1GiB.vsNodeHttp": ours.perSecond / node.perSecond,
    };
  },
};
