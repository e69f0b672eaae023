import assert from "node:assert/strict";
import { test } from "node:test";
import { CONNECTIONS_LIMIT, KeyLog } from "./key-log.ts";

const RANDOM = "0a".repeat(32);

test("a secret is found by the client's random and its label, whatever its letters", () => {
  const log = new KeyLog();
  log.add(`# a comment\r\nCLIENT_RANDOM ${RANDOM.toUpperCase()} ${"ff".repeat(48)}\nEXPORTER_SECRET ${RANDOM} 0102\n`);
  assert.deepEqual(log.find(RANDOM, "EXPORTER_SECRET"), Uint8Array.of(1, 2));
  assert.equal(log.find(RANDOM, "CLIENT_RANDOM")?.length, 48);
  assert.equal(log.find("0b".repeat(32), "CLIENT_RANDOM"), undefined);
  assert.equal(log.version, 2);
});

test("what is no line of a key log is left out, and so is what is told again", () => {
  const log = new KeyLog();
  const lines = [
    "",
    "CLIENT_RANDOM",
    `CLIENT_RANDOM ${RANDOM}`,
    `CLIENT_RANDOM ${RANDOM} 012`,
    `CLIENT_RANDOM ${RANDOM.slice(2)} 01`,
    `client ${RANDOM} 01`,
    `CLIENT_RANDOM ${RANDOM} ${"00".repeat(65)}`,
  ];
  log.add(lines.join("\n"));
  assert.equal(log.version, 0);
  log.add(`CLIENT_RANDOM ${RANDOM} 01`);
  log.add(`CLIENT_RANDOM ${RANDOM} 02`);
  assert.deepEqual(log.find(RANDOM, "CLIENT_RANDOM"), Uint8Array.of(1));
  assert.equal(log.version, 1);
});

test("the secrets of so many connections are kept, and the first go", () => {
  const log = new KeyLog();
  const random = (number: number): string => number.toString(16).padStart(64, "0");
  for (let number = 0; number <= CONNECTIONS_LIMIT; number++) log.add(`CLIENT_RANDOM ${random(number)} 01`);
  assert.equal(log.find(random(0), "CLIENT_RANDOM"), undefined);
  assert.deepEqual(log.find(random(CONNECTIONS_LIMIT), "CLIENT_RANDOM"), Uint8Array.of(1));
});
