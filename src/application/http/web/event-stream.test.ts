import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { nodePlatform, VirtualClock } from "../../../../test/fixtures/machine.ts";
import { after, seconds } from "../../../time/instant.ts";
import { Scheduler } from "../../../time/scheduler.ts";
import { Request } from "../request.ts";
import { type EventWriter, eventStream, formatEvent, lastEventId } from "./event-stream.ts";

const clock = new VirtualClock(new Scheduler());
const read = async (next: Promise<IteratorResult<Uint8Array>>): Promise<string> =>
  new TextDecoder().decode((await next).value);

describe("server-sent events (HTML standard §9.2)", () => {
  test("are lines, and what has several is several lines of data", () => {
    assert.equal(formatEvent({ data: "a\r\nb\rc\n" }), "data: a\ndata: b\ndata: c\ndata: \n\n");
    assert.equal(formatEvent({ data: "x", event: "tick", id: "7" }), "id: 7\nevent: tick\ndata: x\n\n");
    assert.throws(() => formatEvent({ data: "", event: "a\ndata: b" }), TypeError);
    assert.throws(() => formatEvent({ data: "", id: "a\0" }), TypeError);
  });

  test("come as they are sent, and the stream ends with its program", async () => {
    const response = eventStream(
      { clock },
      async (events) => {
        await events.send({ data: "1" });
        await events.comment("two\nlines");
      },
      { retry: 500 },
    );
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    assert.equal(await response.text(), "retry: 500\n\ndata: 1\n\n: two\n: lines\n\n");
  });

  test("a failing program ends the stream with its error", async () => {
    const response = eventStream({ clock }, async (events) => {
      await events.send({ data: "1" });
      throw new Error("no more");
    });
    await assert.rejects(response.text(), /no more/);
  });

  test("a silent stream has a heartbeat", async () => {
    const scheduler = new Scheduler();
    let writer: EventWriter | undefined;
    const response = eventStream(
      { clock: new VirtualClock(scheduler) },
      (events) => {
        writer = events;
        return new Promise(() => {});
      },
      { heartbeat: seconds(15) },
    );
    const body = response.pieces()[Symbol.asyncIterator]();
    for (const time of [15, 30]) {
      const next = read(body.next());
      const until = after(scheduler.now, seconds(15));
      await nodePlatform.settle();
      while (scheduler.runUntil(until) === "woken") await nodePlatform.settle();
      assert.equal(await next, ": \n\n");
      assert.equal(scheduler.now, seconds(time));
    }
    await body.return?.();
    assert.equal(writer?.signal.aborted, true);
  });

  test("a client that reads slowly lets the program wait, and one that goes lets it go on", async () => {
    let sent = 0;
    let ended = false;
    const response = eventStream({ clock }, async (events) => {
      while (!events.signal.aborted) {
        await events.send({ data: "x".repeat(10_000) });
        sent++;
      }
      ended = true;
    });
    const body = response.pieces()[Symbol.asyncIterator]();
    await body.next();
    await nodePlatform.turn();
    const before = sent;
    assert.ok(before < 20, `${before} events wait`);
    await nodePlatform.turn();
    assert.equal(sent, before);
    await body.return?.();
    await nodePlatform.turn();
    assert.equal(ended, true);
  });

  test("tell where a client was", () => {
    assert.equal(lastEventId(new Request("http://a.test", { headers: { "Last-Event-ID": "42" } })), "42");
    assert.equal(lastEventId(new Request("http://a.test")), undefined);
  });
});
