import assert from "node:assert/strict";
import { test } from "node:test";
import type { Heard, WatcherChannel } from "../../../../engine/channel.ts";
import type { FromEngine } from "../../../../engine/protocol/messages.ts";
import { once, type Parts, PatientChannel } from "./parts.ts";

class Wire implements WatcherChannel {
  onMessage: (message: Heard) => void = () => {};
  onClose: () => void = () => {};
  readonly buffered = 0;
  readonly sent: FromEngine[] = [];
  send(message: FromEngine): void {
    this.sent.push(message);
  }
  close(): void {}
}

const ask = (id: number, method: string): Heard => ({ type: "request", id, method, params: {} }) as Heard;

function patient(parts: Partial<Parts>): { wire: Wire; heard: (number | string)[] } {
  const wire = new Wire();
  const there = (): Promise<void> => Promise.resolve();
  const channel = new PatientChannel(wire, {
    analysis: there,
    shell: there,
    programs: there,
    messages: there,
    editing: there,
    ...parts,
  });
  const heard: (number | string)[] = [];
  channel.onMessage = (message) => void heard.push(message.type === "request" ? message.id : message.type);
  return { wire, heard };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a request waits for the part that it needs, in its order, and holds up no other", async () => {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  const { wire, heard } = patient({ shell: () => promise });
  for (const [id, method] of [
    [1, "terminal.open"],
    [2, "time.play"],
    [3, "terminal.input"],
    [4, "packets.open"],
  ] as const) {
    wire.onMessage(ask(id, method));
  }
  await settled();
  assert.deepEqual(heard, [2, 4]);
  resolve();
  await settled();
  assert.deepEqual(heard, [2, 4, 1, 3]);
});

test("a part that cannot be loaded fails the request, and is tried again for the next", async () => {
  let tries = 0;
  const analysis = once(async () => {
    if (++tries === 1) throw new Error("gone");
  });
  const { wire, heard } = patient({ analysis });
  wire.onMessage(ask(1, "packets.open"));
  await settled();
  assert.equal(wire.sent[0]?.type === "failure" && wire.sent[0].error.code, "part-not-loaded");
  wire.onMessage(ask(2, "packets.open"));
  wire.onMessage(ask(3, "filter.check"));
  await settled();
  assert.deepEqual(heard, [2, 3]);
  assert.equal(tries, 2, "loaded once");
});
