import assert from "node:assert/strict";
import { test } from "node:test";
import { type TokenPlace, takeToken } from "./token.ts";

test("the token goes from the address to the tab's storage, and a reload finds it there", () => {
  const kept = new Map<string, string>();
  const shown: string[] = [];
  const place = (hash: string): TokenPlace => ({
    location: { hash, pathname: "/", search: "?a" },
    history: {
      replaceState: (_data: unknown, _unused: string, url?: string | URL | null) => void shown.push(`${url}`),
    },
    sessionStorage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) },
  });
  assert.equal(takeToken(place("")), undefined);
  assert.equal(takeToken(place("#token=a-b_1")), "a-b_1");
  assert.deepEqual(shown, ["/?a"], "it leaves the address bar");
  assert.equal(takeToken(place("")), "a-b_1");
  assert.equal(takeToken(place("#token=new")), "new", "a newer one counts");
  assert.equal(takeToken(place("#section")), "new");
});
