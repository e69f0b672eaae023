import type { ProgramContext } from "../application/program.ts";
import type { Command, CommandIo, HostView } from "../application/shell/command.ts";
import { EXIT_INTERRUPTED } from "../application/shell/command.ts";
import type { Host } from "../device/host.ts";
import type { Network } from "./network.ts";

/** The exit status of a command that was killed: 128 and SIGKILL's number. */
const EXIT_KILLED = 137;

/** A command that runs on a host. */
export interface CommandRun {
  /** The exit status, once it has ended. */
  readonly ended: Promise<number>;
  /** Asks it to end, as Ctrl-C does. */
  interrupt(): void;
  /** Ends it now; its connections are reset. */
  kill(): void;
}

/**
 * Starts a command on a host: a program of the network like any other. While its standard streams are waited for, simulated
 * time stands still.
 */
export function startCommand(
  network: Network,
  host: Host,
  command: Command,
  args: readonly string[],
  io: CommandIo,
): CommandRun {
  let status = EXIT_KILLED;
  const { name, summary } = command;
  const run = network.start(host, {
    name,
    summary,
    parameters: {},
    messages: {},
    run: async (context) => {
      status = await statusOf(command, args, context, viewOf(network, host), heldIo(io, context.work));
    },
  });
  return {
    ended: run.ended.then(() => status),
    interrupt: () => {
      // For one that has not begun; any other says itself how it ended.
      status = EXIT_INTERRUPTED;
      run.stop();
    },
    kill: () => {
      status = EXIT_KILLED;
      run.kill();
    },
  };
}

async function statusOf(
  command: Command,
  args: readonly string[],
  context: ProgramContext,
  host: HostView,
  io: CommandIo,
): Promise<number> {
  try {
    return await command.run({ ...context, host, io }, args);
  } catch (error) {
    if (context.signal.aborted) return EXIT_INTERRUPTED;
    io.stderr(`${command.name}: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function viewOf(network: Network, host: Host): HostView {
  return {
    name: host.name,
    get nameServers() {
      return network.names.of(host).servers;
    },
    snapshot: () => host.snapshot(),
  };
}

function heldIo(io: CommandIo, work: ProgramContext["work"]): CommandIo {
  async function* stdin(): AsyncGenerator<Uint8Array> {
    const input = io.stdin()[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await work(input.next(), "standard input");
      if (done) return;
      yield value;
    }
  }
  return { ...io, stdin, stdout: (bytes) => work(io.stdout(bytes), "standard output") };
}
