import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkPreconditions, rangeApplies, type Validators } from "./conditional.ts";
import { formatHttpDate } from "./date.ts";
import { parseEntityTag } from "./entity-tag.ts";

const MODIFIED = Date.UTC(2026, 0, 1, 12, 0, 0);
const NOW = MODIFIED + 3_600_000;
const AT = formatHttpDate(MODIFIED);
const BEFORE = formatHttpDate(MODIFIED - 1000);
const AFTER = formatHttpDate(MODIFIED + 1000);
const STRONG: Validators = { entityTag: parseEntityTag('"a"'), lastModified: MODIFIED + 400 };
const WEAK: Validators = { entityTag: parseEntityTag('W/"a"'), lastModified: MODIFIED };

const request = (fields: Record<string, string>, method = "GET") => ({
  method,
  headers: { get: (name: string) => fields[name] ?? null },
});
const check = (fields: Record<string, string>, method = "GET", current: Validators | undefined = STRONG) =>
  checkPreconditions(request(fields, method), current, NOW);

describe("preconditions (RFC 9110 §13)", () => {
  test("If-Match asks for the same strong tag, by any method (§13.1.1)", () => {
    assert.equal(check({ "if-match": '"x", "a"' }), undefined);
    assert.equal(check({ "if-match": '"x"' }), 412);
    assert.equal(check({ "if-match": 'W/"a"' }), 412);
    assert.equal(check({ "if-match": '"a"' }, "PUT", WEAK), 412);
    assert.equal(check({ "if-match": "*" }, "PUT"), undefined);
    assert.equal(checkPreconditions(request({ "if-match": "*" }, "PUT"), undefined, NOW), 412);
  });

  test("If-None-Match asks for another tag: 304 to a read, 412 to the rest (§13.1.2)", () => {
    assert.equal(check({ "if-none-match": '"b"' }), undefined);
    assert.equal(check({ "if-none-match": '"b", W/"a"' }), 304);
    assert.equal(check({ "if-none-match": '"a"' }, "HEAD", WEAK), 304);
    assert.equal(check({ "if-none-match": '"a"' }, "PUT"), 412);
    assert.equal(check({ "if-none-match": "*" }), 304);
    assert.equal(checkPreconditions(request({ "if-none-match": "*" }, "PUT"), undefined, NOW), undefined);
  });

  test("If-Modified-Since is for reads, by whole seconds (§13.1.3)", () => {
    assert.equal(check({ "if-modified-since": AT }), 304);
    assert.equal(check({ "if-modified-since": AFTER }), 304);
    assert.equal(check({ "if-modified-since": BEFORE }), undefined);
    assert.equal(check({ "if-modified-since": AT }, "POST"), undefined);
    assert.equal(check({ "if-modified-since": "yesterday" }), undefined);
    assert.equal(check({ "if-modified-since": AT }, "GET", {}), undefined);
  });

  test("If-Unmodified-Since is for all (§13.1.4)", () => {
    assert.equal(check({ "if-unmodified-since": AT }, "PUT"), undefined);
    assert.equal(check({ "if-unmodified-since": BEFORE }, "PUT"), 412);
    assert.equal(check({ "if-unmodified-since": "yesterday" }, "PUT"), undefined);
  });

  test("are looked at in the order of §13.2.2", () => {
    assert.equal(check({ "if-match": '"a"', "if-unmodified-since": BEFORE }), undefined);
    assert.equal(check({ "if-none-match": '"b"', "if-modified-since": AT }), undefined);
    assert.equal(check({ "if-match": '"x"', "if-none-match": '"a"' }), 412);
    assert.equal(check({ "if-match": '"a"', "if-none-match": '"a"' }), 304);
  });

  test("mean nothing to OPTIONS and TRACE (§13.2.1)", () => {
    assert.equal(check({ "if-match": '"x"' }, "OPTIONS"), undefined);
    assert.equal(check({ "if-match": '"x"' }, "TRACE"), undefined);
  });

  test("If-Range wants the same strong validator (§13.1.5)", () => {
    const applies = (condition: string | undefined, current: Validators, now = NOW): boolean =>
      rangeApplies(request(condition === undefined ? {} : { "if-range": condition }), current, now);
    assert.equal(applies(undefined, STRONG), true);
    assert.equal(applies('"a"', STRONG), true);
    assert.equal(applies('"b"', STRONG), false);
    assert.equal(applies('"a', STRONG), false);
    assert.equal(applies('W/"a"', WEAK), false);
    assert.equal(applies('"a"', { lastModified: MODIFIED }), false);
    assert.equal(applies(AT, STRONG), true);
    assert.equal(applies(BEFORE, STRONG), false);
    assert.equal(applies(AFTER, STRONG), false);
    assert.equal(applies(AT, STRONG, MODIFIED + 900), false);
    assert.equal(applies(AT, {}), false);
  });
});
