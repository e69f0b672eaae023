import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask } from "../../../../test/fixtures/handler.ts";
import { bytesHeld } from "../../../../test/fixtures/machine.ts";
import { size } from "../../../../test/size.ts";
import { Response } from "../response.ts";
import { filtered, type Pieces } from "./filter.ts";

async function* upper(body: Pieces): AsyncGenerator<Uint8Array> {
  for await (const piece of body) yield piece.map((byte) => (byte >= 97 && byte <= 122 ? byte - 32 : byte));
}

describe("a filter", () => {
  test("changes what passes in both directions, and lets no wrong length pass", async () => {
    const filter = filtered({
      request: upper,
      response: (body, response) => {
        response.headers.set("X-Filtered", "yes");
        return upper(body);
      },
    });
    const handler = filter(async (request) => {
      assert.equal(request.headers.get("content-length"), null);
      return new Response(`you said ${await request.text()}`, { headers: { "Content-Length": "12" } });
    });
    const response = await ask(handler, { method: "POST", body: "hey", headers: { "Content-Length": "3" } });
    assert.equal(response.headers.get("x-filtered"), "yes");
    assert.equal(response.headers.get("content-length"), null);
    assert.equal(await response.text(), "YOU SAID HEY");
  });

  test("leaves alone what has no body", async () => {
    const handler = filtered({ request: upper, response: upper })(
      (request) => new Response(null, { status: request.body === null ? 204 : 500 }),
    );
    assert.equal((await ask(handler)).status, 204);
  });

  test("lets what leaves HTTP, and trailer fields, pass as they are", async () => {
    const leaving = new Response(null, { status: 101 });
    assert.equal(await ask(filtered({ response: upper })(() => leaving)), leaving);
    const pieces = { trailers: { "X-Sum": "1" }, [Symbol.asyncIterator]: async function* () {} };
    const response = await ask(filtered({ response: upper })(() => new Response(pieces)));
    assert.deepEqual(response.pieces().trailers, { "X-Sum": "1" });
  });

  const bytes = size(256 * 2 ** 20, 2 ** 30);
  test(`lets ${bytes / 2 ** 20} MiB pass each way and keeps nothing of them`, async () => {
    async function* large(): AsyncGenerator<Uint8Array> {
      for (let sent = 0; sent < bytes; sent += 65_536) yield new Uint8Array(65_536);
    }
    const handler = filtered({ request: upper, response: upper })((request) => new Response(request.pieces()));
    const response = await ask(handler, { method: "POST", body: large() });
    let count = 0;
    let most = 0;
    const before = bytesHeld();
    for await (const piece of response.pieces()) {
      count += piece.length;
      if (count % (16 * 2 ** 20) === 0) most = Math.max(most, bytesHeld() - before);
    }
    assert.equal(count, bytes);
    assert.ok(most < 64 * 2 ** 20, `${most} bytes more`);
  });
});
