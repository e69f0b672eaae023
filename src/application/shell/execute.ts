import { BUILTINS, type Builtin, HOST_BUILTIN, type ShellControl } from "./builtins.ts";
import { type Command, type CommandIo, type CommandRun, EXIT_INTERRUPTED, EXIT_NOT_FOUND } from "./command.ts";
import type { HostFiles } from "./host-files.ts";
import type { Job } from "./job.ts";
import { Pipe } from "./pipe.ts";
import { type AndOr, expand, type Pipeline, type Redirect, type SimpleCommand } from "./syntax.ts";
import { HarmlessText, harmless } from "./terminal/harmless.ts";

/** What a shell has of the network it stands in. */
export interface ShellWorld {
  readonly commands: ReadonlyMap<string, Command>;
  readonly hosts: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  /** The files of a host. */
  files(host: string): HostFiles;
  /** @returns undefined when no more programs may be started */
  start(host: string, command: Command, args: readonly string[], io: CommandIo): CommandRun | undefined;
}

/** The terminal as its jobs have it. */
export interface JobTerminal {
  readonly columns: number;
  /** Shows a text that does it no harm. */
  write(text: string): void;
  /** What is typed while the job is in the foreground. */
  read(job: Job): AsyncIterable<Uint8Array>;
  /** The job reads no more. */
  leave(job: Job): void;
}

/** A line that is carried out: whose it is, where, and what came before. */
export interface Order {
  readonly job: Job;
  readonly host: string;
  /** Exit status of the command before. */
  readonly status: number;
}

/** A command with its words expanded and its streams open. */
interface Prepared {
  readonly words: readonly string[];
  readonly host: string;
  readonly io: CommandIo;
  /** What its streams hold, which ends with it. */
  readonly close: (() => void)[];
}

const encoder = new TextEncoder();

/** Carries out what a line says, command by command. */
export class Executor {
  readonly #world: ShellWorld;
  readonly #terminal: JobTerminal;
  readonly #control: ShellControl;
  readonly #builtins: ReadonlyMap<string, Builtin>;

  constructor(world: ShellWorld, terminal: JobTerminal, control: ShellControl) {
    this.#world = world;
    this.#terminal = terminal;
    this.#control = control;
    const builtins = control.switches ? [...BUILTINS, HOST_BUILTIN] : BUILTINS;
    this.#builtins = new Map(builtins.map((each) => [each.name, each]));
  }

  get builtins(): Iterable<Builtin> {
    return this.#builtins.values();
  }

  /** @returns the exit status */
  async run({ steps }: AndOr, order: Order): Promise<number> {
    let { status } = order;
    for (const { when, pipeline } of steps) {
      if (order.job.interrupted) break;
      if ((when === "&&" && status !== 0) || (when === "||" && status === 0)) continue;
      status = await this.#pipeline(pipeline, { ...order, status });
    }
    return status;
  }

  async #pipeline(pipeline: Pipeline, order: Order): Promise<number> {
    const { job } = order;
    const pipes = pipeline.slice(1).map(() => new Pipe());
    const runs: CommandRun[] = [];
    for (const [index, command] of pipeline.entries()) {
      const input = pipes[index - 1];
      const output = pipes[index];
      const run = await this.#command(command, order, {
        stdin: input === undefined ? () => this.#terminal.read(job) : () => input.read(),
        stdout: output === undefined ? undefined : (bytes) => output.write(bytes),
      });
      runs.push(run);
      job.add(run);
      void run.ended.then(() => {
        output?.end();
        // Whoever writes for nobody ends, as SIGPIPE does it.
        runs[index - 1]?.kill();
        if (index === 0) this.#terminal.leave(job);
      });
    }
    const statuses = await Promise.all(runs.map(({ ended }) => ended));
    return statuses.at(-1) ?? 0;
  }

  async #command(command: SimpleCommand, order: Order, ends: Ends): Promise<CommandRun> {
    let prepared: Prepared;
    try {
      prepared = await this.#prepare(command, order, ends);
    } catch (error) {
      this.#terminal.write(harmless(`shell: ${error instanceof Error ? error.message : String(error)}\n`));
      return ended(1);
    }
    const run = this.#start(prepared);
    void run.ended.then(() => {
      for (const close of prepared.close) close();
    });
    return run;
  }

  #start({ words, host, io }: Prepared): CommandRun {
    const [name, ...args] = words;
    if (name === undefined) return ended(host === "" || this.#control.goTo(host) ? 0 : 1);
    const builtin = this.#builtins.get(name);
    if (builtin !== undefined) return interruptible(builtin.run(this.#control, io, args));
    const command = this.#world.commands.get(name);
    if (command === undefined) {
      io.stderr(`${name}: command not found (help lists those that there are)\n`);
      return ended(EXIT_NOT_FOUND);
    }
    const run = this.#world.start(host, command, args, io);
    if (run !== undefined) return run;
    io.stderr(`${name}: no more programs can be started in this network\n`);
    return ended(1);
  }

  async #prepare({ words: written, redirects }: SimpleCommand, order: Order, ends: Ends): Promise<Prepared> {
    const words = written.map((word) => expand(word, order.status));
    const other = this.#control.switches ? /^@(.+)$|^(.+)\$$/.exec(words[0] ?? "") : null;
    const named = other === null ? undefined : (other[1] ?? other[2]);
    if (named !== undefined) {
      words.shift();
      if (!this.#world.hosts.some(({ name }) => name === named)) throw new Error(`there is no host ${named}`);
    }
    const host = named ?? order.host;
    const files = this.#world.files(host);
    const terminal = this.#terminal;
    const shown = new HarmlessText();
    let over = false;
    const close = [
      (): void => {
        over = true;
      },
    ];
    const onTerminal = (bytes: Uint8Array): void => {
      if (!over) terminal.write(shown.read(bytes));
    };
    let stdin = ends.stdin;
    let stdout = ends.stdout ?? (async (bytes: Uint8Array): Promise<void> => onTerminal(bytes));
    let stderr = (text: string): void => {
      if (!over) terminal.write(harmless(text));
    };
    for (const { kind, target } of redirects) {
      if (kind === "2>&1") {
        const out = stdout;
        stderr = (text) => void out(encoder.encode(text)).catch(() => {});
        continue;
      }
      const path = expand(target, order.status);
      if (kind === "<") {
        const source = await files.open(path);
        stdin = () => source.pieces();
        continue;
      }
      const write = await writerTo(files, path, kind);
      if (kind === ">" || kind === ">>") stdout = write;
      else stderr = (text) => void write(encoder.encode(text)).catch(() => {});
    }
    // Not a constant: terminals change their size.
    const columns = ends.stdout === undefined && redirects.length === 0 ? () => terminal.columns : () => undefined;
    const io: CommandIo = {
      files,
      get columns() {
        return columns();
      },
      stdin,
      stdout,
      stderr,
    };
    // A host alone is gone to: nothing runs there.
    return { words, host: words.length === 0 && named === undefined ? "" : host, io, close };
  }
}

interface Ends {
  readonly stdin: () => AsyncIterable<Uint8Array>;
  /** Undefined for the terminal. */
  readonly stdout: ((bytes: Uint8Array) => Promise<void>) | undefined;
}

async function writerTo(
  files: HostFiles,
  path: string,
  kind: Exclude<Redirect["kind"], "<" | "2>&1">,
): Promise<(bytes: Uint8Array) => Promise<void>> {
  const file = await files.create(path, { append: kind.endsWith(">>") });
  return (bytes) => file.write(bytes);
}

const ended = (status: number): CommandRun => ({
  ended: Promise.resolve(status),
  interrupt: () => {},
  kill: () => {},
});

/** What is the shell's own ends at once when it is interrupted: what it waited for goes on. */
function interruptible(run: Promise<number>): CommandRun {
  let interrupt = (): void => {};
  const interrupted = new Promise<number>((resolve) => {
    interrupt = () => resolve(EXIT_INTERRUPTED);
  });
  return { ended: Promise.race([run, interrupted]), interrupt, kill: interrupt };
}
