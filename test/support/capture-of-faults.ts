import { bulkClient, bulkServer, chatServer, chatUser, udpReceiver, udpSender } from "../../src/application/index.ts";
import type { ConditionsWritten } from "../../src/network/conditions.ts";
import { Network } from "../../src/network/network.ts";
import { type Instant, parseDuration } from "../../src/time/instant.ts";
import { captureOf } from "./capture.ts";
import { runLoopOf } from "./run-loop.ts";

const until = (text: string): Instant => (parseDuration(text) ?? Number.NaN) as number as Instant;

/** Two LANs with a router between them, a chat, a transfer and datagrams in fragments. */
export async function captureOfFaults(conditions: ConditionsWritten, mtu: number): Promise<Uint8Array> {
  const network = new Network({ seed: 3 });
  network.host("pc1", { address: "10.0.1.1/24", gateway: "10.0.1.254" });
  network.host("pc2", { address: "10.0.1.2/24", gateway: "10.0.1.254" });
  network.host("server", { address: "10.0.2.1/24", gateway: "10.0.2.254" });
  network.router("r1", { interfaces: { eth0: "10.0.1.254/24", eth1: { address: "10.0.2.254/24", mtu } } });
  network.switch("lan");
  for (const end of ["pc1", "pc2", "r1.eth0"]) network.cable(end, "lan", conditions);
  network.cable("server", "r1.eth1", conditions);
  const capture = captureOf(network);
  for (const program of [chatServer, bulkServer, udpReceiver]) network.start("server", program);
  const chat = { address: "10.0.2.1", port: 8888 };
  for (const pc of ["pc1", "pc2"]) network.start(pc, chatUser, { server: chat, name: pc }, "1s");
  network.start("pc1", bulkClient, { server: { address: "10.0.2.1", port: 5001 }, bytes: 120_000 }, "2s");
  network.start("pc2", udpSender, { to: { address: "10.0.2.1", port: 3434 }, texts: ["a", "b".repeat(4000)] }, "2s");
  network.start("pc2", udpSender, { to: { address: "10.0.2.1", port: 9 } }, "3s"); // nobody is there
  await runLoopOf(network).run(until("20s"));
  return capture();
}
