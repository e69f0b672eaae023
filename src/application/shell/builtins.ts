import type { CommandIo } from "./command.ts";
import { help } from "./help.ts";
import type { Job } from "./job.ts";

/** What a builtin may do to its shell. */
export interface ShellControl {
  /** The jobs that run in the background, oldest first. */
  readonly jobs: readonly Job[];
  readonly history: readonly string[];
  /** All that may be called, builtins included. */
  readonly commands: Iterable<{ readonly name: string; readonly summary: string; readonly usage: string }>;
  readonly switches: boolean;
  clear(): void;
  exit(): void;
  /** Waits for a job as if it had been started without `&`. @returns its status */
  foreground(job: Job): Promise<number>;
  /** @returns its status */
  wait(job: Job): Promise<number>;
  /** Goes on at another host. @returns false when there is none of the name */
  goTo(host: string): boolean;
}

/** A command that is the shell's own. */
export interface Builtin {
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  run(shell: ShellControl, io: CommandIo, args: readonly string[]): Promise<number>;
}

const encoder = new TextEncoder();
const print = (io: CommandIo, text: string): Promise<void> => io.stdout(encoder.encode(text));

/** `%1`, `1`, or nothing for the last. */
function jobOf({ jobs }: ShellControl, written: string | undefined): Job | undefined {
  const number = written?.replace(/^%/, "");
  return number === undefined || number === "+" || number === "%"
    ? jobs.at(-1)
    : jobs.find((job) => String(job.number) === number);
}

const noJob = (io: CommandIo, name: string, written = "current"): number => {
  io.stderr(`${name}: ${written}: no such job\n`);
  return 1;
};

/** A line of `jobs`: `"[1]+  Running    ping -c 100 pc2 &"`. */
export const jobLine = (job: Job, jobs: readonly Job[], state: string): string =>
  `[${job.number}]${job === jobs.at(-1) ? "+" : " "}  ${state.padEnd(10)} ${job.text}\n`;

export const BUILTINS: readonly Builtin[] = [
  {
    name: "clear",
    summary: "Clear the terminal.",
    usage: "",
    run: async (shell) => {
      shell.clear();
      return 0;
    },
  },
  {
    name: "exit",
    summary: "Leave the shell; Ctrl-D on an empty line does as well.",
    usage: "",
    run: async (shell) => {
      shell.exit();
      return 0;
    },
  },
  {
    name: "fg",
    summary: "Wait for a job that runs in the background; Ctrl-Z sends it back there.",
    usage: "[%job]",
    run: async (shell, io, [written]) => {
      const job = jobOf(shell, written);
      if (job === undefined) return noJob(io, "fg", written);
      await print(io, `${job.text}\n`);
      return shell.foreground(job);
    },
  },
  {
    name: "help",
    summary: "List the commands, or say how one is used.",
    usage: "[command]",
    run: async (shell, io, [asked]) => {
      const status = await help(io, shell.commands, asked);
      if (asked !== undefined) return status;
      await print(io, `\n${KEYS}${shell.switches ? HOSTS : ""}`);
      return status;
    },
  },
  {
    name: "history",
    summary: "List the lines that were typed.",
    usage: "",
    run: async (shell, io) => {
      await print(io, shell.history.map((line, index) => `${String(index + 1).padStart(5)}  ${line}\n`).join(""));
      return 0;
    },
  },
  {
    name: "jobs",
    summary: "List what runs in the background.",
    usage: "",
    run: async ({ jobs }, io) => {
      await print(io, jobs.map((job) => jobLine(job, jobs, "Running")).join(""));
      return 0;
    },
  },
  {
    name: "kill",
    summary: "End a job: as Ctrl-C does, or with -9 at once.",
    usage: "[-9] %job",
    run: async (shell, io, args) => {
      const [written] = args.filter((word) => !word.startsWith("-"));
      const job = written === undefined ? undefined : jobOf(shell, written);
      if (job === undefined) return noJob(io, "kill", written);
      if (args.includes("-9") || args.includes("-KILL")) job.kill();
      else job.interrupt();
      return 0;
    },
  },
  {
    name: "wait",
    summary: "Wait until all jobs, or one of them, have ended.",
    usage: "[%job]",
    run: async (shell, io, [written]) => {
      if (written === undefined) {
        for (const job of [...shell.jobs]) await shell.wait(job);
        return 0;
      }
      const job = jobOf(shell, written);
      return job === undefined ? noJob(io, "wait", written) : shell.wait(job);
    },
  },
];

const KEYS =
  "Tab completes, Up and Down go through history, Ctrl-C interrupts, Ctrl-Z sends to the background.\n" +
  "; && || & | > >> < 2> and quotes are as in sh; $? is the last exit status.\n";
const HOSTS = "@HOST COMMAND runs a command on another host; host NAME, or @NAME alone, goes there.\n";

/** Where a shell may go from host to host. */
export const HOST_BUILTIN: Builtin = {
  name: "host",
  summary: "Go on at another host.",
  usage: "name",
  run: async (shell, io, [name]) => {
    if (name !== undefined && shell.goTo(name)) return 0;
    io.stderr(`host: there is no host ${name ?? ""}\n`);
    return 1;
  },
};
