import assert from "node:assert/strict";
import { test } from "node:test";
import type { NetworkInfo } from "../../src/engine/protocol/index.ts";
import type { NetworkSnapshot } from "../../src/network/network.ts";
import { commandOf, inside, splitEndpoint, TOOLS } from "./commands.ts";
import { type Entrance, entranceOf, filterOf, named, visitOf } from "./progress.ts";

test("each tool has a command with the door's real address and port", () => {
  for (const tool of TOOLS) {
    const command = commandOf(tool, "127.0.0.1:9999");
    assert.match(command, /127\.0\.0\.1/);
    assert.match(command, /9999/);
  }
  assert.equal(commandOf("nc", "[::1]:80"), "nc ::1 80");
  assert.equal(inside("chat:8888"), "nc chat 8888");
  assert.deepEqual(splitEndpoint("[::1]:80"), { address: "::1", port: "80" });
});

const door = (more: object) => ({
  name: "join",
  kind: "publish",
  protocol: "tcp",
  from: "guest",
  to: "chat:8888",
  ...more,
});

test("the first steps go through the first TCP port that is published", () => {
  const network = { doors: [door({ protocol: "udp" }), { name: "tap", kind: "tunnel" }, door({ name: "web" })] };
  assert.equal(entranceOf(network as unknown as NetworkInfo)?.name, "web");
  assert.equal(entranceOf(undefined), undefined);
});

test("the newest connection of the guest to where the door leads is the reader's own", () => {
  const connection = (port: number, remote: string) => ({ local: `10.0.1.13:${port}`, remote, state: "ESTABLISHED" });
  const connections = [
    connection(1, "10.0.2.11:8888"),
    connection(2, "10.0.2.11:8888"),
    connection(3, "10.0.2.12:3434"),
    { ...connection(4, "10.0.2.11:8888"), state: "TIME-WAIT" },
  ];
  const snapshot = {
    devices: [{ name: "guest", ipv4: {}, tcp: { connections } }],
    published: [{ name: "join", to: "10.0.2.11:8888" }],
  } as unknown as NetworkSnapshot;
  const visit = visitOf(door({}) as Entrance, snapshot);
  assert.equal(visit?.local, "10.0.1.13:2");
  assert.equal(filterOf(visit), "ip.addr == 10.0.1.13 && tcp.port == 2");
  assert.equal(visitOf(door({ from: "alice" }) as Entrance, snapshot), undefined);
});

test("an endpoint is called by its host's name, where it has one", () => {
  const devices = [{ name: "chat", interfaces: [{ addresses: ["10.0.2.11/24"] }] }];
  const network = { devices } as unknown as NetworkInfo;
  assert.equal(named("10.0.2.11:8888", network), "chat:8888");
  assert.equal(named("10.0.2.1:8888", network), "10.0.2.1:8888");
});
