import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { VirtualLan } from "../../../../test/fixtures/virtual-lan.ts";
import type { Socket } from "../../../socket/socket.ts";
import { milliseconds, seconds } from "../../../time/instant.ts";
import { message } from "../message.ts";
import { formatName, name } from "../name.ts";
import { readMessage } from "../read-message.ts";
import { framed } from "../resolver/exchange.ts";
import { writeMessage } from "../write-message.ts";
import { dnsServer } from "./server.ts";

const ZONE = "$ORIGIN test.\n$TTL 1h\n@ SOA ns a 1 2 3 4 5\n@ NS ns\n* A 10.0.0.7\n";
const query = (label: string, id = 1): Uint8Array =>
  writeMessage(message({ id, questions: [{ name: name(`${label}.test.`), type: "A", class: "IN" }] }));

describe("the name server on TCP (RFC 7766)", () => {
  let lan = new VirtualLan(["server", "pc"]);

  beforeEach(() => {
    lan = new VirtualLan(["server", "pc"]);
    lan.start("server", dnsServer, { zones: [ZONE], clients: 2, idle: seconds(10) });
  });

  const connect = async (): Promise<Socket> => {
    const socket = lan.host("pc").sockets.socket("inet", "stream");
    const connecting = socket.connect({ address: "10.0.0.1", port: 53 });
    await lan.run(milliseconds(50));
    await connecting;
    return socket;
  };

  /** The names that were answered since the last look; `"<end>"` and errno names stand for themselves. */
  const answers = (socket: Socket): string[] => {
    const into = new Uint8Array(65_536);
    const found: string[] = [];
    const count = socket.read(into);
    if (typeof count === "string") return count === "EAGAIN" ? [] : [`<${count}>`];
    if (count === 0) return ["<end>"];
    for (let at = 0; at < count; ) {
      const length = ((into[at] as number) << 8) + (into[at + 1] as number);
      const read = readMessage(into.subarray(at + 2, at + 2 + length));
      assert.equal(read?.problem, undefined);
      const [question] = read?.message.questions ?? [];
      found.push(question === undefined ? `${read?.message.rcode}` : formatName(question.name));
      at += 2 + length;
    }
    return found;
  };
  const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

  test("answers queries that came together, in their order", async () => {
    const socket = await connect();
    const queries = ["a", "b", "c"].map((label) => framed(query(label)));
    assert.equal(socket.write(join(...queries)), 3 * (queries[0]?.length ?? 0));
    await lan.run(milliseconds(50));
    assert.deepEqual(answers(socket), ["a.test.", "b.test.", "c.test."]);
  });

  test("answers queries however they are cut", async () => {
    const socket = await connect();
    const bytes = join(framed(query("a")), framed(query("b")));
    for (const byte of bytes) {
      socket.write(Uint8Array.of(byte));
      await lan.run(milliseconds(60));
    }
    assert.deepEqual(answers(socket), ["a.test.", "b.test."]);
  });

  test("answers before it closes after who has closed", async () => {
    const socket = await connect();
    socket.write(framed(query("a")));
    void socket.shutdown("write");
    await lan.run(milliseconds(50));
    assert.deepEqual(answers(socket), ["a.test."]);
    assert.deepEqual(answers(socket), ["<end>"]);
  });

  test("says FORMERR to what cannot be read, and closes on what is no query", async () => {
    const [unreadable, response] = [await connect(), await connect()];
    unreadable.write(framed(query("a").subarray(0, 20)));
    const bytes = query("a");
    bytes[2] = 0x80;
    response.write(framed(bytes));
    await lan.run(milliseconds(50));
    assert.deepEqual(answers(unreadable), ["FORMERR"]);
    assert.deepEqual(answers(response), ["<end>"]);
    unreadable.write(framed(new Uint8Array(0)));
    await lan.run(milliseconds(50));
    assert.deepEqual(answers(unreadable), ["<end>"]);
  });

  test("lets go who asks nothing for ten seconds, also in the middle of a query", async () => {
    const [slow, silent] = [await connect(), await connect()];
    await lan.run(seconds(5));
    slow.write(framed(query("a")));
    for (const byte of framed(query("b")).subarray(0, 7)) {
      await lan.run(seconds(1));
      slow.write(Uint8Array.of(byte));
    }
    assert.deepEqual([answers(slow), answers(silent)], [["a.test."], ["<end>"]], "after 12 s");
    await lan.run(seconds(4));
    assert.deepEqual(answers(slow), ["<end>"], "after 16 s");
  });

  test("closes what comes over the limit of clients, and serves the others", async () => {
    const [first, second, third] = [await connect(), await connect(), await connect()];
    assert.match(answers(third).join(), /end|ECONNRESET/);
    first.write(framed(query("a")));
    second.write(framed(query("b")));
    await lan.run(milliseconds(50));
    assert.deepEqual([answers(first), answers(second)], [["a.test."], ["b.test."]]);
  });

  test("lets go who takes no answers", async () => {
    lan = new VirtualLan(["server", "pc"], 1, { sendBuffer: 4096, receiveBuffer: 4096 });
    lan.start("server", dnsServer, { zones: [ZONE], idle: seconds(10) });
    const socket = await connect();
    const many = join(...[...Array(500).keys()].map((id) => framed(query("a".repeat(60), id))));
    const sending = socket.send(many).catch((error: Error & { code?: string }) => error.code);
    await lan.run(seconds(5));
    assert.equal(lan.host("server").sockets.open.size, 3, "the listener, the datagram socket and this one");
    await lan.run(seconds(10));
    assert.equal(lan.host("server").sockets.open.size, 2);
    assert.ok(Number(await sending) < many.length);
  });

  test("goes on when it is asked to stop only until then", async () => {
    const other = new VirtualLan(["server", "pc"]);
    const stop = other.start("server", dnsServer, { zones: [ZONE] });
    await other.run(milliseconds(10));
    assert.equal(other.host("server").sockets.open.size, 2);
    await stop();
    assert.equal(other.host("server").sockets.open.size, 0);
  });
});

describe("the name server on UDP", () => {
  test("answers each client, and hears no responses", async () => {
    const lan = new VirtualLan(["server", "pc"]);
    lan.start("server", dnsServer, { zones: [ZONE] });
    const socket = lan.host("pc").sockets.socket("inet", "dgram");
    await socket.connect({ address: "10.0.0.1", port: 53 });
    const response = query("a");
    response[2] = 0x80;
    for (const bytes of [query("a", 7), response, new Uint8Array(3), new Uint8Array(0), query("b", 8)]) {
      socket.write(bytes);
    }
    await lan.run(milliseconds(50));
    const into = new Uint8Array(1000);
    const ids: (number | undefined)[] = [];
    for (let length = socket.read(into); typeof length === "number"; length = socket.read(into)) {
      ids.push(readMessage(into.slice(0, length))?.message.id);
    }
    assert.deepEqual(ids, [7, 8]);
  });

  test("goes on when a client is gone", async () => {
    const lan = new VirtualLan(["server", "pc"]);
    lan.start("server", dnsServer, { zones: [ZONE] });
    const ask = async (wait: number): Promise<number | string> => {
      const socket = lan.host("pc").sockets.socket("inet", "dgram");
      await socket.connect({ address: "10.0.0.1", port: 53 });
      socket.write(query("a"));
      if (wait === 0) await socket.close();
      await lan.run(milliseconds(50));
      return wait === 0 ? 0 : socket.read(new Uint8Array(1000));
    };
    await ask(0);
    assert.equal(typeof (await ask(1)), "number");
    assert.deepEqual(lan.log.length, 1);
  });
});
