import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { curl } from "../../src/application/http/curl/curl.ts";
import type { CurlIo } from "../../src/application/http/curl/io.ts";
import { curlFiles } from "../../src/platform/node/curl-io.ts";
import { osContext } from "../../src/platform/node/index.ts";
import { isPublicSuffix } from "../../src/platform/node/public-suffixes.ts";
import type { Socket } from "../../src/socket/socket.ts";
import type { TlsServerOptions } from "../../src/socket/tls.ts";
import { type Script, ScriptedServer } from "../fixtures/scripted-server.ts";

/** Milliseconds in which a command line comes to its end, unless it hangs. */
const PATIENCE = 120_000;

/** What one run of a command line came to, dates and the like made the same. */
export interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  /** Lines of `-v` that begin with `>` or `<`. */
  readonly traced: string;
  readonly stderr: string;
  /** What each file holds afterwards. */
  readonly files: Readonly<Record<string, string>>;
  /** The bytes of every request, in order. */
  readonly requests: readonly string[];
}

export interface Line {
  readonly argv: readonly string[];
  readonly script: Script;
  /** Files that are there before. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  readonly stdin?: string | undefined;
  /** With it the server speaks TLS. */
  readonly tls?: Omit<TlsServerOptions, "role"> | undefined;
}

/** What stands in a command line for the server's port. */
export const PORT = "PORT";

/** Runs a command line with the real curl, or with ours, each against a server of its own. */
export async function runLine(who: "curl" | "netarium", line: Line): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "netarium-curl-"));
  const control = new AbortController();
  const context = osContext({ signal: control.signal });
  const { tls } = line;
  const wrap = tls && ((socket: Socket): Promise<Socket> => context.tls!.wrap(socket, { ...tls, role: "server" }));
  const server = new ScriptedServer(line.script, wrap);
  try {
    for (const [name, text] of Object.entries(line.files ?? {})) writeFileSync(join(folder, name), text, "latin1");
    await server.listen(context, 0, "127.0.0.1");
    const argv = line.argv.map((word) => word.replaceAll(PORT, String(server.port)).replaceAll("FOLDER", folder));
    const input = line.stdin ?? "";
    const ran = who === "curl" ? await runReal(argv, folder, input) : await runOurs(argv, folder, input);
    if (server.failures.length > 0) throw server.failures[0];
    const same = (text: string): string => normal(text, server.port, folder);
    const { exit, stdout, stderr } = ran;
    const traced = stderr.split("\n").filter((text) => /^[<>]/.test(text));
    return {
      exit,
      stdout: same(stdout),
      traced: same(traced.join("\n")),
      stderr: same(stderr),
      files: Object.fromEntries(Object.entries(filesOf(folder)).map(([name, text]) => [name, same(text)])),
      requests: server.raw.map(same),
    };
  } finally {
    await server.close();
    control.abort();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ports, boundaries and names of programs differ from run to run. */
function normal(text: string, port: number, folder: string): string {
  return text
    .replaceAll(String(port), PORT)
    .replaceAll(folder, "FOLDER")
    .replaceAll(/-{24}[0-9a-f]{16}/g, "BOUNDARY")
    .replaceAll(/^((?:> )?User-Agent: )(?:curl|netarium)\/[\d.]+/gim, "$1AGENT");
}

function filesOf(folder: string, under = folder): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(under).sort()) {
    const path = join(under, name);
    if (statSync(path).isDirectory()) Object.assign(found, filesOf(folder, path));
    else found[relative(folder, path)] = readFileSync(path, "latin1");
  }
  return found;
}

type Ran = Pick<Outcome, "exit" | "stdout" | "stderr">;

function runReal(argv: readonly string[], folder: string, input: string): Promise<Ran> {
  const env = { PATH: process.env.PATH ?? "", HOME: folder, LC_ALL: "C.UTF-8" };
  const child = spawn("curl", argv, { cwd: folder, env, timeout: PATIENCE });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("latin1").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("latin1").on("data", (text) => {
    stderr += text;
  });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ exit: code ?? -1, stdout, stderr }));
  });
}

async function runOurs(argv: readonly string[], folder: string, input: string): Promise<Ran> {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(new Error("the command line takes too long")), PATIENCE);
  let [stdout, stderr] = ["", ""];
  const io: CurlIo = {
    files: curlFiles(folder),
    stdout: async (bytes) => {
      stdout += Buffer.from(bytes).toString("latin1");
    },
    stderr: (text) => {
      stderr += Buffer.from(text).toString("latin1");
    },
    async *stdin() {
      if (input !== "") yield Buffer.from(input);
    },
  };
  try {
    const context = osContext({ signal: control.signal });
    const exit = await curl(context, argv, io, { userAgent: "netarium/0", isPublicSuffix });
    return { exit, stdout, stderr };
  } finally {
    clearTimeout(timer);
  }
}
