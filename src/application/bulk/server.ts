import type { Socket } from "../../socket/socket.ts";
import { listenTcp } from "../../socket/tcp.ts";
import { between, formatDuration } from "../../time/instant.ts";
import type { Program, ProgramContext } from "../program.ts";
import { finish, serveEach } from "../stream.ts";
import { Pattern } from "./pattern.ts";
import {
  decodeRequest,
  REQUEST_BYTES,
  receiveExactly,
  receivePattern,
  sendPattern,
  TransferError,
} from "./transfer.ts";

export const BULK_PORT = 5001;

export interface BulkServerParameters {
  readonly address: string;
  readonly port: number;
  readonly clients: number;
}

/** An upload is answered by one line, `ok` or what is wrong; a download is followed by the end of the stream. */
async function serve({ clock, log, signal }: ProgramContext, socket: Socket): Promise<void> {
  const request = decodeRequest(await receiveExactly(socket, REQUEST_BYTES, signal));
  if (request === undefined) return;
  const { direction, bytes } = request;
  const pattern = new Pattern(request.seed);
  const start = clock.now();
  if (direction === "download") {
    await sendPattern(socket, pattern, bytes, signal);
  } else {
    let answer = "ok";
    try {
      await receivePattern(socket, pattern, bytes, signal);
    } catch (error) {
      if (!(error instanceof TransferError)) throw error;
      answer = error.message;
      log("wrong", { ...socket.getpeername(), what: answer });
    }
    await socket.send(new TextEncoder().encode(`${answer}\n`), { signal });
  }
  await finish(socket, clock);
  log("served", { direction, bytes, time: formatDuration(between(start, clock.now())) });
}

/** The far end of `bulk-client`: takes and gives bytes of a pattern, for tests and measurements. */
export const bulkServer: Program<BulkServerParameters> = {
  name: "bulk-server",
  summary: "Takes or gives many bytes, and checks each that it takes.",
  parameters: {
    address: { type: "address", summary: "The address to listen on; 0.0.0.0 for all.", default: "0.0.0.0" },
    port: { type: "port", summary: "The port to listen on.", default: BULK_PORT },
    clients: { type: "count", summary: "Clients at once; one more is closed at once.", default: 100 },
  },
  messages: {
    listening: "Bulk server on {address}:{port}",
    served: "Served a {direction} of {bytes} bytes in {time}",
    wrong: "From {address}:{port}: {what}",
  },
  run: async (context, { address, port, clients }) => {
    const listener = await listenTcp(context.sockets, { address, port });
    context.log("listening", { ...listener.getsockname() });
    await serveEach(context, listener, clients, (socket) => serve(context, socket));
  },
};
