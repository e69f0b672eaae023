import assert from "node:assert/strict";
import test from "node:test";
import { meaningOf } from "./failures.ts";

test("every code of destination unreachable has Linux's errno and hardness", () => {
  const table = Array.from({ length: 16 }, (_, code) => {
    const { errno, hard } = meaningOf(3, code) ?? {};
    return `${code} ${errno}${hard ? " hard" : ""}`;
  });
  assert.deepEqual(table, [
    "0 ENETUNREACH",
    "1 EHOSTUNREACH",
    "2 ENOPROTOOPT hard",
    "3 ECONNREFUSED hard",
    "4 EMSGSIZE",
    "5 ENOTSUP",
    "6 ENETUNREACH hard",
    "7 EHOSTDOWN hard",
    "8 ENONET hard",
    "9 ENETUNREACH hard",
    "10 EHOSTUNREACH hard",
    "11 ENETUNREACH",
    "12 EHOSTUNREACH",
    "13 EHOSTUNREACH hard",
    "14 EHOSTUNREACH hard",
    "15 EHOSTUNREACH hard",
  ]);
});

test("time exceeded is a hint, a parameter problem an end, and the rest says nothing to transports", () => {
  assert.deepEqual(meaningOf(11, 0), { kind: "hop-limit-exceeded", errno: "EHOSTUNREACH", hard: false });
  assert.deepEqual(meaningOf(11, 1)?.kind, "reassembly-timeout");
  assert.deepEqual(meaningOf(12, 0), { kind: "parameter-problem", errno: "EPROTO", hard: true });
  for (const [type, code] of [
    [3, 16],
    [11, 2],
    [4, 0],
    [5, 0],
    [0, 0],
  ] as const) {
    assert.equal(meaningOf(type, code), undefined);
  }
});
