import type { CommandIo } from "../application/shell/command.ts";
import type { ShellWorld } from "../application/shell/execute.ts";
import { HostFiles } from "../application/shell/host-files.ts";
import { COMMANDS, Shell } from "../application/shell/session.ts";
import { Host } from "../device/host.ts";
import { startCommand } from "./commands.ts";
import type { Input } from "./input-log.ts";
import type { Network } from "./network.ts";
import { PROGRAMS_LIMIT } from "./programs.ts";

/** Terminals that a network may have open. */
export const TERMINALS_LIMIT = 32;
/** Bytes of one input: more is cut into several. */
const INPUT_LIMIT = 65_536;
/** Columns that a terminal may have, and what the number of columns is moved by beside that of rows. */
const SIZE_LIMIT = 4096;

const DOOR = "terminal";
const encoder = new TextEncoder();

export interface TerminalOptions {
  /** Whether lines may lead to other hosts: `@pc2 ping pc1`. */
  readonly switches?: boolean;
}

/** A terminal as it stands. */
export interface TerminalShown {
  readonly terminal: number;
  readonly host: string;
  /** What shows all that stands on it on an empty terminal. */
  readonly shown: string;
}

/**
 * The terminals of a network's hosts, each with a shell. All that happens at one is an input of the network, so that a record
 * types it again; what they show is no part of the network. Time does not wait for what is typed.
 */
export class Terminals {
  readonly #network: Network;
  readonly #shells = new Map<number, Shell>();
  readonly #files = new Map<string, HostFiles>();
  readonly #world: ShellWorld;
  /** The hosts of those that are open or being opened. */
  readonly #open = new Map<number, string>();
  #last = 0;

  /** Takes what a terminal is sent, as an xterm understands it. */
  onOutput: (terminal: number, text: string) => void = () => {};
  /** A shell has ended, by itself or because it was closed. */
  onClosed: (terminal: number) => void = () => {};

  /** To be made once for a network, before a record is replayed on it. */
  constructor(network: Network) {
    this.#network = network;
    this.#world = this.#makeWorld();
    network.inputs.door(DOOR, (input) => this.#take(input));
    network.onRemoved(({ name }) => this.#leave(name));
  }

  /** Opens a shell on a host. @returns its number, from 1; undefined when there is no such host, or when too many are open */
  open(host: string, columns: number, rows: number, { switches = false }: TerminalOptions = {}): number | undefined {
    if (!(this.#network.devices.get(host) instanceof Host) || this.#open.size >= TERMINALS_LIMIT) return undefined;
    const number = this.#last + 1;
    const kind = switches ? "open-any" : "open";
    if (!this.#network.inputs.submit(DOOR, kind, encoder.encode(host), number, sizeOf(columns, rows))) return undefined;
    this.#last = number;
    this.#open.set(number, host);
    return number;
  }

  /** Types a text, as an xterm sends it. @returns false when there is no such terminal, or too much waits already */
  input(terminal: number, text: string): boolean {
    if (!this.#open.has(terminal)) return false;
    const bytes = encoder.encode(text);
    for (let at = 0; at < bytes.length; at += INPUT_LIMIT) {
      if (!this.#network.inputs.submit(DOOR, "type", bytes.slice(at, at + INPUT_LIMIT), terminal)) return false;
    }
    return true;
  }

  resize(terminal: number, columns: number, rows: number): boolean {
    if (!this.#open.has(terminal)) return false;
    return this.#network.inputs.submit(DOOR, "resize", undefined, terminal, sizeOf(columns, rows));
  }

  /** Hangs up: what runs at the terminal is asked to end. */
  close(terminal: number): boolean {
    return this.#open.has(terminal) && this.#network.inputs.submit(DOOR, "close", undefined, terminal);
  }

  /** Those that are open, and those that will be when time goes on. */
  list(): TerminalShown[] {
    return [...this.#open].map(([terminal, host]) => {
      const shell = this.#shells.get(terminal);
      return { terminal, host: shell?.host ?? host, shown: shell?.shown ?? "" };
    });
  }

  /** Whether a terminal waits for a command, and none is being typed. */
  isIdle(terminal: number): boolean {
    return this.#shells.get(terminal)?.isIdle ?? false;
  }

  /** Shows lines above what is typed at a terminal. Nothing in the network learns of it. */
  tell(terminal: number, text: string): void {
    this.#shells.get(terminal)?.tell(text);
  }

  #take(input: Input): void {
    const { kind, number, bytes, count } = input;
    if (kind === "open" || kind === "open-any") {
      this.#begin(number, new TextDecoder().decode(bytes), columnsOf(count), kind === "open-any");
      return;
    }
    const shell = this.#shells.get(number);
    if (kind === "type") shell?.input(new TextDecoder().decode(bytes));
    else if (kind === "resize") shell?.resize(columnsOf(count));
    else if (kind === "close" && shell !== undefined) {
      shell.hangUp();
      this.#end(number);
    }
  }

  #begin(number: number, host: string, columns: number, switches: boolean): void {
    this.#last = Math.max(this.#last, number);
    if (!(this.#network.devices.get(host) instanceof Host) || this.#shells.size >= TERMINALS_LIMIT) {
      this.#end(number);
      return;
    }
    this.#open.set(number, host);
    const output = (text: string): void => this.onOutput(number, text);
    const closed = (): void => this.#end(number);
    this.#shells.set(number, new Shell({ world: this.#world, host, columns, switches, output, closed }));
  }

  /** A host is no more, and with it its shells and its files. */
  #leave(host: string): void {
    this.#files.delete(host);
    for (const [number, shell] of [...this.#shells]) {
      if (shell.host !== host) continue;
      shell.hangUp();
      this.#end(number);
    }
  }

  #end(number: number): void {
    this.#shells.delete(number);
    if (this.#open.delete(number)) this.onClosed(number);
  }

  #makeWorld(): ShellWorld {
    const network = this.#network;
    const hostsOf = (): Host[] => [...network.devices.values()].filter((device) => device instanceof Host);
    return {
      commands: COMMANDS,
      get hosts() {
        return hostsOf().map((host) => ({
          name: host.name,
          addresses: host
            .snapshot()
            .ipv4.interfaces.filter(({ name }) => name !== "lo")
            .flatMap(({ addresses }) => addresses.map((address) => address.split("/")[0] ?? "")),
        }));
      },
      files: (host) => this.#filesOf(host),
      start: (name, command, args, io: CommandIo) => {
        const host = network.devices.get(name);
        if (!(host instanceof Host) || network.programs.all.length >= PROGRAMS_LIMIT) return undefined;
        return startCommand(network, host, command, args, io, "terminal");
      },
    };
  }

  #filesOf(host: string): HostFiles {
    const files = this.#files.get(host) ?? new HostFiles();
    this.#files.set(host, files);
    return files;
  }
}

const clamp = (size: number): number => Math.min(Math.max(Math.trunc(size) || 1, 1), SIZE_LIMIT - 1);
/** One number of an input for both. */
const sizeOf = (columns: number, rows: number): number => clamp(columns) * SIZE_LIMIT + clamp(rows);
const columnsOf = (size: number): number => Math.max(2, Math.floor(size / SIZE_LIMIT));
