import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "../../../network/build.ts";
import { type DurationWritten, durationOf } from "../../../network/conditions.ts";
import type { NetworkDocument } from "../../../network/document.ts";
import type { FaultWritten } from "../../../network/fault-written.ts";
import { Network } from "../../../network/network.ts";
import type { Instant } from "../../../time/instant.ts";
import { FileCapture } from "../capture-file.ts";
import { nodeCompression } from "../compression.ts";
import { nodeScripts } from "../script/node-scripts.ts";
import { NetworkTls } from "../tls/network-tls.ts";
import { type Simulation, SimulationRun } from "./simulation.ts";

/** Virtual time after which a run fails unless told. */
const LIMIT = "1h";

export interface SimulateOptions {
  /** The first seed; 1 unless given. With NETARIUM_SEED in the environment that seed alone is run. */
  readonly seed?: number;
  /** How many seeds, one run each; 1 unless given. */
  readonly seeds?: number;
  /** Builds the network of each run, or is the document of one. */
  readonly network: ((network: Network) => void) | NetworkDocument;
  /** What is done to its cables; as a function, what the seed decides. */
  readonly faults?: readonly FaultWritten[] | ((simulation: Simulation) => readonly FaultWritten[]);
  /** Virtual time after which a run fails; one hour unless told. */
  readonly limit?: DurationWritten;
  /** Where the capture of a failing run goes; a new folder among the temporary ones unless told. */
  readonly captures?: string;
}

/**
 * Runs a test on a network in virtual time, once for each seed. What the function does on hosts, awaits and asserts happens
 * between the events of the network, so a run with the same seed is the same run.
 *
 * Where it fails, the error says with which seed and when, names a capture of that run and the line that repeats it.
 */
export async function simulate(
  options: SimulateOptions,
  test: (simulation: Simulation) => Promise<void>,
): Promise<void> {
  const file = callerOf(new Error("where").stack ?? "");
  const forced = Number(process.env.NETARIUM_SEED ?? Number.NaN);
  const first = Number.isSafeInteger(forced) ? forced : (options.seed ?? 1);
  const count = Number.isSafeInteger(forced) ? 1 : (options.seeds ?? 1);
  for (let seed = first; seed < first + count; seed++) {
    const failure = await attempt(options, seed, test);
    if (failure !== undefined) throw await tell(options, seed, test, failure, file);
  }
}

interface Failure {
  readonly error: unknown;
  readonly at: Instant;
  readonly lines: readonly string[];
}

/** One run. @param pcap where to capture it */
async function attempt(
  options: SimulateOptions,
  seed: number,
  test: (simulation: Simulation) => Promise<void>,
  pcap?: string,
): Promise<Failure | undefined> {
  const tls = new NetworkTls();
  const scripts = nodeScripts();
  const network =
    typeof options.network === "function"
      ? new Network({ seed, compression: nodeCompression, tls, scripts })
      : build(options.network, { seed, compression: nodeCompression, tls, scripts });
  if (typeof options.network === "function") options.network(network);
  const { scheduler, nics } = network;
  const epoch = new Date(network.epoch);
  const capture = pcap === undefined ? undefined : new FileCapture({ path: pcap, scheduler, epoch, nics });
  if (capture !== undefined) tls.onSecret = (line) => capture.secret(line);
  const simulation = new SimulationRun(network, tls);
  const { faults = [] } = options;
  for (const fault of typeof faults === "function" ? faults(simulation) : faults) network.fault(fault);
  try {
    await simulation.run(test, durationOf(options.limit ?? LIMIT) as number as Instant);
    return undefined;
  } catch (error) {
    return { error, at: network.now, lines: simulation.lastLines };
  } finally {
    capture?.close();
  }
}

/** The run is repeated with a capture, since the same seed gives the same run; where it does not, that is told as well. */
async function tell(
  options: SimulateOptions,
  seed: number,
  test: (simulation: Simulation) => Promise<void>,
  failure: Failure,
  file: string,
): Promise<unknown> {
  const folder = options.captures ?? mkdtempSync(join(tmpdir(), "netarium-"));
  mkdirSync(folder, { recursive: true });
  const pcap = join(folder, `seed-${seed}.pcapng`);
  const again = await attempt(options, seed, test, pcap);
  const same = again !== undefined && again.at === failure.at && messageOf(again.error) === messageOf(failure.error);
  const details = [
    `seed ${seed}, at ${(failure.at / 1e9).toFixed(9)} s of virtual time`,
    `capture: ${pcap}`,
    `repeat:  NETARIUM_SEED=${seed} ${runnerOf(file)}`,
    ...(same ? [] : ["The second run with this seed differed: something outside the network has a part in the test."]),
    ...(failure.lines.length === 0 ? [] : ["log:", ...failure.lines.map((line) => `  ${line}`)]),
  ];
  return extend(failure.error, details.map((line) => `    ${line}`).join("\n"));
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The same error, so that a runner shows its difference of values, with more in its message. */
function extend(error: unknown, details: string): unknown {
  if (!(error instanceof Error)) return new Error(`${String(error)}\n${details}`, { cause: error });
  const { message, stack } = error;
  error.message = `${message}\n${details}`;
  if (stack?.includes(message)) error.stack = stack.replace(message, () => error.message);
  return error;
}

/** The first file of a stack that is not of this folder. */
function callerOf(stack: string): string {
  const own = fileURLToPath(new URL(".", import.meta.url));
  for (const [, path = ""] of stack.matchAll(/\(?((?:file:\/\/)?\/[^()\s]+?):\d+:\d+\)?$/gm)) {
    const file = path.startsWith("file:") ? fileURLToPath(path) : path;
    if (!file.startsWith(own)) return relative(process.cwd(), file);
  }
  return relative(process.cwd(), process.argv[1] ?? "");
}

/** The command that runs one test file as it is run now. */
function runnerOf(file: string): string {
  if (process.env.VITEST !== undefined) return `npx vitest run ${file}`;
  const conditions = process.execArgv.filter((option) => /^(--conditions=|-C)/.test(option));
  return ["node", ...conditions, "--test", file].join(" ");
}
