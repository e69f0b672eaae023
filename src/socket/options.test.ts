import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_SETTINGS } from "../transport/tcp/settings.ts";
import {
  checkOption,
  clampBuffer,
  fromConnectionOptions,
  isOwn,
  LARGEST_BUFFER,
  SMALLEST_BUFFER,
  toConnectionOptions,
} from "./options.ts";

test("an option is checked for the kind of socket and its value", () => {
  assert.equal(checkOption("stream", "TCP_NODELAY"), undefined);
  assert.equal(checkOption("dgram", "TCP_NODELAY"), "ENOPROTOOPT");
  assert.equal(checkOption("stream", "SO_BROADCAST"), "ENOPROTOOPT");
  assert.equal(checkOption("stream", "constructor" as "IP_TTL"), "ENOPROTOOPT");
  assert.equal(checkOption("stream", "SO_LINGER", undefined), undefined, "undefined is a value of it");
  assert.equal(checkOption("stream", "TCP_NODELAY", undefined), "EINVAL");
  for (const value of [0, 256, 1.5, Number.NaN, "64", null]) {
    assert.equal(checkOption("dgram", "IP_TTL", value), "EINVAL", String(value));
  }
});

test("buffers are held to what is sensible", () => {
  assert.equal(clampBuffer(1), SMALLEST_BUFFER);
  assert.equal(clampBuffer(1e12), LARGEST_BUFFER);
  assert.equal(clampBuffer(100_000), 100_000);
});

test("every option of a stream is found in a connection's as it was set, in its own unit", () => {
  const values = {
    SO_KEEPALIVE: true,
    SO_RCVBUF: 70_000,
    SO_SNDBUF: 80_000,
    TCP_NODELAY: true,
    TCP_KEEPIDLE: 61,
    TCP_KEEPINTVL: 7,
    TCP_KEEPCNT: 3,
    TCP_MAXSEG: 1000,
    TCP_USER_TIMEOUT: 1234,
    IP_TTL: 9,
    IP_TOS: 0x10,
  } as const;
  for (const name of Object.keys(values) as (keyof typeof values)[]) {
    assert.equal(isOwn(name), false);
    const before = fromConnectionOptions(name, DEFAULT_SETTINGS);
    assert.notEqual(before, values[name], name);
    const changed = { ...DEFAULT_SETTINGS, ...toConnectionOptions(name, values[name]) };
    assert.equal(fromConnectionOptions(name, changed), values[name], name);
  }
});
