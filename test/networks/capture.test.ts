/** What a capture of everything shows is what Wireshark takes for a sound network. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import {
  bulkClient,
  bulkServer,
  chatServer,
  chatUser,
  echoServer,
  timeClient,
  timeServer,
  udpEchoClient,
  udpReceiver,
  udpSender,
} from "../../src/application/index.ts";
import { readPcapng } from "../../src/capture/pcapng/reader.ts";
import { TraceTap } from "../../src/capture/trace.ts";
import type { ConditionsWritten } from "../../src/network/conditions.ts";
import { Network } from "../../src/network/network.ts";
import { type Instant, parseDuration } from "../../src/time/instant.ts";
import { requireTool } from "../require.ts";
import { captureOf } from "../support/capture.ts";
import { runLoopOf } from "../support/run-loop.ts";
import { damagedFrames, lossFindings, summaries } from "../tshark.ts";

const at = (text: string): Instant => (parseDuration(text) ?? Number.NaN) as number as Instant;

/**
 * Two LANs, a hub with three hosts and a switch with the servers, joined by a router.
 * @param mtu of the router towards the servers; below 1500 segments that find out about it are sent again
 */
function twoLans(conditions: ConditionsWritten, mtu: number, seed = 1): Network {
  const network = new Network({ seed });
  const gateway = "10.0.1.254";
  for (const n of [1, 2, 3]) network.host(`pc${n}`, { address: `10.0.1.${n}/24`, gateway });
  network.host("chat", { address: "10.0.2.1/24", gateway: "10.0.2.254" });
  network.host("files", { address: "10.0.2.2/24", gateway: "10.0.2.254" });
  network.router("r1", { interfaces: { eth0: "10.0.1.254/24", eth1: { address: "10.0.2.254/24", mtu } } });
  network.hub("hub1");
  network.switch("switch1");
  for (const end of ["pc1", "pc2", "pc3", "r1.eth0"]) network.cable(end, "hub1", conditions);
  for (const end of ["chat", "files", "r1.eth1"]) network.cable(end, "switch1", conditions);
  return network;
}

function startPrograms(network: Network, bytes: number): void {
  const chat = { address: "10.0.2.1", port: 8888 };
  network.start("chat", chatServer);
  network.start("chat", timeServer);
  network.start("chat", udpReceiver);
  network.start("files", bulkServer);
  network.start("files", echoServer);
  for (const pc of ["pc1", "pc2", "pc3"]) network.start(pc, chatUser, { server: chat, name: pc }, "1s");
  network.start("pc1", bulkClient, { server: { address: "10.0.2.2", port: 5001 }, bytes }, "2s");
  network.start("pc2", timeClient, { server: { address: "10.0.2.1", port: 3434 } }, "2s");
  network.start("pc3", udpSender, { to: { address: "10.0.2.1", port: 3434 }, texts: ["a", "b".repeat(4000)] }, "2s");
  network.start("pc3", udpSender, { to: { address: "10.0.2.1", port: 9 } }, "3s"); // nobody is there
  network.start("pc3", udpSender, { to: { address: "10.0.2.77", port: 9 } }, "3s"); // no such host
  network.start("pc2", udpEchoClient, { server: { address: "10.0.2.2", port: 7 }, size: 3000, count: 20 }, "2s");
}

const FAULTS: ConditionsWritten = {
  delay: "2ms",
  jitter: "1ms",
  rate: "10Mbit/s",
  loss: "5%",
  duplication: "5%",
  reordering: "10%",
  corruption: "5%",
};

/** How many records say what. */
function commentCounts(capture: Uint8Array): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { comments } of readPcapng(capture).captured) {
    for (const comment of comments) counts.set(comment, (counts.get(comment) ?? 0) + 1);
  }
  return counts;
}

describe("a capture of everything", () => {
  for (const pastFcs of [false, true]) {
    const what = pastFcs ? "past the FCS" : "that the FCS catches";
    test(`with all faults on, corruption ${what}, tshark finds nothing but frames that say corrupted`, async (t) => {
      if (!requireTool(t, "tshark")) return;
      const network = twoLans({ ...FAULTS, pastFcs }, 1400);
      const [cable] = network.cables;
      assert.ok(cable !== undefined);
      network.faults.add({ cable, action: { kind: "cut" }, at: at("20s") as never, for: at("5s") as never });
      network.faults.add({ cable, action: { kind: "unplug" }, at: at("30s") as never, for: at("1s") as never });
      const capture = captureOf(network);
      startPrograms(network, 500_000);
      await runLoopOf(network).run(at("60s"));
      const file = capture();

      const counts = commentCounts(file);
      assert.ok(["dropped: cable-loss", "dropped: cable-cut"].every((each) => counts.has(each)));
      assert.ok(counts.has(pastFcs ? "corrupted, with a right FCS" : "corrupted"));
      assert.deepEqual(await damagedFrames(file), []);
    });
  }

  test("without faults tshark finds neither damage nor loss, at any interface", async (t) => {
    if (!requireTool(t, "tshark")) return;
    const network = twoLans({ delay: "2ms", rate: "10Mbit/s" }, 1500);
    const capture = captureOf(network);
    startPrograms(network, 600_000);
    await runLoopOf(network).run(at("60s"));
    const file = capture();

    assert.deepEqual(await damagedFrames(file), []);
    assert.deepEqual(await lossFindings(file), []);
    assert.ok(readPcapng(file).packets > 5_000);
  });

  test("begins with ARP, then SYN, SYN-ACK, ACK", async (t) => {
    if (!requireTool(t, "tshark")) return;
    const network = new Network();
    for (const n of [1, 2]) network.host(`pc${n}`, { address: `10.0.0.${n}/24` });
    network.cable("pc1", "pc2", { delay: "1ms" });
    const capture = captureOf(network, network.devices.get("pc1")?.nics);
    network.start("pc2", echoServer);
    network.start("pc1", timeClient, { server: { address: "10.0.0.2", port: 7 } }, "1s");
    await runLoopOf(network).run(at("3s"));
    const lines = await summaries(capture());
    const words = lines.map((line) => / (ARP) |\[([A-Z, ]+)\]/.exec(line)?.slice(1).find(Boolean));
    const first = words.findIndex((word) => word !== "ARP");
    assert.ok(first >= 2, "an ARP request and its answer");
    assert.deepEqual(words.slice(first, first + 3), ["SYN", "SYN, ACK", "ACK"]);
  });

  test("changes nothing: the trace is the same with it and without", async () => {
    const run = async (captured: boolean): Promise<string> => {
      const network = twoLans(FAULTS, 1400);
      const sha256 = createHash("sha256");
      const trace = new TraceTap(sha256);
      if (captured) captureOf(network);
      network.addTap(trace);
      startPrograms(network, 100_000);
      await runLoopOf(network).run(at("10s"));
      trace.flush();
      assert.ok(trace.records > 1_000);
      return sha256.digest("hex");
    };
    assert.equal(await run(true), await run(false));
  });

  test("is the same, byte for byte, for the same seed, and another for another", async () => {
    const run = async (seed: number): Promise<Uint8Array> => {
      const network = twoLans(FAULTS, 1400, seed);
      const capture = captureOf(network);
      startPrograms(network, 100_000);
      await runLoopOf(network).run(at("10s"));
      return capture();
    };
    const [one, same, other] = [await run(1), await run(1), await run(2)];
    assert.ok(Buffer.from(one).equals(same));
    assert.ok(!Buffer.from(one).equals(other));
  });
});
