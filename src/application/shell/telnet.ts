import { isPort } from "../../address/endpoint.ts";
import { errnoText } from "../../base/errno-text.ts";
import { NameError } from "../../socket/names.ts";
import { type Socket, SocketError } from "../../socket/socket.ts";
import { writeAll } from "../../socket/tcp.ts";
import { type Command, type CommandContext, EXIT_INTERRUPTED } from "./command.ts";
import { Input } from "./input.ts";
import { answerTo, TelnetReader, toTelnet } from "./telnet-bytes.ts";

const TELNET_PORT = 23;
const PIECE = 65_536;
const encoder = new TextEncoder();

/** Types lines to a server and shows what it says (RFC 854), as Debian's telnet does. */
export const telnet: Command = {
  name: "telnet",
  summary: "Type lines to a server, and read what it says.",
  usage: "host [port]",
  run: async (context, [host, written = String(TELNET_PORT), ...more]) => {
    const port = Number(written);
    if (host === undefined || host.startsWith("-") || more.length > 0 || !/^\d{1,5}$/.test(written) || !isPort(port)) {
      context.io.stderr(`usage: telnet ${telnet.usage}\n`);
      return 1;
    }
    try {
      const socket = await connect(context, host, port);
      return socket === undefined ? 1 : await talk(context, socket);
    } catch (error) {
      if (context.signal.aborted) return EXIT_INTERRUPTED;
      throw error;
    }
  },
};

/** @returns undefined when none of its addresses takes a connection, which is told */
async function connect(context: CommandContext, host: string, port: number): Promise<Socket | undefined> {
  const { names, sockets, signal, io } = context;
  const print = (text: string): Promise<void> => io.stdout(encoder.encode(text));
  let addresses: readonly string[];
  try {
    addresses = await names.lookup(host, { signal });
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    io.stderr(`telnet: could not resolve ${host}/${port}: Name or service not known\n`);
    return undefined;
  }
  for (const address of addresses) {
    await print(`Trying ${address}...\n`);
    const socket = sockets.socket("inet", "stream");
    try {
      await socket.connect({ address, port }, { signal });
      await print(`Connected to ${host}.\n`);
      return socket;
    } catch (error) {
      await socket.close();
      if (signal.aborted || !(error instanceof SocketError)) throw error;
      io.stderr(`telnet: Unable to connect to remote host: ${errnoText(error.code)}\n`);
    }
  }
  return undefined;
}

/** Until the server closes; the end of standard input ends it too. */
async function talk({ io, signal: outer }: CommandContext, socket: Socket): Promise<number> {
  const control = new AbortController();
  const signal = AbortSignal.any([outer, control.signal]);
  const input = new Input(() => io.stdin());
  const reader = new TelnetReader();
  const send = async (): Promise<void> => {
    for (let piece = await input.read(signal); piece !== undefined; piece = await input.read(signal)) {
      await writeAll(socket, toTelnet(piece), { signal });
    }
    await socket.shutdown("write");
  };
  // What keeps it from sending is told by receiving as well.
  const sending = send().catch(() => {});
  try {
    for (;;) {
      const piece = await socket.recv(PIECE, { signal });
      if (piece.length === 0) break;
      const { data, asked } = reader.read(piece);
      if (data.length > 0) await io.stdout(data);
      for (const option of asked) await writeAll(socket, answerTo(option), { signal });
    }
    io.stderr("Connection closed by foreign host.\n");
    return 1;
  } catch (error) {
    if (outer.aborted || !(error instanceof SocketError)) throw error;
    io.stderr(`Connection closed by foreign host: ${errnoText(error.code)}\n`);
    return 1;
  } finally {
    control.abort();
    await sending;
    await socket.close();
  }
}
