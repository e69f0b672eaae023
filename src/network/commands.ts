import type { ProgramContext } from "../application/program.ts";
import type { CapturedFrame, Command, CommandIo, CommandRun, HostView } from "../application/shell/command.ts";
import { EXIT_INTERRUPTED } from "../application/shell/command.ts";
import type { Host } from "../device/host.ts";
import type { Tap } from "../link/tap.ts";
import type { Clock } from "../socket/clock.ts";
import type { Duration } from "../time/instant.ts";
import { settingsOf } from "./host-settings.ts";
import type { Network } from "./network.ts";

/** The exit status of a command that was killed: 128 and SIGKILL's number. */
const EXIT_KILLED = 137;
/** A terminal takes 10 MB of output in a second of virtual time, so that no program fills the world with it. */
const NANOSECONDS_PER_BYTE = 100;
/** Bytes of output after which time is taken for them. */
const OUTPUT_UNPACED = 65_536;

/**
 * Starts a command on a host: a program of the network like any other.
 * @param streams `outside`: while its standard streams are waited for, simulated time stands still. `terminal`: they are in
 * the network as well, and time goes on
 */
export function startCommand(
  network: Network,
  host: Host,
  command: Command,
  args: readonly string[],
  io: CommandIo,
  streams: "outside" | "terminal" = "outside",
): CommandRun {
  let status = EXIT_KILLED;
  const { name, summary } = command;
  const run = network.start(host, {
    name,
    summary,
    parameters: {},
    messages: {},
    run: async (context) => {
      const ioOf = streams === "outside" ? heldIo : pacedIo;
      status = await statusOf(command, args, context, viewOf(network, host), ioOf(io, context));
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
    settings: settingsOf(host),
    capture: (nic, take) => capture(network, host, nic, take),
  };
}

function capture(
  { scheduler }: Network,
  host: Host,
  name: string | undefined,
  take: (frame: CapturedFrame) => void,
): (() => void) | undefined {
  const nics = host.nics.filter((nic) => name === undefined || nic.name === name);
  if (nics.length === 0) return undefined;
  const tap: Tap = {
    saw: (at, nic, direction, { bytes, start, end }) => {
      // What is looped back is seen once, where it comes in.
      if (direction === "drop" || (direction === "out" && nic.medium === "loopback")) return;
      take({ at, nic: nic.name, direction, bytes: bytes.slice(start, end) });
      scheduler.wake();
    },
  };
  for (const nic of nics) nic.addTap(tap);
  return () => {
    for (const nic of nics) nic.removeTap(tap);
  };
}

function heldIo(io: CommandIo, { work }: ProgramContext): CommandIo {
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

function pacedIo(io: CommandIo, { clock }: { readonly clock: Clock }): CommandIo {
  let unpaced = 0;
  const stdout = async (bytes: Uint8Array): Promise<void> => {
    await io.stdout(bytes);
    unpaced += bytes.length;
    if (unpaced < OUTPUT_UNPACED) return;
    const length = unpaced;
    unpaced = 0;
    await clock.sleep((length * NANOSECONDS_PER_BYTE) as Duration);
  };
  return {
    ...io,
    stdout,
    get columns() {
      return io.columns;
    },
  };
}
