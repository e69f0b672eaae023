import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { MessageChannel } from "node:worker_threads";
import { lab } from "../../../test/fixtures/lab.ts";
import { type Port, PortChannel } from "./port-channel.ts";

const EMPTY = "netarium: 1\ndevices:\n  pc1: { kind: host, address: 10.0.0.1/24 }\n";

test("an engine is watched over a MessagePort, once who watches has said hello", async (t) => {
  const { engine } = await lab(EMPTY);
  t.after(() => engine.close());
  const { port1, port2 } = new MessageChannel();
  t.after(() => port2.close());
  new PortChannel(port1 as unknown as Port, (channel, hello) => engine.admit(channel, hello));
  const hear = async (type: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const [message] = (await once(port2, "message")) as [Record<string, unknown>];
      if (message.type === type) return message;
    }
  };
  port2.postMessage({ type: "hello", version: 1 });
  assert.equal((await hear("welcome")).engine, "engine-1");
  port2.postMessage({ type: "request", id: 3, method: "time.step", params: {} });
  assert.deepEqual((await hear("result")).result, { done: false });
  port2.postMessage({ type: "request", id: 4, method: "time.step", params: 5 });
  assert.equal((await hear("failure")).id, 4);
});

test("who says something else first is let go", async () => {
  const { port1, port2 } = new MessageChannel();
  new PortChannel(port1 as unknown as Port, () => assert.fail("not admitted"));
  port2.postMessage({ type: "request", id: 3, method: "time.step", params: {} });
  await once(port2, "close");
});
