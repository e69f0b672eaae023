import type { SocketAddress } from "../../address/endpoint.ts";
import type { Socket } from "../../socket/socket.ts";
import { between, formatDuration } from "../../time/instant.ts";
import { connectTo } from "../connect.ts";
import type { Program, ProgramContext } from "../program.ts";
import { escapeControls } from "../text.ts";
import { Pattern } from "./pattern.ts";
import { encodeRequest, receiveExactly, receivePattern, sendPattern, TransferError } from "./transfer.ts";

export interface BulkClientParameters {
  readonly server: SocketAddress;
  readonly bytes: number;
  /** `"upload"`, `"download"` or `"both"`, one after the other. */
  readonly direction: string;
  readonly seed: number;
}

/** Bytes of the server's answer to an upload. */
const ANSWER_BYTES = 200;

async function transfer(
  { signal }: ProgramContext,
  socket: Socket,
  direction: "upload" | "download",
  { bytes, seed }: BulkClientParameters,
): Promise<void> {
  const pattern = new Pattern(seed);
  await socket.send(encodeRequest({ direction, seed, bytes }), { signal });
  if (direction === "upload") await sendPattern(socket, pattern, bytes, signal);
  else await receivePattern(socket, pattern, bytes, signal);
  await socket.shutdown("write");
  const rest = new TextDecoder().decode(await receiveExactly(socket, ANSWER_BYTES, signal));
  const expected = direction === "upload" ? "ok\n" : "";
  if (rest !== expected) throw new TransferError(`the server says: ${escapeControls(rest.trim())}`);
}

async function run(context: ProgramContext, parameters: BulkClientParameters): Promise<void> {
  const { clock, log, signal } = context;
  const { bytes, direction, server } = parameters;
  if (!["upload", "download", "both"].includes(direction)) {
    throw new RangeError(`direction is "upload", "download" or "both", not "${direction}"`);
  }
  for (const each of ["upload", "download"] as const) {
    if (direction !== each && direction !== "both") continue;
    const socket = await connectTo(context, server, { signal: context.signal });
    try {
      const start = clock.now();
      await transfer(context, socket, each, parameters);
      const time = between(start, clock.now());
      const rate = time > 0 ? ((bytes / 2 ** 20 / time) * 1e9).toFixed(1) : "∞";
      log("done", { direction: each, bytes, time: formatDuration(time), rate });
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    } finally {
      await socket.close();
    }
  }
}

/** Sends or receives many bytes of a pattern, checks each, and tells how fast it was. */
export const bulkClient: Program<BulkClientParameters> = {
  name: "bulk-client",
  summary: "Sends or receives many bytes, checks each, and tells how fast it was.",
  parameters: {
    server: { type: "endpoint", summary: "The bulk server." },
    bytes: { type: "count", summary: "How many bytes.", default: 1_048_576 },
    direction: { type: "text", summary: "upload, download or both.", default: "both" },
    seed: { type: "count", summary: "Which bytes: 0 to 4294967295.", default: 1 },
  },
  messages: { done: "{direction} of {bytes} bytes in {time}: {rate} MiB/s, each byte right" },
  run,
};
