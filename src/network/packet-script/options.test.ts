import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../address/ip.ts";
import { applyOption, defaultSettings } from "./options.ts";
import { ScriptError } from "./script-error.ts";

const applied = (name: string, value: string) => {
  const settings = defaultSettings();
  const known = applyOption(settings, { line: 7, name, value });
  return { known, settings };
};

test("options change what they name", () => {
  assert.equal(applied("tolerance_usecs", "75000").settings.tolerance, 75e6);
  assert.equal(applied("local_ip", "10.0.0.1").settings.localAddress, ip("10.0.0.1"));
  assert.equal(applied("netmask_ip", "255.255.255.0").settings.prefixLength, 24);
  assert.equal(applied("mtu", "1280").settings.mtu, 1280);
  assert.equal(applied("non_fatal", "packet,syscall").settings.callsMayFail, true);
});

test("one that means nothing here is told apart, and a bad value is an error of its line", () => {
  assert.equal(applied("wire_client", "").known, false);
  assert.equal(applied("toString", "").known, false);
  for (const [name, value] of [
    ["tolerance_usecs", "soon"],
    ["local_ip", "10.0.0"],
    ["netmask_ip", "255.0.255.0"],
    ["mtu", "1"],
    ["ip_version", "ipx"],
  ] as const) {
    assert.throws(
      () => applied(name, value),
      (error) => error instanceof ScriptError && error.line === 7,
    );
  }
});
