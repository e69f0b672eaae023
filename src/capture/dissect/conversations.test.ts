import assert from "node:assert/strict";
import test from "node:test";
import { type IpAddress, ip } from "../../address/ip.ts";
import { type ConversationKey, Conversations } from "./conversations.ts";

const key = (source: IpAddress, port: number, destination: IpAddress, to: number, link = -1): ConversationKey => ({
  protocol: "tcp",
  link,
  source,
  sourcePort: port,
  destination,
  destinationPort: to,
});
const [one, two] = [ip("10.0.0.1"), ip("10.0.0.2")];

test("a conversation is found from both ends, and known which way a segment goes", () => {
  const conversations = new Conversations();
  const begun = conversations.begin(key(one, 40_000, two, 80));
  const back = key(two, 80, one, 40_000);
  assert.equal(conversations.find(back), begun);
  assert.deepEqual([begun.directionOf(key(one, 40_000, two, 80)), begun.directionOf(back)], [0, 1]);
  assert.equal(conversations.find(key(one, 40_000, two, 80, 3)), undefined);
  assert.equal(conversations.find({ ...back, protocol: "udp" }), undefined);
});

test("a second one with the same ports takes the place of the first, which keeps its number", () => {
  const conversations = new Conversations();
  const first = conversations.begin(key(one, 40_000, two, 80));
  const second = conversations.begin(key(one, 40_000, two, 80));
  assert.equal(conversations.find(key(two, 80, one, 40_000)), second);
  assert.deepEqual([first.stream, second.stream], [0, 1]);
});

test("thousands are each found again", () => {
  const conversations = new Conversations();
  const begun = Array.from({ length: 5_000 }, (_, port) => conversations.begin(key(one, port, two, 80)));
  for (const [port, conversation] of begun.entries()) {
    assert.equal(conversations.find(key(two, 80, one, port)), conversation);
  }
});
