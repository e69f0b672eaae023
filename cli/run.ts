import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { Host } from "../src/device/host.ts";
import {
  build,
  type Input,
  type InputRecord,
  type Instant,
  type LogLine,
  NEVER,
  type Network,
  type NetworkDocument,
  parseRecord,
  RecordError,
  type RunEnd,
  type RunLoop,
  type Speed,
} from "../src/index.ts";
import { Terminals } from "../src/network/terminals.ts";
import {
  DoorError,
  FileCapture,
  formatProblem,
  NetworkTls,
  nodeCompression,
  nodeScripts,
  type OpenDoor,
  openDoors,
  Recorder,
  runLoop,
} from "../src/platform/node/index.ts";
import { readChecked } from "./check.ts";
import { counted, Output, printableLines } from "./output.ts";
import { Prompt } from "./prompt.ts";
import type { RunOptions } from "./run-options.ts";
import { describeSummary, summarise, TraceHash } from "./summary.ts";
import { EXIT_DONE, EXIT_FAILED, EXIT_USAGE, fileError, UsageError } from "./usage-error.ts";
import { version } from "./version.ts";
import { fillWelcome } from "./welcome.ts";

const PROMPT_HELP =
  "Type commands (help lists them; @HOST goes to another host); Ctrl-C twice, or Ctrl-D, ends the run.";

/** `netarium run FILE`. @returns the exit code @throws UsageError before anything has started */
export async function run(file: string, options: RunOptions): Promise<number> {
  const output = new Output(options.json === true || options.pcap === "-");
  const { document, problems, sha256 } = readChecked(file, options.allow);
  for (const problem of problems) console.error(printableLines(formatProblem(file, problem)));
  if (document === undefined) return EXIT_USAGE;
  checkPorts(document, options.port);
  const record = options.replay === undefined ? undefined : readRecord(options.replay, sha256, options);
  const tls = new NetworkTls();
  const network = build(document, {
    seed: record?.header.seed ?? options.seed,
    compression: nodeCompression,
    tls,
    scripts: nodeScripts(),
  });
  // Making keys takes a while, in which real time would run away from the network.
  if (asksForTls(document)) await tls.authority;
  const session = new Session(file, document, sha256, network, tls, options, output, record);
  return session.run();
}

/** Whether programs will want keys, which take a while to make. */
export const asksForTls = ({ devices }: NetworkDocument): boolean =>
  devices.some((each) => "programs" in each && each.programs.some(({ parameters }) => parameters.tls === true));

/** One run, from its first event to its summary. */
class Session {
  readonly #file: string;
  readonly #document: NetworkDocument;
  readonly #sha256: string;
  readonly #network: Network;
  readonly #tls: NetworkTls;
  readonly #options: RunOptions;
  readonly #output: Output;
  readonly #record: InputRecord | undefined;
  readonly #terminals: Terminals;
  readonly #loop: RunLoop;
  /** The host at whose prompt it begins; undefined where there is no terminal to type at. */
  readonly #promptAt: string | undefined;
  #inputs = 0;
  #interrupted = false;

  constructor(
    file: string,
    document: NetworkDocument,
    sha256: string,
    network: Network,
    tls: NetworkTls,
    options: RunOptions,
    output: Output,
    record: InputRecord | undefined,
  ) {
    this.#file = file;
    this.#document = document;
    this.#sha256 = sha256;
    this.#network = network;
    this.#tls = tls;
    this.#options = options;
    this.#output = output;
    this.#record = record;
    this.#terminals = new Terminals(network);
    this.#promptAt = this.#findPrompt();
    this.#loop = this.#makeLoop();
  }

  async run(): Promise<number> {
    const network = this.#network;
    const trace = this.#options.json ? new TraceHash(network) : undefined;
    network.onLog((line) => this.#log(line));
    const doors = await this.#openDoors();
    let capture: FileCapture | undefined;
    let recorder: Recorder | undefined;
    const ends = this.#onInterrupt();
    let prompt: Prompt | undefined;
    try {
      // Only now that it runs: what a run that cannot start would overwrite may be of use.
      recorder = this.#recorder();
      capture = this.#capture();
      this.#welcome(doors);
      prompt = this.#prompt();
      const began = performance.now();
      const end = await this.#loop.run(this.#limit());
      prompt?.close();
      return this.#finish(end, performance.now() - began, trace);
    } finally {
      ends();
      prompt?.close();
      for (const door of doors) door.close();
      capture?.close();
      recorder?.close(network.now);
    }
  }

  #makeLoop(): RunLoop {
    const network = this.#network;
    const record = this.#record;
    if (record !== undefined) {
      try {
        network.inputs.replay(record.inputs);
      } catch (error) {
        throw new UsageError(`${this.#options.replay}: ${(error as Error).message}`);
      }
      network.works.holding = record.header.clock === "simulated";
    }
    const isOpen = () => record === undefined && (this.#document.doors.length > 0 || this.#promptAt !== undefined);
    const onSlowHold = ({ names, milliseconds }: { names: readonly string[]; milliseconds: number }) =>
      this.#output.say(
        `time has stood still for ${(milliseconds / 1000).toFixed(0)} s, waiting for ${names.join(", ")}`,
      );
    return runLoop(network, { speed: this.#speed(), isOpen, onSlowHold });
  }

  /** As fast as it can where nobody outside waits for it; else in step with the clock on the wall. */
  #speed(): Speed {
    const { speed, for: limit } = this.#options;
    if (speed !== undefined) return speed;
    if (this.#record !== undefined) return "max";
    return limit !== undefined && this.#document.doors.length === 0 ? "max" : 1;
  }

  /** A prompt is for people: in real time, and not where a machine reads what is printed. */
  #findPrompt(): string | undefined {
    const { json, pcap } = this.#options;
    const isTerminal = process.stdin.isTTY && process.stdout.isTTY && !json && pcap !== "-";
    if (!isTerminal || this.#record !== undefined || this.#speed() === "max") return undefined;
    const hosts = [...this.#network.devices.values()].filter((device) => device instanceof Host);
    return (hosts.find(({ kind }) => kind === "host") ?? hosts[0])?.name;
  }

  /** Where one replays on a terminal, what was typed is typed again for all to see. */
  #prompt(): Prompt | undefined {
    const host = this.#promptAt;
    const replays = this.#record !== undefined && process.stdout.isTTY && !this.#options.json;
    if (host === undefined && !replays) return undefined;
    const prompt = new Prompt(this.#terminals, this.#loop, this.#output);
    if (host !== undefined) {
      this.#output.say(PROMPT_HELP);
      prompt.open(host);
    }
    return prompt;
  }

  #limit(): Instant {
    const record = this.#record;
    const asked = (this.#options.for ?? NEVER) as number as Instant;
    if (record === undefined) return asked;
    const last: Input | undefined = record.inputs.at(-1);
    return Math.min(asked, record.end ?? last?.at ?? 0) as Instant;
  }

  #capture(): FileCapture | undefined {
    const { pcap, secrets } = this.#options;
    if (pcap === undefined) return undefined;
    const { scheduler, epoch, nics } = this.#network;
    const onError = (error: Error): void => this.#output.say(`the capture ends: ${error.message}`);
    try {
      const capture = new FileCapture({ path: pcap, scheduler, epoch: new Date(epoch), nics, onError });
      if (secrets !== false) this.#tls.onSecret = (line) => capture.secret(line);
      return capture;
    } catch (error) {
      throw fileError(pcap, error, "write");
    }
  }

  #recorder(): Recorder | undefined {
    const { record: path } = this.#options;
    const { inputs, seed } = this.#network;
    if (path === undefined) {
      inputs.onInput = () => this.#inputs++;
      return undefined;
    }
    const clock = this.#loop.speed === "max" ? "simulated" : "paced";
    try {
      const recorder = new Recorder(path, { netarium: version, document: this.#sha256, seed, clock }, inputs);
      const write = inputs.onInput;
      inputs.onInput = (input) => {
        this.#inputs++;
        write?.(input);
      };
      return recorder;
    } catch (error) {
      throw fileError(path, error, "write");
    }
  }

  async #openDoors(): Promise<OpenDoor[]> {
    if (this.#record !== undefined) return [];
    const onEvent = (door: string, text: string): void => this.#output.log(this.#network.now, "door", door, text);
    try {
      const folder = dirname(this.#file);
      return await openDoors(this.#network, this.#document, { folder, ports: this.#options.port, onEvent });
    } catch (error) {
      if (error instanceof DoorError) throw new UsageError(error.message);
      throw error;
    }
  }

  #welcome(doors: readonly OpenDoor[]): void {
    const { name, devices, welcome } = this.#document;
    const { speed } = this.#loop;
    const clock = speed === "max" ? "as fast as it can" : speed === 1 ? "in real time" : `at ${speed} × real time`;
    const output = this.#output;
    output.say(`${name || this.#file}: ${counted(devices.length, "device")}, seed ${this.#network.seed}, ${clock}`);
    for (const { document, at } of doors) output.say(`  ${describeDoor(document, at)}`);
    if (doors.length === 0 || welcome === "") return;
    const places = new Map(doors.map(({ document, at }) => [document.name, at]));
    output.say(fillWelcome(welcome, places));
  }

  /** The first Ctrl-C ends the run in good order, a second one at once. */
  #onInterrupt(): () => void {
    const stop = (signal: NodeJS.Signals): void => {
      if (this.#interrupted) process.exit(signal === "SIGINT" ? 130 : 143);
      this.#interrupted = true;
      this.#loop.stop();
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    for (const signal of signals) process.on(signal, stop);
    return () => {
      for (const signal of signals) process.off(signal, stop);
    };
  }

  #log({ at, host, program, text }: LogLine): void {
    this.#output.log(at, host, program, text);
  }

  #finish(end: RunEnd, wallMilliseconds: number, trace: TraceHash | undefined): number {
    const summary = summarise(this.#network, this.#loop, {
      file: this.#file,
      sha256: this.#sha256,
      name: this.#document.name,
      end,
      wallMilliseconds,
      inputs: this.#inputs,
      trace: trace?.finish(),
    });
    if (this.#options.json) console.log(JSON.stringify(summary));
    else this.#output.say(describeSummary(summary));
    return this.#network.programs.all.some(({ state }) => state === "failed") ? EXIT_FAILED : EXIT_DONE;
  }
}

function describeDoor(document: OpenDoor["document"], at: string): string {
  if (document.kind !== "publish") return `${document.kind} ${at}: ${document.name}`;
  const { protocol, from, to } = document;
  return `${protocol} ${at} is ${to.address}:${to.port}, entered at ${from}`;
}

/** @throws UsageError for a door's port that is given and a door that there is not */
export function checkPorts({ doors }: NetworkDocument, port: ReadonlyMap<string, number>): void {
  const names = doors.filter(({ kind }) => kind === "publish").map(({ name }) => name);
  for (const name of port.keys()) {
    if (names.includes(name)) continue;
    const known = names.length === 0 ? "this network publishes none" : `there is ${names.join(", ")}`;
    throw new UsageError(`--port ${name}: there is no published port of that name; ${known}`);
  }
}

function readRecord(path: string, sha256: string, { seed }: RunOptions): InputRecord {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw fileError(path, error);
  }
  try {
    const record = parseRecord(text);
    const { header } = record;
    if (header.document !== sha256)
      throw new UsageError(`${path}: it was recorded with another network file, or before this one was changed`);
    if (seed !== undefined && seed !== header.seed)
      throw new UsageError(`${path}: it was recorded with seed ${header.seed}, not ${seed}`);
    if (header.netarium !== version)
      console.error(`${path}: recorded by netarium ${header.netarium}, replayed by ${version}: it may differ`);
    return record;
  } catch (error) {
    if (error instanceof RecordError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}
