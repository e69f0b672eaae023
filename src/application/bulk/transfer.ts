import type { Socket } from "../../socket/socket.ts";
import type { Pattern } from "./pattern.ts";

/** Bytes that are received at once. */
const PIECE = 65_536;

/** What a client asks of the server, in front of the transfer. */
export interface BulkRequest {
  /** From the client's side. */
  readonly direction: "upload" | "download";
  /** 0 to 2^32 − 1. */
  readonly seed: number;
  readonly bytes: number;
}

/** Direction (1 byte), three zeros, seed (4 bytes), count (8 bytes); numbers stand in network order. */
export const REQUEST_BYTES = 16;

export function encodeRequest({ direction, seed, bytes }: BulkRequest): Uint8Array {
  const view = new DataView(new ArrayBuffer(REQUEST_BYTES));
  view.setUint8(0, direction === "upload" ? 1 : 2);
  view.setUint32(4, seed);
  view.setBigUint64(8, BigInt(bytes));
  return new Uint8Array(view.buffer);
}

/** @returns undefined when it is no request */
export function decodeRequest(request: Uint8Array): BulkRequest | undefined {
  if (request.length !== REQUEST_BYTES) return undefined;
  const view = new DataView(request.buffer, request.byteOffset, REQUEST_BYTES);
  const head = view.getUint32(0);
  const bytes = Number(view.getBigUint64(8));
  if ((head !== 0x01000000 && head !== 0x02000000) || !Number.isSafeInteger(bytes)) return undefined;
  return { direction: head === 0x01000000 ? "upload" : "download", seed: view.getUint32(4), bytes };
}

/** Sends the first `bytes` of a pattern. */
export async function sendPattern(socket: Socket, pattern: Pattern, bytes: number, signal: AbortSignal): Promise<void> {
  for (let sent = 0; sent < bytes; ) {
    sent += await socket.send(pattern.piece(sent, bytes - sent), { signal });
  }
}

/**
 * Receives the first `bytes` of a pattern and checks each of them.
 * @throws Error naming the first byte that is wrong or missing
 */
export async function receivePattern(
  socket: Socket,
  pattern: Pattern,
  bytes: number,
  signal: AbortSignal,
): Promise<void> {
  for (let received = 0; received < bytes; ) {
    const piece = await socket.recv(Math.min(PIECE, bytes - received), { signal });
    if (piece.length === 0) throw new TransferError(`the stream ended after ${received} of ${bytes} bytes`);
    const wrong = pattern.differs(received, piece);
    if (wrong !== undefined) throw new TransferError(`byte ${wrong} of ${bytes} is wrong`);
    received += piece.length;
  }
}

/** Receives exactly so many bytes, or less when the stream ends before. */
export async function receiveExactly(socket: Socket, bytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const all = new Uint8Array(bytes);
  for (let received = 0; received < bytes; ) {
    const piece = await socket.recv(bytes - received, { signal });
    if (piece.length === 0) return all.subarray(0, received);
    all.set(piece, received);
    received += piece.length;
  }
  return all;
}

/** The bytes that came are not those that were sent. */
export class TransferError extends Error {
  override name = "TransferError";
}
