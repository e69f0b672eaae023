import assert from "node:assert/strict";
import { test } from "node:test";
import { LINK_LIMIT, readLink, writeLink } from "./link.ts";

test("a link carries the whole text, and what of it is meant", async () => {
  const link = {
    text: "netarium: 1\nname: Übung 网络\ndevices: {}\n",
    filter: "tcp.port == 80",
    panel: "text",
    time: 5e9,
  };
  const fragment = await writeLink(link);
  assert.match(fragment, /^net=[\w-]+&/);
  assert.deepEqual(await readLink(fragment), link);
});

test("a fragment without a network is none, and a broken one says so", async () => {
  assert.equal(await readLink("token=abc"), undefined);
  assert.equal(await readLink("net=AAAA"), "link-broken");
  assert.equal(await readLink("net=!!!!"), "link-broken");
  const whole = await writeLink({ text: "netarium: 1\n".repeat(50) });
  assert.equal(await readLink(whole.slice(0, -4)), "link-broken");
});

test("a link that is too long is not read, and one that would become too much is not inflated", async () => {
  assert.equal(await readLink(`net=${"A".repeat(LINK_LIMIT)}`), "link-too-large");
  const bomb = await writeLink({ text: " ".repeat(3 * 2 ** 20) });
  assert.ok(bomb.length < LINK_LIMIT);
  assert.equal(await readLink(bomb), "link-too-large");
});
