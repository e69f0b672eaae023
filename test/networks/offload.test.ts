/** What is left to cables, nobody misses: the same bytes arrive, and where a cable leaves nothing out, all of it is there. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { ip } from "../../src/address/ip.ts";
import { TraceTap } from "../../src/capture/trace.ts";
import type { Host } from "../../src/device/host.ts";
import type { Tap } from "../../src/link/tap.ts";
import type { ConditionsWritten } from "../../src/network/conditions.ts";
import { Network } from "../../src/network/network.ts";
import type { OffloadWritten } from "../../src/network/offload-written.ts";
import { type Instant, NEVER } from "../../src/time/instant.ts";
import { requireTool } from "../require.ts";
import { captureOf } from "../support/capture.ts";
import { damagedFrames } from "../tshark.ts";

const BYTES = 2 * 2 ** 20;
const FULL_FRAME = 1514;
const HUGE_FRAME = 60_000;
const CABLES = ["client-switch", "switch-router", "router-server"] as const;

type Settings = ConditionsWritten & { readonly offload?: OffloadWritten };

/** A client at a switch, a router, and behind it the server. @param last what the server's cable has @param mtu there */
function path(offload: OffloadWritten, last: Settings = {}, mtu = 1500): Network {
  const network = new Network();
  network.host("client", { address: "10.0.1.1/24", gateway: "10.0.1.254" });
  network.host("server", { address: "10.0.2.1/24", gateway: "10.0.2.254" });
  network.router("router", { interfaces: { near: "10.0.1.254/24", far: { address: "10.0.2.254/24", mtu } } });
  network.switch("switch");
  network.cable("client", "switch", { delay: "10us", offload });
  network.cable("switch", "router.near", { delay: "10us", offload });
  network.cable("router.far", "server", { delay: "10us", ...last });
  return network;
}

/** The longest frame that each Nic sent. */
class Longest implements Tap {
  readonly lengths = new Map<string, number>();

  saw(_now: Instant, nic: { fullName: string }, direction: string, { length }: { length: number }): void {
    if (direction === "out") this.lengths.set(nic.fullName, Math.max(length, this.lengths.get(nic.fullName) ?? 0));
  }

  of(...names: string[]): number[] {
    return names.map((name) => this.lengths.get(name) ?? 0);
  }
}

const isRight = (offset: number, byte: number): boolean => byte === offset % 251;

/** Sends a stream from the client to the server, every byte of which is looked at. @returns when its end arrived */
function transfer(network: Network, bytes = BYTES): number {
  const [client, server] = ["client", "server"].map((name) => network.devices.get(name) as Host) as [Host, Host];
  const binding = server.tcp.bind(ip("10.0.2.1"), 80, false);
  assert.ok(typeof binding !== "string");
  const listener = server.tcp.listen(binding, 5);
  assert.ok(typeof listener !== "string");
  const into = new Uint8Array(100_000);
  let received = 0;
  let ended = Number.NaN;
  listener.onReady = () => {
    const connection = listener.accept();
    if (connection === undefined) return;
    connection.onReady = () => {
      for (let count = connection.read(into); typeof count === "number"; count = connection.read(into)) {
        if (count === 0) {
          ended = network.now;
          return connection.close();
        }
        const from = received;
        assert.ok(
          into.subarray(0, count).every((byte, index) => isRight(from + index, byte)),
          "every byte is right",
        );
        received += count;
      }
    };
    connection.onReady();
  };
  const sender = client.tcp.connect(undefined, ip("10.0.2.1"), 80);
  assert.ok(typeof sender !== "string");
  const data = Uint8Array.from({ length: bytes }, (_, offset) => offset % 251);
  let sent = 0;
  sender.onReady = () => {
    while (sent < bytes && sender.established) {
      const count = sender.write(data.subarray(sent));
      if (typeof count !== "number") return;
      sent += count;
    }
    if (sent === bytes) sender.close();
  };
  network.scheduler.runUntil(NEVER);
  assert.equal(received, bytes);
  assert.equal(network.pool.inUse, 0, "every packet is back in the pool");
  return ended;
}

describe("offload", () => {
  test("large segments go whole as far as cables take them, and on as the segments they stand for", () => {
    const network = path(true);
    const longest = new Longest();
    network.addTap(longest);
    transfer(network);
    const [client, onward, last] = longest.of("client.eth0", "switch.2", "router.far");
    assert.ok(
      (client ?? 0) > HUGE_FRAME && onward === client,
      `${client} bytes at the client, ${onward} at the switch`,
    );
    assert.equal(last, FULL_FRAME);
  });

  test("without it no frame is longer than a full one", () => {
    const network = path(false);
    const longest = new Longest();
    network.addTap(longest);
    transfer(network);
    assert.deepEqual(longest.of("client.eth0", "switch.2", "router.far"), [FULL_FRAME, FULL_FRAME, FULL_FRAME]);
  });

  test("a capture shows frames that tshark finds sound, large ones too, on every cable", async (t) => {
    if (!requireTool(t, "tshark")) return;
    for (const offload of [true, ["checksum"], ["segmentation", "coalescing"]] as const) {
      const network = path(offload, { rate: "1Gbit/s" });
      const capture = captureOf(network);
      transfer(network, 300_000);
      assert.deepEqual(await damagedFrames(capture()), [], `${offload}`);
    }
  });

  test("looking changes nothing: a tap beside the trace leaves it as it is", () => {
    const run = (watched: boolean): [string, number] => {
      const network = path(true);
      const sha256 = createHash("sha256");
      const trace = new TraceTap(sha256);
      if (watched) captureOf(network);
      network.addTap(trace);
      const ended = transfer(network, 300_000);
      trace.flush();
      return [sha256.digest("hex"), ended];
    };
    assert.deepEqual(run(true), run(false));
    const unwatched = path(true);
    assert.equal(transfer(unwatched, 300_000), run(true)[1], "no tap at all");
  });

  test("checksums left out change no virtual time, only what is on the cable", () => {
    assert.equal(transfer(path(["checksum"])), transfer(path(false)));
  });

  test("segments that arrive together share an acknowledgment", () => {
    const acknowledgments = (last: Settings): number => {
      const network = path(false, last);
      transfer(network);
      return network.nics.find(({ fullName }) => fullName === "server.eth0")?.counters.sentFrames ?? 0;
    };
    const apart = acknowledgments({});
    const together = acknowledgments({ offload: ["coalescing"] });
    assert.ok(apart > BYTES / 1448 / 2 && together < apart / 8, `${apart} frames apart, ${together} together`);
  });

  test("a rate, a fault or a door at a cable ends what is left to it, for as long as that lasts", () => {
    const network = path(true);
    network.frameDoor("door");
    network.host("guest", { address: "10.0.3.1/24" });
    const nic = network.nics.find(({ fullName }) => fullName === "client.eth0");
    const guest = network.nics.find(({ fullName }) => fullName === "guest.eth0");
    const [cable] = network.cables;
    const toDoor = network.cable("guest", "door", { offload: true });
    assert.ok(nic && guest && cable);
    assert.deepEqual([nic.checksumOffload, nic.segmentationOffload], [true, true]);
    for (const fault of [{ loss: 0.1 }, { corruption: 0.1 }, { jitter: 1 }, { cut: true }, { rate: 1e9 }]) {
      cable.setConditions("both", fault as never);
      assert.deepEqual([nic.checksumOffload, nic.segmentationOffload], [false, false], JSON.stringify(fault));
      const mended = { loss: 0, corruption: 0, jitter: 0, cut: false, rate: Number.POSITIVE_INFINITY };
      cable.setConditions("both", mended as never);
      assert.deepEqual([nic.checksumOffload, nic.segmentationOffload], [true, true]);
    }
    assert.deepEqual(
      toDoor.directions.map((each) => [each.checksumOffload, each.segmentationOffload]),
      [
        [false, false],
        [false, false],
      ],
    );
  });

  test("loss that comes and goes in the middle of a stream is made good, with large segments in flight", () => {
    for (const index of CABLES.keys()) {
      const network = path(true, { offload: true, delay: "1ms" });
      const [a, b] = [CABLES[index]?.split("-")[0], CABLES[index]?.split("-")[1]] as [string, string];
      for (const start of ["3ms", "13ms", "300ms"]) {
        network.fault({ cable: [a, b], at: start, for: "2ms", loss: "30%" });
        network.fault({ cable: [a, b], at: start, for: "1ms", do: "cut" });
      }
      transfer(network);
    }
  });

  test("a link that carries less is found out, for large segments too (RFC 1191)", () => {
    const network = path(true, {}, 1000);
    const longest = new Longest();
    network.addTap(longest);
    transfer(network);
    assert.deepEqual(longest.of("router.far"), [1014]);
    assert.ok((longest.of("client.eth0")[0] ?? 0) > 5 * FULL_FRAME);
    const router = network.devices.get("router") as Host;
    assert.ok(router.internet.snapshot().counters.errorsSent === 1);
  });
});
