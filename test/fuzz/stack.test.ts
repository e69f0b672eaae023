/** Hosts survive mutated frames: nothing is thrown, every packet is released, and they still answer afterwards. */
import assert from "node:assert/strict";
import test from "node:test";
import { ANY, ip } from "../../src/address/ip.ts";
import { finish, sum } from "../../src/base/checksum.ts";
import { Random } from "../../src/base/random.ts";
import type { Host } from "../../src/device/host.ts";
import type { Nic } from "../../src/link/nic.ts";
import { sealIpv4Header } from "../../src/wire/ipv4.ts";
import { Lab } from "../fixtures/hosts.ts";
import { Trace } from "../fixtures/trace.ts";
import { size } from "../size.ts";
import { Mutator } from "./mutator.ts";

/** For each of the four tests below. */
const FRAMES = size(5_000, 250_000);

/** Frames of every kind as a router's Nics saw them: ARP, pings, fragments, errors, UDP, TCP. */
function samples(): Uint8Array[] {
  const lab = new Lab();
  const { a, r, b } = lab.routed(576);
  const trace = new Trace();
  for (const nic of r.nics) nic.addTap(trace);
  const options = Uint8Array.from([7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  lab.ping(a, "10.0.2.1", new Uint8Array(1200));
  lab.ping(a, "10.0.2.1", new Uint8Array(8), { headerOptions: options });
  lab.ping(a, "10.0.2.1", new Uint8Array(1200), { dontFragment: true });
  lab.ping(a, "10.0.2.1", new Uint8Array(8), { hopLimit: 1 });
  lab.ping(a, "192.0.2.1");
  lab.ping(a, "10.0.2.254");
  const socket = a.udp.open();
  socket.send(new Uint8Array(10), { address: ip("10.0.2.1"), port: 9 });
  socket.send(new Uint8Array(10), { address: ip("10.0.2.254"), port: 7 });
  const binding = b.tcp.bind(ANY, 80, false);
  if (typeof binding !== "string") b.tcp.listen(binding, 5);
  for (const port of [80, 81]) {
    const connection = a.tcp.connect(undefined, ip("10.0.2.1"), port);
    lab.run();
    if (typeof connection === "string") continue;
    connection.write(new Uint8Array(900));
    lab.run();
    connection.close();
    lab.run(5);
  }
  return trace.lines.map((line) => Uint8Array.from(Buffer.from(line.split(" ").at(-1) ?? "", "hex")));
}

/** Puts the checksums of a frame right, as far as it has any, so that what is behind them is reached. */
function seal(frame: Uint8Array): void {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 34 || view.getUint16(12) !== 0x0800) return;
  const header = Math.max(20, (view.getUint8(14) & 15) * 4);
  if (14 + header > frame.length) return;
  sealIpv4Header(view, 14, header);
  const at = 14 + header;
  const end = Math.min(frame.length, 14 + view.getUint16(16));
  const protocol = view.getUint8(23);
  const field = { 1: 2, 6: 16, 17: 6 }[protocol];
  if (field === undefined || at + field + 2 > end) return;
  view.setUint16(at + field, 0);
  const pseudo = protocol === 1 ? 0 : sum(view, 26, 34, protocol + end - at);
  view.setUint16(at + field, finish(sum(view, at, end, pseudo)));
}

/** A router whose Nics take frames from nobody in particular, with endpoints of every kind. */
function target(lab: Lab, end: 0 | 1): { box: Host; nics: readonly Nic[]; close: () => void } {
  const box = lab.router("r");
  const nics = [lab.nic(box, "10.0.1.254/24"), lab.nic(box, "10.0.2.254/24", { mtu: 576 })];
  // It is one of the samples' two ends as well as their router.
  box.configure(nics[end] as Nic, `10.0.${end + 1}.1`, 24);
  for (const nic of nics) nic.promiscuous = true;
  const sink = lab.host("sink");
  for (const [index, nic] of nics.entries()) lab.cable(nic, lab.nic(sink, `10.0.${index + 1}.99/24`));
  const udp = box.udp.open();
  udp.bind(ANY, 7);
  const into = new Uint8Array(100);
  udp.onReady = () => udp.receive(into);
  const echo = box.internet.icmp.openEcho(1);
  const binding = box.tcp.bind(ANY, 80, false);
  const listener = typeof binding === "string" ? undefined : box.tcp.listen(binding, 5);
  const close = (): void => {
    udp.close();
    echo?.close();
    if (listener !== undefined && typeof listener !== "string") listener.close();
  };
  return { box, nics, close };
}

for (const [sealed, end] of [
  [false, 0],
  [false, 1],
  [true, 0],
  [true, 1],
] as const) {
  test(`mutated frames${sealed ? " with right checksums" : ""} into ${end === 0 ? "a client" : "a server"}`, () => {
    const lab = new Lab(2);
    const { box, nics, close } = target(lab, end);
    const mutator = new Mutator(samples(), new Random(3, `${sealed} ${end}`));
    for (let count = 0; count < FRAMES; count++) {
      const frame = mutator.next().slice(0, 1514);
      if (sealed) seal(frame);
      try {
        (nics[count & 1] as Nic).arrive(lab.pool.from(frame));
        lab.run(count % 100 === 0 ? 5 : 0.001);
      } catch (error) {
        throw new Error(`frame ${count}: ${Buffer.from(frame).toString("hex")}`, { cause: error });
      }
    }
    close();
    lab.run(1000);
    const reply = lab.ping(box, "10.0.1.99");
    assert.ok(typeof reply === "object" && "data" in reply, "it still answers");
    assert.equal(lab.pool.inUse, 0, "every packet was released");
  });
}
