import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import type { MacAddress } from "../../address/mac.ts";
import { readPcapng } from "../../capture/pcapng/reader.ts";
import { Nic } from "../../link/nic.ts";
import { PacketPool } from "../../packet/packet-pool.ts";
import type { Instant } from "../../time/instant.ts";
import { Scheduler } from "../../time/scheduler.ts";
import { FileCapture } from "./capture-file.ts";

const EPOCH = new Date("2026-01-01T00:00:00Z");
const folder = mkdtempSync(join(tmpdir(), "netarium-capture-"));
after(() => rmSync(folder, { recursive: true }));

/** A Nic without a cable: all it sends is dropped, and captured. */
function machine() {
  const scheduler = new Scheduler();
  const pool = new PacketPool();
  const nic = new Nic({ device: "a", name: "eth0", mac: 1 as MacAddress, scheduler, pool });
  const send = (count: number): void => {
    for (let i = 0; i < count; i++) {
      scheduler.advance((scheduler.now + 1) as Instant);
      nic.transmit(pool.from(new Uint8Array(1000).fill(i)));
    }
  };
  return { scheduler, nic, send };
}

test("the file is valid at any moment, and whole once closed", () => {
  const { scheduler, nic, send } = machine();
  const path = join(folder, "a.pcapng");
  const capture = new FileCapture({ path, scheduler, epoch: EPOCH, nics: [nic] });
  assert.deepEqual({ ...readPcapng(readFileSync(path)) }.problem, undefined);
  send(200);
  const sofar = readPcapng(readFileSync(path));
  assert.equal(sofar.problem, undefined);
  assert.ok(sofar.packets > 50 && sofar.packets < 200);
  capture.close();
  capture.close();
  assert.equal(readPcapng(readFileSync(path)).packets, 200);
  send(1);
  assert.equal(readPcapng(readFileSync(path)).packets, 200);
});

test("what was captured is in the file soon, for who reads it meanwhile", async () => {
  const { scheduler, nic, send } = machine();
  const path = join(folder, "b.pcapng");
  const capture = new FileCapture({ path, scheduler, epoch: EPOCH, nics: [nic] });
  send(3);
  scheduler.advance((scheduler.now + 1) as Instant);
  const keepAlive = setInterval(() => {}, 50);
  while (readPcapng(readFileSync(path)).packets < 3) await new Promise((resolve) => setTimeout(resolve, 20));
  clearInterval(keepAlive);
  capture.close();
});

test("a file that cannot be made is refused, one that cannot be written ends the capture with the reason", () => {
  const { scheduler, nic, send } = machine();
  const options = { scheduler, epoch: EPOCH, nics: [nic] };
  assert.throws(() => new FileCapture({ ...options, path: join(folder, "none", "a.pcapng") }), { code: "ENOENT" });
  const errors: (string | undefined)[] = [];
  const onError = (error: NodeJS.ErrnoException): void => void errors.push(error.code);
  const capture = new FileCapture({ ...options, path: "/dev/full", onError });
  send(200);
  assert.deepEqual(errors, ["ENOSPC"]);
  assert.ok(capture.ended);
  capture.close();
});

const CHILD = `
import { FileCapture } from ${JSON.stringify(new URL("capture-file.ts", import.meta.url).href)};
import { Nic } from ${JSON.stringify(new URL("../../link/nic.ts", import.meta.url).href)};
import { PacketPool } from ${JSON.stringify(new URL("../../packet/packet-pool.ts", import.meta.url).href)};
import { Scheduler } from ${JSON.stringify(new URL("../../time/scheduler.ts", import.meta.url).href)};
const scheduler = new Scheduler();
const pool = new PacketPool();
const nic = new Nic({ device: "a", name: "eth0", mac: 1, scheduler, pool });
const capture = new FileCapture({
  path: "-", scheduler, epoch: new Date(0), nics: [nic], onError: (error) => process.stderr.write(error.code),
});
let sent = 0;
for (; sent < 20_000 && !capture.ended; sent++) nic.transmit(pool.from(new Uint8Array(1000)));
capture.close();
process.stderr.write(sent < 20_000 ? "reader gone" : "done");
`;

/** The child's standard output is a pipe of 64 KiB that it fills. */
const spawnChild = () => {
  const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", CHILD]);
  const said: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  const ended = once(child, "close").then(() => Buffer.concat(said).toString());
  return { child, ended };
};

test("standard output takes the capture as a stream, however slowly it is read", async () => {
  const { child, ended } = spawnChild();
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk);
  assert.match(await ended, /done$/);
  const { packets, problem } = readPcapng(Buffer.concat(chunks));
  assert.deepEqual({ packets, problem }, { packets: 20_000, problem: undefined });
});

test("a reader that goes ends the capture without an error", async () => {
  const { child, ended } = spawnChild();
  child.stdout.once("data", () => child.stdout.destroy());
  assert.match(await ended, /reader gone$/);
  assert.equal(child.exitCode, 0);
});
