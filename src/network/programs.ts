import type { Compression } from "../application/compression.ts";
import { completeParameters } from "../application/parameters.ts";
import { formatMessage, type LogParameters, type Program, type ProgramContext } from "../application/program.ts";
import { ScriptError } from "../application/script/scripts.ts";
import { assert } from "../base/assert.ts";
import type { Random } from "../base/random.ts";
import type { Host } from "../device/host.ts";
import type { Names } from "../socket/names.ts";
import { type Socket, SocketError, type Sockets } from "../socket/socket.ts";
import { VirtualSockets } from "../socket/virtual.ts";
import { VirtualWaking } from "../socket/virtual-waking.ts";
import { after, type Duration, type Instant } from "../time/instant.ts";
import type { Scheduler } from "../time/scheduler.ts";
import { Timer } from "../time/timer.ts";
import type { ScriptMaker } from "./script-maker.ts";
import type { TlsMaker } from "./tls-maker.ts";
import { VirtualClock } from "./virtual-clock.ts";
import type { Works } from "./work.ts";

/** Programs that a network may have started, those that have ended included. */
export const PROGRAMS_LIMIT = 100_000;

/** A line of a program's log, or of a published port's. */
export interface LogLine {
  readonly at: Instant;
  readonly host: string;
  /** The program's name, or the port's. */
  readonly program: string;
  /** The program's name in the network, by which those of one name are told apart; none of a port. */
  readonly run?: string;
  /** One of its messages, or `program-failed`. */
  readonly code: string;
  readonly parameters: LogParameters;
  /** In English. */
  readonly text: string;
}

export type RunState =
  /** It starts later. */
  | "waiting"
  | "running"
  | "done"
  /** Its promise was rejected, for another reason than that it was to stop. */
  | "failed"
  /** It ended because it was asked to. */
  | "stopped"
  | "killed";

export interface ProgramsOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly epoch: number;
  readonly works: Works;
  readonly compression: Compression | undefined;
  readonly tls: TlsMaker | undefined;
  readonly scripts: ScriptMaker | undefined;
  /** Asks for a program to be killed, by an input. @returns false when that cannot be now */
  readonly overdue: (program: RunningProgram) => boolean;
  /** A host's. */
  readonly names: (host: Host) => Names;
}

/** The programs of a network's hosts. */
export class Programs {
  readonly #options: ProgramsOptions;
  readonly #all: RunningProgram[] = [];
  /** How many each host has started, by its name: one that comes back counts on. */
  readonly #counts = new Map<string, number>();
  readonly #listeners = new Set<(line: LogLine) => void>();

  constructor(options: ProgramsOptions) {
    this.#options = options;
  }

  /** In the order in which they were started. */
  get all(): readonly RunningProgram[] {
    return this.#all;
  }

  /** Calls back with every line of every log. @returns a function that ends that */
  onLog(listener: (line: LogLine) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Starts a program: as an event of the instant, so that those started one after the other begin in that order.
   * @param delay until it begins
   * @throws RangeError when a parameter without a default is missing
   */
  start<Parameters extends object>(
    host: Host,
    program: Program<Parameters>,
    given: Partial<Parameters> = {},
    delay: Duration = 0 as Duration,
  ): RunningProgram {
    assert(this.#all.length < PROGRAMS_LIMIT, "programs are started without limit");
    const parameters = completeParameters(program, given);
    const { scheduler } = this.#options;
    const number = (this.#counts.get(host.name) ?? 0) + 1;
    this.#counts.set(host.name, number);
    const { messages } = program;
    const named = { name: program.titleOf?.(parameters) ?? program.name, messages };
    const run = new RunningProgram(host, named, number, this.#options, (line) => this.log(line));
    this.#all.push(run);
    const timer = new Timer(`program ${run.name}`, () => run.begin((context) => program.run(context, parameters)));
    scheduler.arm(timer, after(scheduler.now, delay));
    return run;
  }

  /** Kills every program of a host: its sockets are reset. */
  kill(host: Host): void {
    for (const run of this.#all) if (run.host === host) run.kill();
  }

  /** Tells a line to all who listen. */
  log(line: LogLine): void {
    for (const listener of this.#listeners) listener(line);
  }
}

/** A program on a host, from its start to its end. */
export class RunningProgram {
  readonly host: Host;
  readonly program: { readonly name: string; readonly messages: Readonly<Record<string, string>> };
  /** Unique in the network: `"pc1/chat-client"`, and `"pc1/chat-client#2"` for its host's second program. */
  readonly name: string;
  /** Resolves when it has ended, however it did. */
  readonly ended: Promise<void>;
  readonly #options: ProgramsOptions;
  readonly #log: (line: LogLine) => void;
  readonly #clock: VirtualClock;
  readonly #control = new AbortController();
  readonly #sockets: OwnSockets;
  #resolve: () => void = () => {};
  #state: RunState = "waiting";
  #error: unknown;

  constructor(
    host: Host,
    program: RunningProgram["program"],
    number: number,
    options: ProgramsOptions,
    log: (line: LogLine) => void,
  ) {
    this.host = host;
    this.program = program;
    this.name = `${host.name}/${program.name}${number === 1 ? "" : `#${number}`}`;
    this.#options = options;
    this.#log = log;
    this.#clock = new VirtualClock(options.scheduler, options.epoch, `clock of ${this.name}`);
    this.#sockets = new OwnSockets(host, options.scheduler);
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get state(): RunState {
    return this.#state;
  }

  /** Why it failed. */
  get error(): unknown {
    return this.#error;
  }

  /** The scheduler's call at its instant. */
  begin(run: (context: ProgramContext) => Promise<void>): void {
    if (this.#state !== "waiting") return;
    this.#state = "running";
    this.#options.scheduler.wake();
    const { scheduler, works, tls, scripts } = this.#options;
    const work: ProgramContext["work"] = (promise, name) => works.work(promise, `${name} of ${this.name}`);
    const context: ProgramContext = {
      sockets: this.#sockets,
      compression: this.#options.compression,
      tls: tls?.make({ waking: new VirtualWaking(scheduler), work }),
      scripts: scripts?.make({ overdue: () => this.#options.overdue(this) }),
      names: this.#options.names(this.host),
      clock: this.#clock,
      random: this.#options.random.stream(`program ${this.name}`),
      log: (code, parameters = {}) => this.#write(code, parameters),
      signal: this.#control.signal,
      work,
    };
    void this.#run(() => run(context));
  }

  async #run(run: () => Promise<void>): Promise<void> {
    try {
      await run();
      this.#end(this.#control.signal.aborted ? "stopped" : "done");
    } catch (error) {
      this.#end(this.#control.signal.aborted ? "stopped" : "failed", error);
    }
  }

  /** Asks it to stop: its signal aborts. */
  stop(): void {
    this.#options.scheduler.wake();
    if (this.#state === "waiting") this.#end("stopped");
    else this.#control.abort(new Error("the program was asked to stop"));
  }

  /**
   * Ends it now, without asking: its sockets are reset, and nothing it still does reaches the network.
   * @param why told in its log, where given
   */
  kill(why?: string): void {
    if (this.#state !== "waiting" && this.#state !== "running") return;
    if (why !== undefined) this.#write("program-killed", { why });
    this.#sockets.reset();
    this.#end("killed");
    this.#control.abort(new Error("the program was killed"));
    this.#options.scheduler.wake();
  }

  snapshot(): { readonly name: string; readonly host: string; readonly state: RunState; readonly sockets: number } {
    return { name: this.name, host: this.host.name, state: this.#state, sockets: this.#sockets.count };
  }

  #end(state: RunState, error?: unknown): void {
    if (this.#state !== "waiting" && this.#state !== "running") return;
    this.#state = state;
    if (state === "failed") {
      this.#error = error;
      const why = error instanceof Error ? error.message : String(error);
      this.#write("program-failed", { why, ...(error instanceof ScriptError && placeOf(error)) });
    }
    this.#clock.stop();
    this.#sockets.close();
    this.#resolve();
  }

  #write(code: string, parameters: LogParameters): void {
    if (this.#state === "killed") return;
    const { name, messages } = this.program;
    const all = {
      ...messages,
      "program-failed": `${name} failed: {why}`,
      "program-killed": `${name} was killed: {why}`,
    };
    const text = formatMessage(all, code, parameters);
    const at = this.#options.scheduler.now;
    this.#log({ at, host: this.host.name, program: name, run: this.name, code, parameters, text });
  }
}

/** Where in a script it failed, for who marks it there. */
const placeOf = ({ code, line, column }: ScriptError): LogParameters => ({
  reason: code,
  ...(line !== undefined && { line }),
  ...(column !== undefined && { column }),
});

/** The sockets of one program on its host, all of which end with it. */
class OwnSockets implements Sockets {
  readonly #sockets: VirtualSockets;
  #ended = false;

  constructor({ tcp, udp, internet }: Host, scheduler: Scheduler) {
    this.#sockets = new VirtualSockets({ tcp, udp, icmp: internet.icmp.raw, scheduler });
  }

  get count(): number {
    return this.#sockets.open.size;
  }

  socket(...[family, type, protocol]: Parameters<Sockets["socket"]>): Socket {
    if (this.#ended) throw new SocketError("ECANCELED", "socket");
    return this.#sockets.socket(family, type, protocol);
  }

  /** As an operating system does for a program that has ended. */
  close(): void {
    this.#ended = true;
    for (const socket of [...this.#sockets.open]) socket.close().catch(() => {});
  }

  reset(): void {
    for (const socket of this.#sockets.open) if (socket.type === "stream") socket.setsockopt("SO_LINGER", 0);
    this.close();
  }
}
