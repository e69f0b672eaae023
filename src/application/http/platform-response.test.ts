import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { nodePlatform } from "../../../test/fixtures/machine.ts";
import { takeContent } from "./body.ts";
import type { PlatformResponse } from "./handler.ts";
import { adopt } from "./platform-response.ts";

const platform = (...[body, init]: ConstructorParameters<typeof globalThis.Response>): PlatformResponse =>
  new globalThis.Response(body, init) as unknown as PlatformResponse;
const streamOf = (...parts: readonly string[]): ReadableStream<Uint8Array> => {
  const left = [...parts];
  return new ReadableStream({
    pull(controller) {
      const part = left.shift();
      if (part === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(part));
    },
  });
};

describe("a platform's response", () => {
  test("keeps its fields, and each Set-Cookie by itself", async () => {
    const init = {
      status: 201,
      statusText: "Made",
      headers: [
        ["Set-Cookie", "a=1"],
        ["Set-Cookie", "b=2"],
        ["X-A", "b"],
      ] as [string, string][],
    };
    const response = await adopt(platform(null, init));
    assert.deepEqual([response.status, response.statusText, response.body], [201, "Made", null]);
    assert.deepEqual(response.headers.getSetCookie(), ["a=1", "b=2"]);
    assert.equal(response.headers.get("x-a"), "b");
  });

  test("whose body is there at once is whole, so that its length can be told", async () => {
    for (const body of ["text", "", new Uint8Array(100_000), streamOf("a", "b")]) {
      assert.ok(takeContent(await adopt(platform(body))) instanceof Uint8Array, String(body));
    }
    assert.equal(await (await adopt(platform(streamOf("a", "b")))).text(), "ab");
  });

  test("whose body comes later, or in many pieces, stays a stream, of which nothing is lost", async () => {
    const many = streamOf(..."abcdefgh");
    const slow = new ReadableStream({
      async pull(controller) {
        await nodePlatform.turn();
        controller.enqueue(new TextEncoder().encode("slow"));
        controller.close();
      },
    });
    for (const [body, text] of [
      [many, "abcdefgh"],
      [slow, "slow"],
    ] as const) {
      const response = await adopt(platform(body));
      let all = "";
      for await (const piece of response.pieces()) all += new TextDecoder().decode(piece);
      assert.equal(all, text);
    }
  });

  test("that is left tells its stream", async () => {
    let cancelled = false;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1)),
      cancel: () => {
        cancelled = true;
      },
    });
    const pieces = (await adopt(platform(endless))).pieces()[Symbol.asyncIterator]();
    await pieces.next();
    await pieces.return?.();
    assert.equal(cancelled, true);
  });

  test("that fails, or was used, is an error before anything is sent", async () => {
    const failing = new ReadableStream({ pull: (controller) => controller.error(new Error("no")) });
    await assert.rejects(adopt(platform(failing)), /no/);
    const used = platform("x") as unknown as Response;
    await used.text();
    await assert.rejects(adopt(used as unknown as PlatformResponse), TypeError);
    await assert.rejects(adopt(globalThis.Response.error() as unknown as PlatformResponse), RangeError);
  });
});
