import assert from "node:assert/strict";
import test from "node:test";
import { Dialogue } from "../../../test/fixtures/tcp.ts";
import { minutes } from "../../time/instant.ts";
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

test("each of the eleven states is reached", () => {
  const reached = new Set<State>();
  const active = new Dialogue();
  const opening = active.connecting();
  reached.add(opening.state);
  active.peer({ flags: "S", seq: 0 });
  reached.add(opening.state);
  active.peer({ flags: "S.", seq: 0, ack: 1 });
  reached.add(opening.state);
  opening.shutdownWrite();
  reached.add(opening.state);
  active.peer({ flags: ".", seq: 1, ack: 2 });
  reached.add(opening.state);
  active.peer({ flags: "F.", seq: 1, ack: 2 });
  reached.add(opening.state);
  active.wait(minutes(2));
  reached.add(opening.state);

  const passive = new Dialogue();
  const accepted = passive.established();
  reached.add(new Dialogue().listening().state);
  passive.peer({ flags: "F.", seq: 1, ack: 1 });
  reached.add(accepted.state);
  accepted.close();
  reached.add(accepted.state);

  const crossing = new Dialogue();
  const both = crossing.established();
  both.shutdownWrite();
  crossing.peer({ flags: "F.", seq: 1, ack: 1 });
  reached.add(both.state);
  assert.deepEqual([...reached].sort(), (Object.keys(TRANSITIONS) as State[]).sort());
});

test("there are eleven states, and data arrives in three", () => {
  const all = Object.keys(TRANSITIONS) as State[];
  assert.equal(all.length, 11);
  assert.deepEqual(all.filter(receives), ["ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2"]);
});
