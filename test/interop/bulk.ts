/** The far end of our bulk programs, spoken through the standard streams of a program such as nc. */
import assert from "node:assert/strict";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { Pattern } from "../../src/application/bulk/pattern.ts";
import { encodeRequest } from "../../src/application/bulk/transfer.ts";

const SEED = 7;

/** Sends so many bytes to a bulk server, which checks each. */
export async function upload(nc: ChildProcessWithoutNullStreams, bytes: number): Promise<void> {
  const pattern = new Pattern(SEED);
  const answer: Buffer[] = [];
  nc.stdout.on("data", (chunk: Buffer) => answer.push(chunk));
  nc.stdin.write(encodeRequest({ direction: "upload", seed: SEED, bytes }));
  for (let sent = 0; sent < bytes; ) {
    const piece = pattern.piece(sent, bytes - sent);
    sent += piece.length;
    if (!nc.stdin.write(piece)) await once(nc.stdin, "drain");
  }
  nc.stdin.end();
  await once(nc, "close");
  assert.equal(Buffer.concat(answer).toString(), "ok\n");
}

/** Receives so many bytes from a bulk server, and checks each. */
export async function download(nc: ChildProcessWithoutNullStreams, bytes: number): Promise<void> {
  const pattern = new Pattern(SEED);
  nc.stdin.end(encodeRequest({ direction: "download", seed: SEED, bytes }));
  let received = 0;
  for await (const chunk of nc.stdout as AsyncIterable<Buffer>) {
    assert.equal(pattern.differs(received, chunk), undefined);
    received += chunk.length;
  }
  assert.equal(received, bytes);
}
