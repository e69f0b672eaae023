import assert from "node:assert/strict";
import { test } from "node:test";
import type { NetworkInfo } from "../../src/engine/protocol/index.ts";
import { Network } from "../../src/network/network.ts";
import { connectionGraph } from "./connections.ts";

const device = (name: string, kind: "host" | "switch") => ({ name, kind, interfaces: [], programs: ["time-server"] });

test("layer 4 shows one edge for the connections between two hosts, from the one that opened them", () => {
  const network = new Network({ seed: 1 });
  const server = network.host("server", { address: "10.0.0.1/24" });
  const client = network.host("client", { address: "10.0.0.2/24" });
  network.cable("server", "client");
  const snapshot = network.snapshot();
  const [serverNow, clientNow] = [server.snapshot(), client.snapshot()];
  const connection = (local: string, remote: string) => ({ local, remote, state: "ESTABLISHED" });
  const talking = JSON.parse(
    JSON.stringify({
      ...snapshot,
      devices: [
        {
          ...serverNow,
          tcp: {
            ...serverNow.tcp,
            listening: [{ local: "0.0.0.0:80", pending: 0 }],
            connections: [connection("10.0.0.1:80", "10.0.0.2:4000"), connection("10.0.0.1:80", "10.0.0.2:4001")],
          },
        },
        {
          ...clientNow,
          tcp: {
            ...clientNow.tcp,
            connections: [connection("10.0.0.2:4000", "10.0.0.1:80"), connection("10.0.0.2:4001", "10.0.0.1:80")],
          },
        },
      ],
    }),
  );
  const info = { devices: [device("server", "host"), device("client", "host"), device("sw", "switch")] };
  const { nodes, edges } = connectionGraph(info as unknown as NetworkInfo, talking, false);
  assert.deepEqual(
    nodes.map(({ id, details }) => [id, details]),
    [
      ["server", ["TCP 80"]],
      ["client", []],
    ],
  );
  assert.deepEqual(
    edges.map(({ a, b, label }) => [a, b, label]),
    [["client", "server", "TCP 80 ×2 ESTABLISHED"]],
  );
  const programs = connectionGraph(info as unknown as NetworkInfo, undefined, true);
  assert.deepEqual(programs.nodes[0]?.details, ["time-server"], "before it was looked at: what the file starts");
});
