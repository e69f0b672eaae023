import { setImmediate } from "node:timers/promises";
import type { Program, ProgramContext } from "../../../application/program.ts";
import type { Random } from "../../../base/random.ts";
import { Host } from "../../../device/host.ts";
import { type DurationWritten, durationOf } from "../../../network/conditions.ts";
import type { Network } from "../../../network/network.ts";
import type { LogLine, RunningProgram } from "../../../network/programs.ts";
import type { RunLoop } from "../../../network/run.ts";
import type { TlsMaker } from "../../../network/tls-maker.ts";
import { VirtualClock } from "../../../network/virtual-clock.ts";
import type { Clock } from "../../../socket/clock.ts";
import type { Names } from "../../../socket/names.ts";
import type { Sockets } from "../../../socket/socket.ts";
import type { Tls } from "../../../socket/tls.ts";
import { VirtualWaking } from "../../../socket/virtual-waking.ts";
import { type Duration, formatDuration, type Instant, NEVER } from "../../../time/instant.ts";
import { runLoop } from "../run-loop.ts";

/** How long {@link Simulation.until} waits unless told. */
const PATIENCE = "1m";
/** Turns that a test may take for something outside the network when nothing is left to happen inside. */
const TURNS = 100;
const LINES_KEPT = 20;

/** A host as a test sees it: the test's own code can run on it, and programs. */
export interface TestHost {
  readonly name: string;
  readonly device: Host;
  readonly sockets: Sockets;
  readonly names: Names;
  /** Ciphers connections, and certifies names: all hosts trust that. */
  readonly tls: Tls;
  readonly clock: Clock;
  readonly random: Random;
  /** Starts a program on it. */
  start<Parameters extends object>(program: Program<Parameters>, parameters?: Partial<Parameters>): RunningProgram;
  /** Starts a function on it as a program, with sockets, a clock and a log of its own. @param name for its log */
  run(main: (context: ProgramContext) => Promise<void>, name?: string): RunningProgram;
  /** Kills its programs: their sockets are reset. */
  kill(): void;
}

/** What the function of a test is given. */
export interface Simulation {
  readonly seed: number;
  readonly network: Network;
  /** Draws that the seed decides, for what the test itself leaves to chance. */
  readonly random: Random;
  /** @throws RangeError when there is no host of that name */
  host(name: string): TestHost;
  /** Resolves when virtual time has come so far from the start; at once when it has passed. */
  at(time: DurationWritten): Promise<void>;
  /**
   * Resolves after the first event that makes the condition true.
   * @param within virtual time after which it rejects; one minute unless told
   */
  until(condition: () => boolean, within?: DurationWritten): Promise<void>;
  /** Waits for something outside the network, while virtual time stands still. @param name for people */
  work<T>(promise: Promise<T>, name: string): Promise<T>;
  /** Every line that programs have logged so far. */
  readonly log: readonly LogLine[];
}

/** One run of a test: a network, a seed and the test's function. */
export class SimulationRun implements Simulation {
  readonly seed: number;
  readonly network: Network;
  readonly random: Random;
  readonly log: LogLine[] = [];
  readonly #tls: TlsMaker;
  readonly #loop: RunLoop;
  readonly #clock: VirtualClock;
  readonly #hosts = new Map<string, TestHost>();

  constructor(network: Network, tls: TlsMaker) {
    this.network = network;
    this.#tls = tls;
    this.seed = network.seed;
    this.random = network.random.stream("test");
    this.#loop = runLoop(network, { endsWhenIdle: true });
    this.#clock = new VirtualClock(network.scheduler, network.epoch, "clock of the test");
    network.onLog((line) => this.log.push(line));
  }

  /**
   * Runs the test's function until it has ended.
   * @param limit virtual time after which it fails
   */
  async run(test: (simulation: Simulation) => Promise<void>, limit: Instant): Promise<void> {
    let ended = false;
    const body = (async () => test(this))().finally(() => {
      ended = true;
      this.#loop.stop();
    });
    body.catch(() => {});
    for (let turns = 0; !ended; ) {
      const end = await this.#loop.run(limit);
      if (ended) break;
      if (end === "reached") throw new Error(`the test is not over after ${formatDuration(limit)} of virtual time`);
      if (++turns > TURNS) throw new Error("nothing is left that could happen, and the test still waits");
      await setImmediate();
      if (this.network.scheduler.next < NEVER) turns = 0;
    }
    await body;
  }

  // Bound, because a test takes them apart: `async ({ host, at, until }) => …`.

  readonly host = (name: string): TestHost => {
    const host = this.#hosts.get(name) ?? this.#makeHost(name);
    this.#hosts.set(name, host);
    return host;
  };

  readonly at = (time: DurationWritten): Promise<void> => {
    const left = durationOf(time) - this.network.now;
    return left <= 0 ? Promise.resolve() : this.#clock.sleep(left as Duration);
  };

  readonly until = async (condition: () => boolean, within: DurationWritten = PATIENCE): Promise<void> => {
    const patience = durationOf(within);
    let late = false;
    const cancel = this.#clock.after(patience, () => {
      late = true;
    });
    await this.#loop.watch(() => late || condition());
    cancel();
    if (late && !condition()) {
      throw new Error(`the condition ${shorten(condition)} did not become true within ${formatDuration(patience)}`);
    }
  };

  readonly work = <T>(promise: Promise<T>, name: string): Promise<T> =>
    this.network.works.work(promise, `${name} of the test`);

  /** The last lines of the log, for the message of a failure. */
  get lastLines(): string[] {
    return this.log
      .slice(-LINES_KEPT)
      .map(({ at, host, program, text }) => `${(at / 1e9).toFixed(6)} ${host} ${program}: ${text}`);
  }

  #makeHost(name: string): TestHost {
    const device = this.network.devices.get(name);
    if (!(device instanceof Host)) throw new RangeError(`there is no host ${name}`);
    const { network } = this;
    return {
      name,
      device,
      sockets: device.sockets,
      tls: this.#tls.make({ waking: new VirtualWaking(network.scheduler), work: this.work }),
      names: network.names.of(device),
      clock: new VirtualClock(network.scheduler, network.epoch, `clock of the test on ${name}`),
      random: network.random.stream(`test on ${name}`),
      start: (program, parameters) => network.start(device, program, parameters),
      run: (main, program = main.name || "test") => network.start(device, programOf(program, main)),
      kill: () => network.programs.kill(device),
    };
  }
}

/** A function as a program without parameters, whose log lines are texts. */
function programOf(name: string, main: (context: ProgramContext) => Promise<void>): Program {
  return { name, summary: "", parameters: {}, messages: {}, run: main };
}

/** A condition as it stands in the test's source, on one line. */
function shorten(condition: () => boolean): string {
  const text = String(condition)
    .replace(/^\(\)\s*=>\s*/, "")
    .replaceAll(/\s+/g, " ");
  return text.length > 100 ? `${text.slice(0, 97)}…` : text;
}
