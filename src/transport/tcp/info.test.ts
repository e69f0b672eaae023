import assert from "node:assert/strict";
import test from "node:test";
import { Dialogue, readAll } from "../../../test/fixtures/tcp.ts";
import { milliseconds } from "../../time/instant.ts";

test("TCP_INFO tells what is sent, lost and measured, in Linux's units", () => {
  const host = new Dialogue({ congestionControl: "newreno" });
  const connection = host.established({ scale: 2 });
  const fresh = connection.info;
  assert.deepEqual(
    [fresh.state, fresh.caState, fresh.sndCwnd, fresh.sndSsthresh],
    ["ESTABLISHED", "Open", 10, 2 ** 31 - 1],
  );
  assert.deepEqual([fresh.unacked, fresh.segsOut, fresh.minRtt, fresh.lastDataSent], [0, 0, 0, 0]);
  connection.write(new Uint8Array(4500), { more: true });
  host.wait(milliseconds(50)); // the handshake took no time
  host.peer({ flags: ".", seq: 1, ack: 1001 });
  const { info } = connection;
  assert.deepEqual([info.unacked, info.bytesSent, info.bytesAcked, info.notsentBytes], [3, 4000, 1000, 500]);
  assert.deepEqual([info.rtt, info.minRtt, info.sndMss, info.lastDataSent], [6250, 0, 1000, 50]);
  assert.deepEqual(
    [info.sndWscale, info.rcvWscale, info.options.windowScaling, info.options.sack],
    [2, 7, true, false],
  );
  assert.deepEqual([info.congestionControl, info.delivered, info.dataSegsOut], ["newreno", 1, 4]);
});

test("TCP_INFO counts what is sent again (RFC 9293 §3.8.3, SHLD-9) and what arrives", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.write(new Uint8Array(1000));
  host.wait(milliseconds(250));
  const { totalRetrans, bytesRetrans, retransmits, caState, lost, retrans, bytesSent } = connection.info;
  assert.deepEqual([totalRetrans, bytesRetrans, retransmits, caState], [1, 1000, 1, "Loss"]);
  assert.deepEqual([lost, retrans, bytesSent], [1, 1, 2000]);
  host.peer({ flags: ".", seq: 1, ack: 1001, data: "abc" });
  host.peer({ flags: ".", seq: 10, ack: 1001, data: "beyond a gap" });
  const { bytesReceived, dataSegsIn, segsIn, bytesAcked } = connection.info;
  assert.deepEqual([bytesReceived, dataSegsIn, segsIn, bytesAcked], [3, 2, 2, 1000]);
  assert.equal(readAll(connection), "abc");
});

test("looking makes nothing", () => {
  const connection = new Dialogue().established();
  assert.deepEqual([connection.info.sndCwnd, connection.info.congestionControl], [10, "cubic"]);
  connection.tcp.snapshot();
  assert.deepEqual(
    [connection.heldCongestion, connection.traffic, connection.receiveTuning],
    [undefined, undefined, undefined],
  );
});

test("the delivery rate is that of the last round trip", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.write(new Uint8Array(30_000));
  for (let ack = 1001; ack <= 20_001; ack += 1000) {
    host.wait(milliseconds(10));
    host.peer({ flags: ".", seq: 1, ack });
  }
  assert.equal(connection.info.deliveryRate, 100_000, "1000 bytes each 10 ms");
});
