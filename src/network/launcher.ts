import { isScriptName, SOURCE_LIMIT, script } from "../application/script/program.ts";
import type { Script } from "../application/script/scripts.ts";
import { Host } from "../device/host.ts";
import type { Input } from "./input-log.ts";
import type { Network } from "./network.ts";
import { PROGRAMS_LIMIT, type RunningProgram, type RunState } from "./programs.ts";

/** Programs that {@link Launcher.list} tells of. */
const LISTED = 100;
const DOOR = "program";
const encoder = new TextEncoder();

/** A program that was started from outside. */
export interface Launched {
  /** Its number. */
  readonly run: number;
  /** Its name in the network, and what it is called. */
  readonly name: string;
  readonly host: string;
  readonly program: string;
  readonly state: RunState;
}

/** Why a script cannot be started. */
export type LaunchRefusal = "no-host" | "bad-name" | "too-long" | "too-many" | "refused";

/**
 * Starts and ends programs from outside: each is an input of the network, so that a record does it again. What a person asks for
 * while time stands comes when it goes on.
 */
export class Launcher {
  readonly #network: Network;
  /** Those that were started from outside, by their numbers. */
  readonly #launched = new Map<number, RunningProgram>();
  #last = 0;

  /** To be made once for a network, before a record is replayed on it. */
  constructor(network: Network) {
    this.#network = network;
    network.inputs.door(DOOR, (input) => this.#take(input));
  }

  /** Starts a script on a host. @returns its number, from 1, by which it is found again; or why it cannot be */
  run(host: string, { name, source }: Script): number | LaunchRefusal {
    const refusal = this.#refuse(host, name, source);
    if (refusal !== undefined) return refusal;
    const bytes = encoder.encode(JSON.stringify({ host, name, source }));
    const number = this.#last + 1;
    if (!this.#network.inputs.submit(DOOR, "run", bytes, number)) return "refused";
    this.#last = number;
    return number;
  }

  /** The last that were started from outside and whose time has come, in their order. */
  list(): Launched[] {
    return [...this.#launched].slice(-LISTED).map(([run, program]) => {
      const { name, host, state } = program.snapshot();
      return { run, name, host, program: program.program.name, state };
    });
  }

  /** Asks a program to stop, by its name in the network such as `"pc1/chat-client"`. @returns false when it cannot be */
  stop(name: string): boolean {
    return this.#submit("stop", name);
  }

  /** Kills a program because of what the machine says of it, such as its time. @returns false when it cannot be */
  kill(name: string): boolean {
    return this.#submit("kill", name);
  }

  #submit(kind: "stop" | "kill", name: string): boolean {
    return this.#find(name) !== undefined && this.#network.inputs.submit(DOOR, kind, encoder.encode(name));
  }

  #find(name: string): RunningProgram | undefined {
    return this.#network.programs.all.find((program) => program.name === name);
  }

  #refuse(host: string, name: string, source: string): LaunchRefusal | undefined {
    if (!(this.#network.devices.get(host) instanceof Host)) return "no-host";
    if (!isScriptName(name)) return "bad-name";
    if (source.length > SOURCE_LIMIT) return "too-long";
    return this.#network.programs.all.length >= PROGRAMS_LIMIT ? "too-many" : undefined;
  }

  #take({ kind, bytes, number }: Input): void {
    const text = new TextDecoder().decode(bytes);
    if (kind === "stop") this.#find(text)?.stop();
    else if (kind === "kill") this.#find(text)?.kill("it took too much of the machine's time");
    else this.#begin(number, text);
  }

  /** What an edit has done meanwhile may have made it impossible. */
  #begin(number: number, text: string): void {
    const { host, name, source } = JSON.parse(text) as Script & { readonly host: string };
    this.#last = Math.max(this.#last, number);
    if (this.#refuse(host, name, source) !== undefined) return;
    this.#launched.set(number, this.#network.start(host, script, { name, source }));
  }
}
