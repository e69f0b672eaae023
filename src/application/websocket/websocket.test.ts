import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { VirtualLan } from "../../../test/fixtures/virtual-lan.ts";
import type { Clock } from "../../socket/clock.ts";
import type { Socket } from "../../socket/socket.ts";
import { milliseconds, seconds } from "../../time/instant.ts";
import { writeFrame, writeText } from "./frame-writer.ts";
import { PING, TEXT } from "./opcode.ts";
import { type CloseFacts, WebSocket, type WebSocketOptions } from "./websocket.ts";

describe("a WebSocket connection", () => {
  let lan: VirtualLan;
  let clock: Clock;
  let ends: { client: Socket; server: Socket };

  beforeEach(async () => {
    lan = new VirtualLan(["client", "server"]);
    clock = lan.clock();
    const listener = lan.host("server").sockets.socket("inet", "stream");
    await listener.bind({ address: "10.0.0.2", port: 80 });
    await listener.listen();
    const client = lan.host("client").sockets.socket("inet", "stream");
    const connecting = client.connect({ address: "10.0.0.2", port: 80 });
    const accepting = listener.accept();
    await lan.run(milliseconds(50));
    await connecting;
    ends = { client, server: await accepting };
  });

  const open = (role: "client" | "server", options: Partial<WebSocketOptions> = {}): WebSocket => {
    const { random } = lan;
    return new WebSocket(ends[role], { role, clock, random, url: "ws://server/", protocol: "", ...options });
  };
  /** What a connection hears, and how it ends. */
  const listen = (socket: WebSocket): { heard: (string | Uint8Array)[]; end: () => CloseFacts | undefined } => {
    const heard: (string | Uint8Array)[] = [];
    let facts: CloseFacts | undefined;
    socket.onmessage = ({ data }) => heard.push(data);
    socket.onclose = (event) => {
      facts = event;
    };
    return { heard, end: () => facts };
  };
  const pass = (time = milliseconds(100)): Promise<void> => lan.run(time);

  test("messages of both kinds come as they were sent, both ways", async () => {
    const [client, server] = [open("client"), open("server")];
    const [atClient, atServer] = [listen(client), listen(server)];
    assert.equal(client.readyState, WebSocket.OPEN);
    assert.equal(client.send("Grüße 😀"), true);
    client.send(Uint8Array.of(0, 1, 255));
    server.send("x".repeat(70_000));
    server.sendFrame(writeText("once for many"));
    await pass();
    assert.deepEqual(atServer.heard, ["Grüße 😀", Uint8Array.of(0, 1, 255)]);
    assert.deepEqual(atClient.heard, ["x".repeat(70_000), "once for many"]);
    assert.throws(() => client.sendFrame(writeText("unmasked")), TypeError);
  });

  test("several messages of one turn are one write", async () => {
    const client = open("client");
    const write = ends.client.write.bind(ends.client);
    let writes = 0;
    ends.client.write = (from) => {
      writes++;
      return write(from);
    };
    for (let n = 0; n < 10; n++) client.send(`message ${n}`);
    await pass();
    assert.equal(writes, 1);
  });

  test("a close gets the same code back and both ends know why; the server ends the stream first (§5.5.1, §7.1.1)", async () => {
    const [client, server] = [open("client"), open("server")];
    const [atClient, atServer] = [listen(client), listen(server)];
    client.send("last");
    client.close(4001, "done");
    assert.equal(client.readyState, WebSocket.CLOSING);
    assert.equal(client.send("too late"), false);
    await pass();
    assert.deepEqual(atServer.heard, ["last"]);
    assert.deepEqual(atServer.end(), { code: 4001, reason: "done", wasClean: true });
    assert.deepEqual(atClient.end(), { code: 4001, reason: "", wasClean: true });
    await Promise.all([client.ended, server.ended]);
    assert.equal(lan.host("client").tcp.connections.size, 0, "the client is not in TIME-WAIT");
  });

  test("a close without a code is 1005 for both, and codes that are not a program's are refused", async () => {
    const [client, server] = [open("client"), open("server")];
    for (const code of [1001, 1006, 2999, 5000]) assert.throws(() => client.close(code), RangeError);
    assert.throws(() => client.close(1000, "é".repeat(62)), RangeError);
    server.close();
    await pass();
    assert.deepEqual(await client.closed, { code: 1005, reason: "", wasClean: true });
    assert.deepEqual(await server.closed, { code: 1005, reason: "", wasClean: true });
  });

  test("a peer that breaks the rules is told why and let go (§7.1.7)", async () => {
    const server = open("server");
    await ends.client.send(writeText("not masked"));
    await pass(milliseconds(500));
    const facts = await server.closed;
    assert.equal(facts.code, 1002);
    assert.equal(facts.wasClean, false);
    const into = new Uint8Array(200);
    const count = ends.client.read(into) as number;
    assert.deepEqual([into[0], into[2], into[3]], [0x88, 1002 >> 8, 1002 & 0xff]);
    assert.ok(count > 4);
  });

  test("a stream that ends without a close is 1006", async () => {
    const server = open("server");
    await ends.client.close();
    await pass();
    assert.deepEqual(await server.closed, { code: 1006, reason: "", wasClean: false });
  });

  test("a close that nobody answers ends after a while", async () => {
    const server = open("server");
    server.close(1000);
    await pass(milliseconds(4_900));
    assert.equal(server.readyState, WebSocket.CLOSING);
    await pass(milliseconds(200));
    assert.equal(server.readyState, WebSocket.CLOSED);
    assert.deepEqual(await server.closed, { code: 1006, reason: "", wasClean: false });
  });

  test("pings are answered with what they carry (§5.5.2)", async () => {
    const [client] = [open("client"), open("server")];
    const pongs: string[] = [];
    client.onpong = (payload) => pongs.push(new TextDecoder().decode(payload));
    client.ping(new TextEncoder().encode("are you there?"));
    await pass();
    assert.deepEqual(pongs, ["are you there?"]);
  });

  test("the heartbeat keeps a quiet peer and finds one that has vanished", async () => {
    const heartbeat = { interval: seconds(10), timeout: seconds(5) };
    const [, server] = [open("client"), open("server", { heartbeat })];
    await pass(seconds(60));
    assert.equal(server.readyState, WebSocket.OPEN);
    lan.cables.get("client")?.unplug();
    await pass(seconds(4));
    assert.equal(server.readyState, WebSocket.OPEN);
    await pass(seconds(12));
    assert.deepEqual(await server.closed, { code: 1006, reason: "", wasClean: false });
  });

  test("messages by for await hold the peer back while nobody takes them, and none is lost", async () => {
    const [client, server] = [open("client"), open("server")];
    const sending = (async () => {
      for (let n = 0; n < 4_000; n++) if (!client.send(`${n} ${"x".repeat(1_000)}`)) await client.drained();
      client.close(1000);
    })();
    await pass(seconds(5));
    assert.ok(client.bufferedAmount > 0, "the sender waits");
    const heard: number[] = [];
    const taking = (async () => {
      for await (const data of server) heard.push(Number((data as string).split(" ")[0]));
    })();
    await pass(seconds(20));
    await Promise.all([sending, taking]);
    assert.deepEqual(heard, [...Array(4_000).keys()]);
    assert.deepEqual(await server.closed, { code: 1000, reason: "", wasClean: true });
  });

  test("leaving the loop closes", async () => {
    const [client, server] = [open("client"), open("server")];
    client.send("one");
    const taking = (async () => {
      for await (const _ of server) break;
    })();
    await pass();
    await taking;
    assert.equal((await client.closed).code, 1000);
  });

  test("who does not read is dropped when too much waits for them", async () => {
    const server = open("server", { limits: { queueBytes: 100_000 } });
    for (let n = 0; n < 40; n++) {
      server.send(new Uint8Array(50_000));
      await pass();
    }
    assert.equal((await server.closed).reason, "too slow");
  });

  test("too many messages a second, and too many pings, are 1008", async () => {
    const server = open("server", { limits: { messageRate: 10, messageBurst: 5 } });
    const { heard } = listen(server);
    const key = Uint8Array.of(1, 2, 3, 4);
    for (let n = 0; n < 6; n++) await ends.client.send(writeFrame(TEXT, Uint8Array.of(65), { key }));
    await pass();
    assert.equal(heard.length, 5);
    assert.equal((await server.closed).code, 1008);
  });

  test("a flood of pings is 1008", async () => {
    const server = open("server", { limits: { controlRate: 1, controlBurst: 5 } });
    const key = Uint8Array.of(1, 2, 3, 4);
    for (let n = 0; n < 6; n++) await ends.client.send(writeFrame(PING, Uint8Array.of(65), { key }));
    await pass();
    assert.equal((await server.closed).code, 1008);
  });
});
