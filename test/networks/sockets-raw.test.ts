import assert from "node:assert/strict";
import test from "node:test";
import { osSockets } from "../../src/platform/node/os-sockets.ts";
import { writeIcmp } from "../../src/wire/icmpv4.ts";
import { TwoHosts } from "./sockets/two-hosts.ts";

test("a raw ICMP socket of a virtual host sends messages and receives datagrams", () => {
  const hosts = new TwoHosts();
  return hosts.run(async () => {
    const to = { address: hosts.net.at, port: 0 };
    const socket = hosts.net.client.socket("inet", "raw", 1);
    assert.equal(socket.type, "raw");
    const message = new Uint8Array(12);
    writeIcmp(new DataView(message.buffer), 0, 12, 8, 0, 7);
    assert.equal(await socket.sendto(message, to), 12);
    const { data, from } = await socket.recvfrom(100);
    assert.deepEqual(from, to);
    assert.equal(data.length, 32);
    await socket.connect(to);
    assert.deepEqual(socket.getpeername(), to);
    socket.setsockopt("IP_TTL", 3);
    assert.equal(socket.getsockopt("IP_TTL"), 3);
    await socket.close();
  });
});

test("raw sockets are for ICMP alone, and the operating system's maker has none", () => {
  const { client } = new TwoHosts().net;
  const refused = { code: "EPROTONOSUPPORT", syscall: "socket" };
  assert.throws(() => client.socket("inet", "raw"), refused);
  assert.throws(() => client.socket("inet", "raw", 6), refused);
  assert.throws(() => osSockets().socket("inet", "raw", 1), refused);
});
