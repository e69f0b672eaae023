import assert from "node:assert/strict";
import test from "node:test";
import { Dialogue, pair } from "../../../test/fixtures/tcp.ts";
import { milliseconds } from "../../time/instant.ts";
import { chosenFor } from "./connection-options.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";

test("the congestion control is the route's, else the one that was set (Linux: congctl, TCP_CONGESTION)", () => {
  const { route } = new Dialogue().established();
  const settings = { ...DEFAULT_SETTINGS, congestionControl: "newreno" } as const;
  assert.equal(chosenFor(route, settings), "newreno");
  assert.equal(chosenFor({ ...route, congestionControl: "bbr" }, settings), "bbr");
});

test("another congestion control takes the window over, and data goes on", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.congestion.window = 7000;
  connection.congestion.slowStartThreshold = 5000;
  for (const name of ["newreno", "bbr", "cubic"] as const) {
    connection.set({ congestionControl: name });
    assert.equal(connection.congestion.name, name);
    assert.deepEqual([connection.congestion.window, connection.congestion.slowStartThreshold], [7000, 5000], name);
  }
  connection.write(new Uint8Array(7000));
  assert.equal(host.take().length, 7);
});

test("a congestion control that is chosen before the attempt is used from its start", () => {
  const { client, serverAddress } = pair({ delay: milliseconds(1) });
  const connection = client.connect(undefined, serverAddress, 80, { congestionControl: "bbr" });
  assert.ok(typeof connection !== "string");
  assert.equal(connection.congestion.name, "bbr");
  connection.set({ congestionControl: "newreno" });
  assert.equal(connection.congestion.name, "newreno");
});
