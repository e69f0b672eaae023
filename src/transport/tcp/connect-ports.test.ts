import assert from "node:assert/strict";
import test from "node:test";
import { ip } from "../../address/ip.ts";
import { Random } from "../../base/random.ts";
import { EPHEMERAL_FIRST, EPHEMERAL_LAST } from "../ports.ts";
import { ConnectPorts } from "./connect-ports.ts";

const LOCAL = ip("10.0.0.1");
const REMOTE = ip("10.0.0.2");
const COUNT = EPHEMERAL_LAST - EPHEMERAL_FIRST + 1;
const portsOf = (seed: number, isFree = (_port: number) => true) =>
  new ConnectPorts(new Random(seed), (_local, port) => isFree(port));

test("to one destination every port of the range comes once before one comes again", () => {
  const ports = portsOf(1);
  const chosen = Array.from({ length: COUNT }, () => ports.choose(LOCAL, REMOTE, 80) as number);
  assert.equal(new Set(chosen).size, COUNT);
  assert.equal(Math.min(...chosen), EPHEMERAL_FIRST);
  assert.equal(Math.max(...chosen), EPHEMERAL_LAST);
  assert.equal(ports.choose(LOCAL, REMOTE, 80), chosen[0]);
});

test("where the ports begin depends on the secret and on the destination (RFC 6056 §3.3, §3.3.4)", () => {
  const first = (seed: number, remotePort: number) => portsOf(seed).choose(LOCAL, REMOTE, remotePort);
  const starts = Array.from({ length: 40 }, (_, index) => first(1, index));
  assert.ok(new Set(starts).size > 35);
  assert.ok(new Set(Array.from({ length: 40 }, (_, seed) => first(seed, 80))).size > 35);
});

test("a taken port is passed over, also by those that come later; none is left when all are taken", () => {
  const ports = portsOf(1);
  const [one, two] = [ports.choose(LOCAL, REMOTE, 80) as number, ports.choose(LOCAL, REMOTE, 80) as number];
  const again = portsOf(1, (port) => port !== one);
  assert.deepEqual([again.choose(LOCAL, REMOTE, 80), again.choose(LOCAL, REMOTE, 80)], [two, two + 1]);
  assert.equal(portsOf(1, (port) => port === EPHEMERAL_LAST).choose(LOCAL, REMOTE, 80), EPHEMERAL_LAST);
  assert.equal(portsOf(1, () => false).choose(LOCAL, REMOTE, 80), undefined);
});
