import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeviceInfo, NetworkInfo } from "../../src/engine/protocol/index.ts";
import { layOut } from "./layout.ts";
import { networkOf } from "./segments.ts";
import { internetGraph, linkGraph, wholeGraph } from "./topology.ts";

let nics = 0;
const device = (name: string, kind: DeviceInfo["kind"], ports: (string | undefined)[]): DeviceInfo => ({
  ...{ name, kind, programs: [] },
  interfaces: ports.map((address, at) => ({
    ...{ nic: nics++, name: `eth${at}`, mac: "02:00:00:00:00:01", medium: "broadcast" as const },
    addresses: address === undefined ? [] : [address],
  })),
});

/** Two hosts on a hub, a router, a switch with two hosts; a door at the first. */
function twoLans(): NetworkInfo {
  nics = 0;
  const devices = [
    ...[device("a", "host", ["10.0.1.11/24"]), device("b", "host", ["10.0.1.12/24"])],
    ...[device("hub", "hub", [undefined, undefined, undefined]), device("r", "router", ["10.0.1.1/24", "10.0.2.1/24"])],
    ...[device("sw", "switch", [undefined, undefined, undefined])],
    ...[device("c", "host", ["10.0.2.11/24"]), device("d", "host", ["10.0.2.12/24"])],
  ];
  const pairs = [
    ...([
      [0, 2],
      [1, 3],
      [4, 5],
      [6, 7],
      [8, 10],
      [9, 11],
    ] as const),
  ];
  const cables = pairs.map(([a, b], index) => ({ index, name: `cable${index}`, a, b }));
  const publish = { kind: "publish" as const, from: "a" };
  const doors = [
    { ...publish, name: "join", protocol: "tcp" as const, at: "127.0.0.1:8888", to: "c:8888" },
    { ...publish, name: "datagrams", protocol: "udp" as const, at: "127.0.0.1:8888", to: "c:8888" },
  ];
  return { name: "", file: "", seed: 1, epoch: 0, document: "", devices, cables, doors, lacks: [] };
}

test("all of a network is its devices, its cables, and the world outside where clients come in", () => {
  const { nodes, edges } = wholeGraph(twoLans());
  assert.deepEqual(
    nodes.map(({ id }) => id),
    ["a", "b", "hub", "r", "sw", "c", "d", "outside:a"],
  );
  assert.equal(edges.length, 7);
  assert.deepEqual(nodes.at(-1)?.details, ["127.0.0.1:8888", "127.0.0.1:8888/udp"]);
});

test("layer 2 shows the Nics of stations", () => {
  const { nodes } = linkGraph(twoLans());
  assert.deepEqual(nodes.find(({ id }) => id === "a")?.details, ["eth0 02:00:00:00:00:01"]);
  assert.deepEqual(nodes.find(({ id }) => id === "hub")?.details, []);
});

test("for layer 3 hubs and switches are inside the networks that they make", () => {
  const { nodes, edges } = internetGraph(twoLans());
  assert.deepEqual(
    nodes.map(({ name }) => name),
    ["a", "b", "r", "c", "d", "10.0.1.0/24", "10.0.2.0/24"],
  );
  assert.deepEqual(
    edges.map(({ a, b }) => `${a}-${b}`),
    ["a-network:0", "b-network:0", "network:0-r", "r-network:1", "network:1-c", "network:1-d"],
  );
});

test("a network's prefix is its address without the host's bits", () => {
  assert.equal(networkOf("10.0.1.11/24"), "10.0.1.0/24");
  assert.equal(networkOf("192.168.77.200/26"), "192.168.77.192/26");
  assert.equal(networkOf("255.255.255.255/32"), "255.255.255.255/32");
});

test("two LANs stand beside each other, hosts at the ends, and no two nodes in one place", () => {
  const places = layOut(wholeGraph(twoLans()));
  const x = (id: string): number => places.get(id)?.x ?? Number.NaN;
  assert.ok(x("hub") !== x("sw"));
  assert.equal(Math.sign(x("r") - x("hub")), Math.sign(x("sw") - x("r")), "the router is between");
  assert.equal(x("c"), x("d"));
  assert.equal(x("a"), x("b"));
  assertApart([...places.values()]);
});

test("a star, a ring and devices without a cable have places of their own", () => {
  const ids = Array.from({ length: 30 }, (_, at) => `n${at}`);
  const nodes = ids.map((id) => ({ id, kind: "host" as const, name: id, details: [] }));
  const edge = (a: string, b: string) => ({ id: `${a}${b}`, a, b, ends: ["", ""] as const });
  const star = ids.slice(1).map((id) => edge("n0", id));
  const ring = ids.map((id, at) => edge(id, ids[(at + 1) % ids.length] as string));
  for (const edges of [star, ring, []]) {
    const places = layOut({ nodes, edges });
    assert.equal(places.size, 30);
    assertApart([...places.values()]);
  }
});

function assertApart(places: readonly { readonly x: number; readonly y: number }[]): void {
  for (const [at, one] of places.entries()) {
    for (const other of places.slice(at + 1)) {
      assert.ok(Math.hypot(one.x - other.x, one.y - other.y) > 60, JSON.stringify([one, other]));
    }
  }
}
