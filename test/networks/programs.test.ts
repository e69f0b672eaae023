import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { bulkClient } from "../../src/application/bulk/client.ts";
import { bulkServer } from "../../src/application/bulk/server.ts";
import { chatClient } from "../../src/application/chat/client.ts";
import { chatServer } from "../../src/application/chat/server.ts";
import { discardServer } from "../../src/application/discard/server.ts";
import { echoServer } from "../../src/application/echo/server.ts";
import { echoClient } from "../../src/application/echo/tcp-client.ts";
import { udpEchoClient } from "../../src/application/echo/udp-client.ts";
import { timeClient } from "../../src/application/time/client.ts";
import { timeServer } from "../../src/application/time/server.ts";
import { udpReceiver } from "../../src/application/udp-receiver/receiver.ts";
import { udpSender } from "../../src/application/udp-receiver/sender.ts";
import { milliseconds, minutes, seconds } from "../../src/time/instant.ts";
import { RawClient, VirtualLan } from "../fixtures/virtual-lan.ts";

describe("programs on a virtual network", () => {
  const address = "10.0.0.1";
  let lan = new VirtualLan(["server", "pc"]);

  beforeEach(() => {
    lan = new VirtualLan(["server", "pc"]);
  });

  test("the time is the run's own, and it goes on", async () => {
    lan.start("server", timeServer, {});
    lan.start("pc", timeClient, { server: { address, port: 3434 }, times: 2, every: seconds(10) });
    await lan.run(seconds(11));
    assert.deepEqual(
      lan.log.filter((line) => line.startsWith("pc")),
      ["pc: Current time is 2026-01-01 00:00:00 UTC", "pc: Current time is 2026-01-01 00:00:10 UTC"],
    );
  });

  test("the time server's answer arrives whole though its client said something that nobody reads", async () => {
    lan.start("server", timeServer, {});
    const client = await RawClient.connect(lan, "pc", address, 3434);
    await client.say("what time is it?\n", milliseconds(100));
    assert.equal(client.read(), "Current time is 2026-01-01 00:00:00 UTC\n<end>");
  });

  test("a client that never closes is let go", async () => {
    lan.start("server", timeServer, {});
    await RawClient.connect(lan, "pc", address, 3434);
    await lan.run(seconds(3));
    assert.equal(lan.host("server").sockets.open.size, 1, "the listener");
  });

  test("clients over the limit are closed at once, and the others served", async () => {
    lan.start("server", timeServer, { clients: 1 });
    const [first, second] = [
      await RawClient.connect(lan, "pc", address, 3434),
      await RawClient.connect(lan, "pc", address, 3434),
    ];
    assert.match(first.read(), /UTC\n<end>$/);
    assert.equal(second.read(), "<end>");
  });

  test("datagrams are logged with where they came from", async () => {
    lan.start("server", udpReceiver, {});
    lan.start("pc", udpSender, { to: { address, port: 3434 }, texts: ["one", "two\n\x1b"], every: seconds(1) });
    await lan.run(seconds(3));
    const received = lan.log.filter((line) => line.includes("Received")).join("\n");
    assert.match(
      received,
      /^server: Received: one from 10\.0\.0\.2:\d+\nserver: Received: two\\n\\x1b from 10\.0\.0\.2:\d+$/,
    );
  });

  test("what a discard server gets is gone, and counted", async () => {
    lan.start("server", discardServer, {});
    const client = await RawClient.connect(lan, "pc", address, 9);
    await client.say("x".repeat(5000), seconds(1));
    assert.equal(client.read(), "");
    await client.socket.close();
    await lan.run(seconds(1));
    assert.match(lan.log.join("\n"), /server: Threw away 5000 bytes from 10\.0\.0\.2:\d+ in 1\./);
  });

  test("echoes come back on TCP and UDP, and a datagram lost on the way is told", async () => {
    lan.start("server", echoServer, {});
    lan.start("pc", echoClient, { server: { address, port: 7 }, texts: ["hello", "x".repeat(300_000)] });
    await lan.run(seconds(5));
    assert.match(lan.log.join("\n"), /pc: hello came back after/);
    assert.match(lan.log.join("\n"), /pc: x+ came back after/);
    lan.start("pc", udpEchoClient, { server: { address, port: 7 }, count: 3, every: seconds(1) });
    await lan.run(milliseconds(500));
    lan.cables.get("pc")?.cut("both");
    await lan.run(seconds(2));
    lan.cables.get("pc")?.heal("both");
    await lan.run(minutes(1));
    assert.match(lan.log.at(-4) ?? "", /Datagram 1 came back after/);
    assert.match(lan.log.at(-3) ?? "", /Datagram 2 did not come back/);
    assert.match(lan.log.at(-1) ?? "", /pc: 2 of 3 datagrams came back/);
  });

  test("two UDP echo servers do not keep each other busy", async () => {
    lan.start("server", echoServer, {});
    const socket = lan.host("pc").sockets.socket("inet", "dgram");
    await socket.bind({ address: "0.0.0.0", port: 7 });
    await socket.sendto(Uint8Array.of(1), { address, port: 7 });
    await lan.run(seconds(1));
    assert.equal(socket.readFrom(new Uint8Array(1)), "EAGAIN");
  });

  test("bulk transfers come through a bad cable, each byte right", async () => {
    lan.start("server", bulkServer, {});
    lan.cables.get("pc")?.setConditions("both", { loss: 0.02, reordering: 0.05, duplication: 0.02 });
    lan.start("pc", bulkClient, { server: { address, port: 5001 }, bytes: 500_000 });
    await lan.run(minutes(5));
    assert.match(lan.log.join("\n"), /pc: upload of 500000 bytes in .*each byte right/);
    assert.match(lan.log.join("\n"), /pc: download of 500000 bytes in .*each byte right/);
  });

  test("a bulk server that is sent nonsense closes, and serves on", async () => {
    lan.start("server", bulkServer, {});
    const rude = await RawClient.connect(lan, "pc", address, 5001);
    await rude.say("this is no request at all", milliseconds(100));
    assert.match(rude.read(), /^<(end|ECONNRESET)>$/);
    lan.start("pc", bulkClient, { server: { address, port: 5001 }, bytes: 0 });
    await lan.run(seconds(10));
    assert.match(lan.log.join("\n"), /download of 0 bytes/);
  });

  test("a chat client waits for a server that is not there yet", async () => {
    lan.start("pc", chatClient, { server: { address, port: 8888 }, name: "ada", say: ["at last"], stay: false });
    await lan.run(seconds(5));
    lan.start("server", chatServer, {});
    await lan.run(minutes(1));
    assert.ok(lan.log.includes("pc: ada: at last"));
    assert.equal(lan.log.at(-1), "pc: Out of the chat room");
  });

  test("a program that is stopped closes its sockets", async () => {
    const programs = [bulkServer, chatServer, echoServer, timeServer, udpReceiver] as const;
    for (const program of programs) {
      lan = new VirtualLan(["server", "pc"]);
      const stop = lan.start("server", program as typeof timeServer, {});
      await lan.run(seconds(1));
      const { port } = lan.host("server").sockets.open.values().next().value?.getsockname() ?? { port: 0 };
      if (program !== udpReceiver) await RawClient.connect(lan, "pc", address, port);
      await stop();
      assert.equal(lan.host("server").sockets.open.size, 0, program.name);
    }
  });
});
