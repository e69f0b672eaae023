import { isPort, type SocketAddress } from "../../address/endpoint.ts";
import { errnoText } from "../../base/errno-text.ts";
import { NameError } from "../../socket/names.ts";
import { type Socket, SocketError } from "../../socket/socket.ts";
import { writeAll } from "../../socket/tcp.ts";
import { between, type Duration, seconds } from "../../time/instant.ts";
import type { Command, CommandContext } from "./command.ts";
import { Input } from "./input.ts";
import { readOptions } from "./options.ts";

const USAGE = "[-klNnuvz] [-p port] [-q seconds] [-w seconds] [destination] [port]";
/** Bytes of one read. */
const PIECE = 65_536;

interface Settings {
  readonly listen: boolean;
  readonly keep: boolean;
  readonly udp: boolean;
  readonly verbose: boolean;
  readonly scan: boolean;
  /** No names, only addresses. */
  readonly numeric: boolean;
  /** Ends its own direction at the end of standard input. */
  readonly halfClose: boolean;
  /** Ends so long after the end of standard input. */
  readonly quitAfter: Duration | undefined;
  /** The longest silence, and the longest attempt to connect. */
  readonly timeout: Duration | undefined;
  readonly localPort: number;
  readonly destination: string;
  readonly ports: readonly number[];
}

/** What is told on standard error, and ends the command with status 1. */
class NcError extends Error {}

/** Reads and writes connections and datagrams, as OpenBSD's netcat. */
export const nc: Command = {
  name: "nc",
  summary: "Connect to a port, or listen on one, over TCP or UDP.",
  usage: USAGE,
  run: async (context, args) => {
    const { io, signal } = context;
    try {
      const settings = settingsOf(args);
      const status = settings.listen ? await listen(context, settings) : await connect(context, settings);
      return signal.aborted ? 130 : status;
    } catch (error) {
      if (signal.aborted) return 130;
      if (error instanceof SocketError) io.stderr(`nc: ${errnoText(error.code)}\n`);
      else if (error instanceof NcError) io.stderr(`nc: ${error.message}\n`);
      else throw error;
      return 1;
    }
  },
};

function settingsOf(args: readonly string[]): Settings {
  const read = readOptions(args, "klNnuvzp:q:w:");
  if (typeof read === "string") throw new NcError(`${read}\nusage: nc ${USAGE}`);
  const { given: options, operands } = read;
  const listens = options.has("l");
  const [first, second] = operands;
  const ports = listens ? (options.get("p") ?? second ?? first) : second;
  if (ports === undefined || operands.length > 2 || (!listens && first === undefined))
    throw new NcError(`missing port or destination\nusage: nc ${USAGE}`);
  if (options.has("k") && !listens) throw new NcError("must use -l with -k");
  if (options.has("z") && listens) throw new NcError("cannot use -z and -l");
  const quit = numberOf(options.get("q") ?? "-1", "quit timer", -1);
  const timeout = options.get("w");
  return {
    listen: listens,
    keep: options.has("k"),
    udp: options.has("u"),
    verbose: options.has("v"),
    scan: options.has("z"),
    numeric: options.has("n"),
    halfClose: options.has("N") || quit >= 0,
    quitAfter: quit < 0 ? undefined : seconds(quit),
    timeout: timeout === undefined ? undefined : seconds(numberOf(timeout, "timeout", 0)),
    localPort: listens ? 0 : portOf(options.get("p") ?? "0"),
    destination: listens ? (second === undefined ? "0.0.0.0" : (first ?? "")) : (first ?? ""),
    ports: portsOf(ports),
  };
}

function numberOf(text: string, what: string, least: number): number {
  const value = Number(text);
  if (!/^-?\d{1,9}$/.test(text) || value < least) throw new NcError(`${what} is invalid: ${text}`);
  return value;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || !isPort(port)) throw new NcError(`port number invalid: ${text}`);
  return port;
}

/** `"80"`, or all of `"20-25"`. */
function portsOf(text: string): number[] {
  const [from = "", to = from] = text.split("-", 2);
  const [first, last] = [portOf(from), portOf(to)].sort((a, b) => a - b) as [number, number];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Goes through the ports: without `-z` until the first that is open. @returns 0 when one was */
async function connect(context: CommandContext, settings: Settings): Promise<number> {
  let status = 1;
  const input = new Input(() => context.io.stdin());
  for (const port of settings.ports) {
    const socket = await tryConnect(context, settings, port);
    if (socket === undefined) continue;
    status = 0;
    try {
      if (!settings.scan) return await relay(context, socket, input, settings);
    } finally {
      await socket.close();
    }
  }
  return status;
}

/** @returns undefined for a port that is not open */
async function tryConnect(context: CommandContext, settings: Settings, port: number): Promise<Socket | undefined> {
  const { sockets, io, signal } = context;
  const { udp, destination, verbose, timeout, localPort } = settings;
  const protocol = udp ? "udp" : "tcp";
  const where = `${destination} port ${port} (${protocol})`;
  for (const address of await addressesOf(context, settings, port)) {
    const socket = sockets.socket("inet", udp ? "dgram" : "stream");
    try {
      if (localPort !== 0) await socket.bind({ address: "0.0.0.0", port: localPort });
      await socket.connect({ address, port }, { signal, timeout });
      if (verbose) io.stderr(`Connection to ${nameOf(destination, address)} ${port} port [${protocol}/*] succeeded!\n`);
      return socket;
    } catch (error) {
      await socket.close();
      if (signal.aborted || !(error instanceof SocketError)) throw error;
      if (error.syscall === "bind") throw error;
      if (verbose) io.stderr(`nc: connect to ${nameOf(where, address)} failed: ${errnoText(error.code)}\n`);
    }
  }
  return undefined;
}

/** A name with the address that was found for it. */
function nameOf(written: string, address: string): string {
  const [name = "", ...rest] = written.split(" ");
  return [name === address ? name : `${name} (${address})`, ...rest].join(" ");
}

async function addressesOf(context: CommandContext, settings: Settings, port: number): Promise<readonly string[]> {
  const { destination, numeric } = settings;
  if (numeric && !/^[\d.]+$/.test(destination))
    throw new NcError(`getaddrinfo for host "${destination}" port ${port}: Name or service not known`);
  try {
    return await context.names.lookup(destination, { signal: context.signal });
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    const why = error.code === "EAI_AGAIN" ? "Temporary failure in name resolution" : "Name or service not known";
    throw new NcError(`getaddrinfo for host "${destination}" port ${port}: ${why}`);
  }
}

async function listen(context: CommandContext, settings: Settings): Promise<number> {
  const { sockets, io, signal } = context;
  const { udp, ports, verbose, keep } = settings;
  const [port = 0] = ports;
  const [address = "0.0.0.0"] = await addressesOf(context, settings, port);
  const socket = sockets.socket("inet", udp ? "dgram" : "stream");
  const input = new Input(() => io.stdin());
  const tell = (from: SocketAddress): void => {
    if (verbose) io.stderr(`Connection received on ${from.address} ${from.port}\n`);
  };
  try {
    if (!udp) socket.setsockopt("SO_REUSEADDR", true);
    await socket.bind({ address, port });
    if (verbose) io.stderr(`${udp ? "Bound" : "Listening"} on ${address} ${port}\n`);
    if (udp) return await receive(context, socket, input, settings, tell);
    await socket.listen();
    for (;;) {
      const connection = await socket.accept({ signal });
      try {
        tell(connection.getpeername());
        const status = await relay(context, connection, input, settings);
        if (!keep) return status;
      } finally {
        await connection.close();
      }
    }
  } finally {
    await socket.close();
  }
}

/** Datagrams: who sends the first is talked with; with `-k` everybody is heard, and nobody answered. */
async function receive(
  context: CommandContext,
  socket: Socket,
  input: Input,
  settings: Settings,
  tell: (from: SocketAddress) => void,
): Promise<number> {
  const { io, signal } = context;
  for (;;) {
    const { data, from } = await socket.recvfrom(PIECE, { signal });
    if (!settings.keep) {
      tell(from);
      await socket.connect(from);
      await io.stdout(data);
      return relay(context, socket, input, settings);
    }
    await io.stdout(data);
  }
}

/** Standard input to the far end, and what comes from there to standard output, until that ends or it was silent too long. */
async function relay(context: CommandContext, socket: Socket, input: Input, settings: Settings): Promise<number> {
  const { clock, io } = context;
  const control = new AbortController();
  const signal = AbortSignal.any([context.signal, control.signal]);
  let active = clock.now();
  const send = async (): Promise<void> => {
    for (;;) {
      const piece = await input.read(signal);
      if (piece === undefined) break;
      if (socket.type === "stream") await writeAll(socket, piece, { signal });
      else await socket.send(piece, { signal });
      active = clock.now();
    }
    if (settings.halfClose && socket.type === "stream") await socket.shutdown("write");
    if (settings.quitAfter === undefined) return;
    await clock.sleep(settings.quitAfter, signal);
    control.abort();
  };
  // What keeps it from sending is told by receiving as well.
  const sending = send().catch(() => {});
  try {
    for (;;) {
      const left = settings.timeout === undefined ? undefined : settings.timeout - between(active, clock.now());
      if (left !== undefined && left <= 0) return 0;
      const piece = await recvWithin(socket, left as Duration | undefined, signal);
      if (piece === undefined) continue;
      if (piece.length === 0 && socket.type === "stream") return 0;
      active = clock.now();
      await io.stdout(piece);
    }
  } catch (error) {
    if (control.signal.aborted) return 0;
    throw error;
  } finally {
    control.abort();
    await sending;
  }
}

/** @returns undefined when there was nothing in the time */
async function recvWithin(
  socket: Socket,
  timeout: Duration | undefined,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  try {
    return await socket.recv(PIECE, { signal, timeout });
  } catch (error) {
    if (error instanceof SocketError && error.code === "EAGAIN") return undefined;
    throw error;
  }
}
