import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { completeParameters } from "./parameters.ts";
import { formatMessage, type ParameterSpec } from "./program.ts";
import { PROGRAMS } from "./registry.ts";
import { timeClient } from "./time/client.ts";
import { timeServer } from "./time/server.ts";

/** Whether a default is what a program is given for a parameter of that type. */
function fits(type: ParameterSpec["type"], value: unknown): boolean {
  switch (type) {
    case "text":
    case "address":
      return typeof value === "string";
    case "texts":
      return Array.isArray(value) && value.every((each) => typeof each === "string");
    case "boolean":
      return typeof value === "boolean";
    case "number":
      return typeof value === "number";
    case "port":
    case "count":
    case "duration":
      return Number.isSafeInteger(value) && (value as number) >= 0;
    case "files":
      return Array.isArray(value) && value.length === 0;
    case "domain":
      return value === null;
    case "endpoint":
    case "sites":
      return false; // there is no server, and no site, that everybody has
  }
}

describe("the programs", () => {
  for (const [name, program] of PROGRAMS) {
    test(`${name} is described, and its defaults are of their types`, () => {
      assert.equal(program.name, name);
      assert.match(name, /^[a-z]+(-[a-z]+)*$/);
      assert.match(program.summary, /^[A-Z].*\.$/);
      for (const [parameter, spec] of Object.entries(program.parameters as Record<string, ParameterSpec>)) {
        assert.match(spec.summary, /\.$/, parameter);
        if (spec.default !== undefined) assert.ok(fits(spec.type, spec.default), parameter);
      }
      for (const text of Object.values(program.messages)) assert.notEqual(text, "");
    });
  }

  test("defaults fill in what is not given", () => {
    assert.deepEqual(completeParameters(timeServer, { port: 13 }), { address: "0.0.0.0", port: 13, clients: 500 });
    assert.throws(() => completeParameters(timeClient), /time-client needs the parameter server/);
  });

  test("messages are filled from their parameters", () => {
    const text = formatMessage(timeServer.messages, "listening", { address: "10.0.0.1", port: 3434 });
    assert.equal(text, "Time server on 10.0.0.1:3434");
  });
});
