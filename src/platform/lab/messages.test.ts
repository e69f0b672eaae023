import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { checkMessage, MESSAGE_LIMIT, readMessage } from "./messages.ts";

test("a hello and a request are what they are", () => {
  const messages = [
    { type: "hello", version: 1, token: "t" },
    { type: "hello", version: 1 },
    { type: "request", id: 0, method: "time.branch", params: { at: 5 } },
    { type: "request", id: 1, method: "packets.open", params: { vantage: { kind: "nic", nic: 2 }, filter: "tcp" } },
    { type: "request", id: 2, method: "time.speed", params: { speed: "max" } },
  ];
  for (const message of messages) {
    assert.deepEqual(checkMessage(message), message);
    assert.deepEqual(readMessage(JSON.stringify(message)), message);
  }
});

test("a request that is none is answered with what is wrong with it, and where", () => {
  const problem = (method: string, params: unknown) => {
    const heard = checkMessage({ type: "request", id: 7, method, params });
    assert.ok(heard?.type === "failure" && heard.id === 7);
    return [heard.error.code, heard.error.params?.place];
  };
  assert.deepEqual(problem("time.branch", { at: -1 }), ["bad-params", "params.at"]);
  assert.deepEqual(problem("time.branch", { at: 1, branch: "x" }), ["bad-params", "params.branch"]);
  assert.deepEqual(problem("packets.rows", { view: 1, from: 0, count: 1e9 }), ["bad-params", "params.count"]);
  assert.deepEqual(problem("time.play", undefined), ["bad-params", "params"]);
  assert.deepEqual(problem("packets.open", { vantage: { kind: "moon" }, filter: "" }), [
    "bad-params",
    "params.vantage.kind",
  ]);
  for (const method of ["fly", "constructor", "__proto__", ""]) assert.equal(problem(method, {})[0], "unknown-method");
});

test("what is no message of the protocol is nothing", () => {
  const request = { type: "request", id: 1, method: "time.play", params: {} };
  for (const message of [
    undefined,
    null,
    5,
    "hello",
    [],
    {},
    { type: "welcome" },
    { ...request, id: -1 },
    { ...request, x: 1 },
  ]) {
    assert.equal(checkMessage(message), undefined);
  }
  assert.equal(readMessage("{"), undefined);
  assert.equal(readMessage(`"${"x".repeat(MESSAGE_LIMIT)}"`), undefined);
});

test("whatever comes, nothing is thrown", () => {
  fc.assert(fc.property(fc.anything(), (value) => void checkMessage(value)));
  fc.assert(fc.property(fc.string(), (value) => void readMessage(value)));
  fc.assert(
    fc.property(fc.anything(), fc.constantFrom("time.branch", "packets.find", "terminal.input"), (params, method) => {
      const heard = checkMessage({ type: "request", id: 1, method, params });
      assert.ok(heard === undefined || heard.type === "failure" || heard.type === "request");
    }),
  );
});
