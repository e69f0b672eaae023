import assert from "node:assert/strict";
import test from "node:test";
import { Dialogue } from "../../../test/fixtures/tcp.ts";
import { receives, type State, TRANSITIONS } from "./state.ts";

test("the table of transitions is the one of RFC 9293, figure 5", () => {
  const drawn = Object.entries(TRANSITIONS).map(([from, to]) => `${from} → ${to.join(" | ")}`);
  assert.deepEqual(drawn, [
    "CLOSED → LISTEN | SYN-SENT | SYN-RECEIVED",
    "LISTEN → SYN-RECEIVED | CLOSED",
    "SYN-SENT → SYN-RECEIVED | ESTABLISHED | CLOSED",
    "SYN-RECEIVED → ESTABLISHED | CLOSED",
    "ESTABLISHED → FIN-WAIT-1 | CLOSE-WAIT | CLOSED",
    "FIN-WAIT-1 → FIN-WAIT-2 | CLOSING | TIME-WAIT | CLOSED",
    "FIN-WAIT-2 → TIME-WAIT | CLOSED",
    "CLOSE-WAIT → LAST-ACK | CLOSED",
    "CLOSING → TIME-WAIT | CLOSED",
    "LAST-ACK → CLOSED",
    "TIME-WAIT → CLOSED",
  ]);
});

test("an illegal step is our own bug", () => {
  const connection = new Dialogue().established();
  assert.throws(() => {
    connection.state = "SYN-SENT";
  }, /no such transition/);
});

test("there are eleven states, and data arrives in three", () => {
  const all = Object.keys(TRANSITIONS) as State[];
  assert.equal(all.length, 11);
  assert.deepEqual(all.filter(receives), ["ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2"]);
});
