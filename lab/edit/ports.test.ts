import assert from "node:assert/strict";
import { test } from "node:test";
import type { NetworkInfo, NetworkWritten } from "../../src/engine/protocol/index.ts";
import { freeName } from "./names.ts";
import { freeInterface, joining } from "./ports.ts";

const nic = (number: number, name: string) => ({ nic: number, name, mac: "", addresses: [], medium: "broadcast" });
const info = (cables: readonly (readonly [number, number])[], gone = false): NetworkInfo =>
  ({
    devices: [
      { name: "pc1", kind: "host", interfaces: [nic(0, "eth0")] },
      { name: "pc2", kind: "host", interfaces: [nic(1, "eth0")] },
      { name: "sw", kind: "switch", interfaces: [nic(2, "1"), nic(3, "2")] },
    ],
    cables: cables.map(([a, b], index) => ({ index, name: "", a, b, ...(gone && { gone }) })),
  }) as unknown as NetworkInfo;
const WRITTEN: NetworkWritten = {
  netarium: 1,
  devices: { pc1: { kind: "host" }, pc2: { kind: "host" }, sw: { kind: "switch", ports: 2 } },
};

test("a cable takes free ports, and where there is none the device gets one more", () => {
  const cable = { do: "cable.add", cable: { between: ["pc1", "sw"] } };
  assert.deepEqual(joining("pc1", "sw", info([]), WRITTEN), [cable]);
  assert.deepEqual(joining("pc1", "sw", info([[0, 2]]), WRITTEN), [
    { do: "interface.set", device: "pc1", interface: "eth1", set: {} },
    cable,
  ]);
  const full = info([
    [1, 2],
    [4, 3],
  ]);
  assert.deepEqual(joining("pc1", "sw", full, WRITTEN), [{ do: "device.set", name: "sw", set: { ports: 3 } }, cable]);
  assert.deepEqual(joining("pc1", "sw", info([[0, 2]], true), WRITTEN), [cable], "a cable that is gone takes no port");
});

test("new things get the first name and interface that are free", () => {
  assert.equal(freeName("host", ["pc1", "PC2", "pc4"]), "pc3");
  assert.equal(freeInterface(["eth0", "eth2"]), "eth1");
});
