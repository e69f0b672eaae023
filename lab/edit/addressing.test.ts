import assert from "node:assert/strict";
import { test } from "node:test";
import type { NetworkInfo, NetworkWritten } from "../../src/engine/protocol/index.ts";
import { gatewaysOf, numbering, suggestedAddress } from "./addressing.ts";

let nics = 0;
const device = (name: string, kind: string, addresses: readonly (string | undefined)[]) => ({
  ...{ name, kind, programs: [] },
  interfaces: addresses.map((address, at) => ({
    ...{ nic: nics++, name: `eth${at}`, mac: "", medium: "broadcast" },
    addresses: address === undefined ? [] : [address],
  })),
});

/** Two hosts on a switch, a router between it and a third host. */
function twoLans(first?: string): NetworkInfo {
  nics = 0;
  const none = undefined;
  return {
    devices: [
      ...[device("pc1", "host", [first]), device("pc2", "host", [none]), device("sw", "switch", [none, none, none])],
      ...[device("r", "router", [none, none]), device("pc3", "host", [none])],
    ],
    cables: [
      [0, 2],
      [1, 3],
      [4, 5],
      [6, 7],
    ].map(([a, b], index) => ({ index, name: "", a, b })),
  } as unknown as NetworkInfo;
}
const WRITTEN = {
  netarium: 1,
  devices: {
    ...{ pc1: { kind: "host" }, pc2: { kind: "host" }, sw: { kind: "switch" } },
    ...{ r: { kind: "router" }, pc3: { kind: "host" } },
  },
} as const satisfies NetworkWritten;

const address = (device: string, name: string, given: string) => ({
  ...{ do: "interface.set", device, interface: name, set: { address: given } },
});
const gateway = (name: string, given: string) => ({ do: "device.set", name, set: { gateway: given } });

test("each link gets a network, each interface an address of it, each host the router for a gateway", () => {
  assert.deepEqual(numbering(twoLans(), WRITTEN), [
    ...[address("r", "eth0", "10.0.1.1/24"), address("pc1", "eth0", "10.0.1.11/24")],
    address("pc2", "eth0", "10.0.1.12/24"),
    ...[address("r", "eth1", "10.0.2.1/24"), address("pc3", "eth0", "10.0.2.11/24")],
    ...[gateway("pc1", "10.0.1.1"), gateway("pc2", "10.0.1.1"), gateway("pc3", "10.0.2.1")],
  ]);
});

test("what has an address keeps it, and decides the network of its link", () => {
  const [router, pc2] = numbering(twoLans("192.0.2.7/29"), WRITTEN);
  assert.deepEqual(router, address("r", "eth0", "192.0.2.1/29"));
  assert.deepEqual(pc2, address("pc2", "eth0", "192.0.2.2/29"));
});

test("an address and gateways are proposed for one device", () => {
  assert.equal(suggestedAddress(twoLans("10.0.9.11/24"), 1), "10.0.9.12/24");
  assert.equal(suggestedAddress(twoLans(), 99), undefined);
  const network = twoLans();
  const router = network.devices[3];
  assert.ok(router);
  (router.interfaces[0] as unknown as { addresses: string[] }).addresses = ["10.0.1.1/24"];
  assert.deepEqual(gatewaysOf(network, "pc1"), ["10.0.1.1"]);
  assert.deepEqual(gatewaysOf(network, "pc3"), []);
});
