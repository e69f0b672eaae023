import assert from "node:assert/strict";
import test from "node:test";
import { ip } from "../../address/ip.ts";
import { AddressUsers } from "./address-users.ts";
import { FrameBytes } from "./frames.ts";

/** An ARP request of a station with its address. */
function request(mac: number, sender: number, time: number): FrameBytes {
  const frame = new FrameBytes();
  const packet = [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, mac, 10, 0, 0, sender, 0, 0, 0, 0, 0, 0, 10, 0, 0, 9];
  frame.bytes = Uint8Array.from([...new Array(14).fill(0), ...packet]);
  frame.view = new DataView(frame.bytes.buffer);
  frame.end = frame.bytes.length;
  frame.time = time;
  return frame;
}

test("an address that a second station says to have is a duplicate of where the first last had it", () => {
  const users = new AddressUsers();
  users.add(1, request(1, 5, 0));
  users.add(2, request(1, 5, 1e9));
  users.add(3, request(2, 6, 2e9));
  users.add(4, request(2, 5, 4e9));
  assert.deepEqual(
    [1, 2, 3].map((number) => users.of(number).length),
    [0, 0, 0],
  );
  const [found] = users.of(4);
  assert.deepEqual([found?.address, found?.frame, found?.since], [ip("10.0.0.5"), 2, 3e9]);
});

test("a probe, which has no address yet, is nobody's", () => {
  const users = new AddressUsers();
  users.add(1, request(1, 5, 0));
  const probe = request(2, 5, 1);
  probe.view.setUint32(28, 0);
  users.add(2, probe);
  assert.deepEqual(users.of(2), []);
});
