import { listenTcp } from "../../socket/tcp.ts";
import type { Program } from "../program.ts";
import { finish, serveEach } from "../stream.ts";

export const TIME_PORT = 3434;

export interface TimeServerParameters {
  readonly address: string;
  readonly port: number;
  readonly clients: number;
}

/** The date and time in UTC, as ISO 8601 has it but for people: `"2026-01-01 00:00:00 UTC"`. */
export function formatTime(date: Date): string {
  const [day = "", time = ""] = date.toISOString().split("T");
  return `${day} ${time.slice(0, 8)} UTC`;
}

/** Tells the time to whoever connects: one line, then the end of the stream. What clients send is not read. */
export const timeServer: Program<TimeServerParameters> = {
  name: "time-server",
  summary: "Sends one line with the date and time in UTC to whoever connects, and closes.",
  parameters: {
    address: { type: "address", summary: "The address to listen on; 0.0.0.0 for all.", default: "0.0.0.0" },
    port: { type: "port", summary: "The port to listen on.", default: TIME_PORT },
    clients: { type: "count", summary: "Clients at once; one more is closed at once.", default: 500 },
  },
  messages: {
    listening: "Time server on {address}:{port}",
    told: "Told {address}:{port}: {line}",
  },
  run: async (context, { address, port, clients }) => {
    const { clock, log, sockets } = context;
    const encoder = new TextEncoder();
    const listener = await listenTcp(sockets, { address, port });
    log("listening", { ...listener.getsockname() });
    await serveEach(context, listener, clients, async (socket) => {
      const peer = socket.getpeername();
      const line = `Current time is ${formatTime(clock.date())}`;
      await socket.send(encoder.encode(`${line}\n`));
      log("told", { ...peer, line });
      await finish(socket, clock);
    });
  },
};
