import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Fields } from "../message/fields.ts";
import { type RequestFacts, requestFields, responseFields, trailerFields } from "./forward-fields.ts";

const FACTS: RequestFacts = {
  host: "site.test",
  askedHost: "site.test",
  remote: "192.0.2.7",
  secure: true,
  minor: 1,
  via: "us",
  upgrade: undefined,
  bodyLength: 5,
  expectsContinue: false,
  maxForwards: undefined,
};

const NAMES = [
  ...[
    "Connection",
    "Keep-Alive",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Proxy-Authorization",
    "HTTP2-Settings",
  ],
  ...["Content-Length", "Host", "Expect", "Via", "Max-Forwards", "Forwarded", "X-Forwarded-For", "X_Forwarded_For"],
  ...["X-Real-IP", "X-Own", "Accept", "Cookie", "Set-Cookie", "Content_Length"],
];
const field = fc.tuple(
  fc.constantFrom(...NAMES),
  fc.constantFrom("1", "close", "x-own", "trailers", "websocket", "X-Forwarded-For, Via, Host", "chunked", "a, b"),
);
const received = fc.array(
  fc
    .tuple(field, fc.boolean())
    .map(([[name, value], isSmall]) => [isSmall ? name.toLowerCase() : name, value] as const),
  { maxLength: 12 },
);

describe("fields on their way", () => {
  test("to an upstream, whatever came, each of ours is there once and as we know it", () => {
    fc.assert(
      fc.property(received, fc.constantFrom(undefined, null, 5), (list, bodyLength) => {
        const fields = requestFields(list, { ...FACTS, bodyLength });
        assert.deepEqual(fields.getAll("host"), ["site.test"]);
        assert.deepEqual(fields.getAll("content-length"), bodyLength === 5 ? ["5"] : []);
        assert.deepEqual(fields.getAll("transfer-encoding"), bodyLength === undefined ? ["chunked"] : []);
        assert.deepEqual(fields.getAll("x-forwarded-for"), ["192.0.2.7"]);
        assert.deepEqual(fields.getAll("forwarded"), ["for=192.0.2.7;proto=https;host=site.test"]);
        assert.match(fields.get("via") ?? "", /(?:^|, )1\.1 us$/);
        for (const name of [
          "keep-alive",
          "trailer",
          "upgrade",
          "proxy-authorization",
          "http2-settings",
          "expect",
          "x-real-ip",
        ]) {
          assert.equal(fields.has(name), false, name);
        }
        assert.ok(["TE", undefined].includes(fields.get("connection")));
        for (const [name] of fields) assert.doesNotMatch(name, /_/);
      }),
    );
  });

  test("to a client nothing about the upstream's connection comes", () => {
    fc.assert(
      fc.property(received, (list) => {
        const facts = { minor: 0, via: "us", length: 5, location: (value: string) => value };
        const fields = responseFields(new Fields(list), facts);
        assert.deepEqual(fields.getAll("content-length"), ["5"]);
        for (const name of ["connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"]) {
          assert.equal(fields.has(name), false, name);
        }
        assert.match(fields.get("via") ?? "", /(?:^|, )1\.0 us$/);
      }),
    );
  });

  test("each Set-Cookie stays one, in its order", () => {
    const facts = { minor: 1, via: "us", length: undefined, location: (value: string) => value };
    const fields = responseFields(
      new Fields([
        ["Set-Cookie", "a=1"],
        ["X", "y"],
        ["set-cookie", "b=2"],
      ]),
      facts,
    );
    assert.deepEqual(fields.getAll("set-cookie"), ["a=1", "b=2"]);
  });

  test("an address of IPv6, and a host with a port, are quoted in Forwarded (RFC 7239 §4)", () => {
    const fields = requestFields([], { ...FACTS, remote: "2001:db8::7", askedHost: "site.test:8080" });
    assert.equal(fields.get("forwarded"), 'for="[2001:db8::7]";proto=https;host="site.test:8080"');
  });

  test("trailers frame, route and authorise nothing", () => {
    const trailers = NAMES.map((name) => [name, "1"] as const);
    assert.deepEqual(
      [...trailerFields(trailers)].map(([name]) => name),
      ["X-Own", "Accept"],
    );
  });
});
