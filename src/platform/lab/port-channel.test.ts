import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { MessageChannel } from "node:worker_threads";
import { lab } from "../../../test/fixtures/lab.ts";
import type { WatcherChannel } from "../../engine/channel.ts";
import { type Port, PortChannel } from "./port-channel.ts";

const EMPTY = "netarium: 1\ndevices:\n  pc1: { kind: host, address: 10.0.0.1/24 }\n";
const HELLO = JSON.stringify({ type: "hello", version: 1 });

test("an engine is watched over a MessagePort, once who watches has said hello", async (t) => {
  const { engine } = await lab(EMPTY);
  t.after(() => engine.close());
  const { port1, port2 } = new MessageChannel();
  t.after(() => port2.close());
  new PortChannel(port1 as unknown as Port, (channel, hello) => engine.admit(channel, hello));
  const hear = async (type: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const [text] = (await once(port2, "message")) as [string];
      const message = JSON.parse(text) as Record<string, unknown>;
      if (message.type === type) return message;
    }
  };
  port2.postMessage(HELLO);
  assert.equal((await hear("welcome")).engine, "engine-1");
  port2.postMessage(JSON.stringify({ type: "request", id: 3, method: "time.step", params: {} }));
  assert.deepEqual((await hear("result")).result, { done: false });
  port2.postMessage(JSON.stringify({ type: "request", id: 4, method: "time.step", params: 5 }));
  assert.equal((await hear("failure")).id, 4);
});

test("who says something else first is let go", async () => {
  const { port1, port2 } = new MessageChannel();
  new PortChannel(port1 as unknown as Port, () => assert.fail("not admitted"));
  port2.postMessage(JSON.stringify({ type: "request", id: 3, method: "time.step", params: {} }));
  await once(port2, "close");
});

/** A port without another end. */
class OnePort implements Port {
  onmessage: Port["onmessage"] = null;
  readonly posted: unknown[] = [];
  closed = false;
  postMessage(message: unknown): void {
    this.posted.push(message);
  }
  close(): void {
    this.closed = true;
  }
  hears(data: unknown): void {
    this.onmessage?.({ data });
  }
}

function greeted(): { port: OnePort; channel: WatcherChannel } {
  const port = new OnePort();
  const channel = new PortChannel(port, () => {});
  port.hears(HELLO);
  return { port, channel };
}

test("what was sent and not yet read counts as waiting, until the watcher says how much it has read", () => {
  const { port, channel } = greeted();
  for (let id = 0; id < 3; id++) channel.send({ type: "result", id, result: {} });
  const lengths = port.posted.map((text) => (text as string).length);
  assert.equal(
    channel.buffered,
    lengths.reduce((sum, length) => sum + length),
  );
  port.hears((lengths[0] as number) + (lengths[1] as number));
  assert.equal(channel.buffered, lengths[2]);
});

test("who claims to have read what was not sent, or less than before, is let go", () => {
  for (const claim of [1_000, -1, Number.NaN]) {
    const { port, channel } = greeted();
    let closed = false;
    channel.onClose = () => {
      closed = true;
    };
    port.hears(claim);
    assert.ok(port.closed && closed, `${claim}`);
  }
});
