import assert from "node:assert/strict";
import test from "node:test";
import { formatEndpoint, isPort, parseEndpoint, parseHostPort } from "./endpoint.ts";
import { ip } from "./ip.ts";

test("endpoints are read and printed", () => {
  assert.equal(formatEndpoint(ip("10.0.0.1"), 80), "10.0.0.1:80");
  assert.deepEqual(parseEndpoint("10.0.0.1:80"), { address: ip("10.0.0.1"), port: 80 });
  assert.deepEqual(parseHostPort("server:8888"), { host: "server", port: 8888 });
  for (const bad of ["10.0.0.1", "10.0.0.1:", "10.0.0.1:65536", ":80", "a b:80", "name:-1"]) {
    assert.equal(parseHostPort(bad), undefined, bad);
  }
  assert.equal(parseEndpoint("server:80"), undefined);
});

test("a port is a whole number of 16 bits", () => {
  assert.ok(isPort(0) && isPort(65535));
  assert.ok(!isPort(-1) && !isPort(65536) && !isPort(1.5) && !isPort(Number.NaN));
});
