import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask } from "../../../../test/fixtures/handler.ts";
import { VirtualClock } from "../../../../test/fixtures/machine.ts";
import { after, milliseconds } from "../../../time/instant.ts";
import { Scheduler } from "../../../time/scheduler.ts";
import { Response } from "../response.ts";
import { ADDRESSES_LIMIT, neighbourhood, rateLimit } from "./rate-limit.ts";

describe("the rate limit of an address", () => {
  const scheduler = new Scheduler();
  const handler = rateLimit({ clock: new VirtualClock(scheduler) }, { rate: 10, burst: 3 })(() => new Response("ok"));
  const from = async (address: string): Promise<number> =>
    (await ask(handler, { info: { remote: { address, port: 1 } } })).status;

  test("lets a burst through, then 429 with Retry-After, and again as time passes", async () => {
    for (const status of [200, 200, 200, 429, 429]) assert.equal(await from("10.0.0.1"), status);
    assert.equal(await from("10.0.0.2"), 200);
    const refused = await ask(handler, { info: { remote: { address: "10.0.0.1", port: 2 } } });
    assert.equal(refused.headers.get("retry-after"), "1");
    scheduler.runUntil(after(scheduler.now, milliseconds(100)));
    for (const status of [200, 429]) assert.equal(await from("10.0.0.1"), status);
  });

  test("remembers a bounded number of addresses, and those that ask longer than those that do not", async () => {
    scheduler.runUntil(after(scheduler.now, milliseconds(1000)));
    for (let i = 0; i < 3; i++) await from("10.1.1.1");
    for (let i = 0; i < 2 * ADDRESSES_LIMIT; i++) {
      scheduler.runUntil(after(scheduler.now, milliseconds(1)));
      await from(`11.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    }
    assert.equal(await from("10.1.1.1"), 200);
  });

  test("takes a /64 of IPv6 as one", () => {
    const table = {
      "192.0.2.1": "192.0.2.1",
      "::ffff:192.0.2.1": "192.0.2.1",
      "2001:db8::1": "2001:db8:0:0",
      "2001:db8:0:0:5:6:7:8": "2001:db8:0:0",
      "2001:0DB8:1:2::": "2001:db8:1:2",
      "fe80::1%eth0": "fe80:0:0:0",
      "::1": "0:0:0:0",
    };
    for (const [address, expected] of Object.entries(table)) assert.equal(neighbourhood(address), expected, address);
  });
});
