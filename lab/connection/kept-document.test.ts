import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { documentKeeper, keptDocument } from "./kept-document.ts";
import { type ConnectionState, NO_CONNECTION } from "./store.ts";

describe("the document of an engine that ends with its page", () => {
  let kept: Map<string, string>;
  let storage: Parameters<typeof keptDocument>[0];
  let state: ConnectionState;
  let becomes: (change: object) => void;

  beforeEach(() => {
    kept = new Map();
    storage = {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    };
    const keep = documentKeeper(storage);
    state = NO_CONNECTION;
    becomes = (change) => {
      const before = state;
      state = { ...state, ...change } as ConnectionState;
      keep(state, before);
    };
  });

  const begins = (platform: string, document: string): void =>
    becomes({ welcome: { engine: `${platform}-1`, platform }, network: { document, file: "a.yaml" } });

  test("is kept once it has changed, and is what the next engine begins with", () => {
    begins("worker", "netarium: 1\n");
    assert.equal(keptDocument(storage), undefined);
    becomes({ network: { document: "netarium: 1\nname: X\n", file: "a.yaml" } });
    assert.deepEqual(keptDocument(storage), { text: "netarium: 1\nname: X\n", file: "a.yaml" });
  });

  test("is none of an engine in Node, which goes on by itself", () => {
    begins("node", "one");
    becomes({ network: { document: "two", file: "a.yaml" } });
    assert.equal(keptDocument(storage), undefined);
  });

  test("is forgotten when no engine can begin with it, or when it is no document at all", () => {
    begins("worker", "one");
    becomes({ network: { document: "two", file: "a.yaml" } });
    becomes({ link: { kind: "ended", problem: { code: "bad-network-file", text: "" } } });
    assert.equal(keptDocument(storage), undefined);
    for (const other of ["nonsense", "[]", "null", '{"text":1}']) {
      kept.set("netarium-document", other);
      assert.equal(keptDocument(storage), undefined, other);
    }
  });
});
