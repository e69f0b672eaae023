import assert from "node:assert/strict";
import { test } from "node:test";
import { readSysctl } from "./sysctl.ts";

test("settings that are ours are read under the names of Linux and FreeBSD", () => {
  assert.deepEqual(readSysctl("sysctl -w net.ipv4.tcp_sack=0"), { sack: false });
  assert.deepEqual(readSysctl('sysctl -q -w net.ipv4.tcp_rmem="4096 9000 70000" net.ipv4.tcp_timestamps=1'), {
    initialReceiveBuffer: 9000,
    maximumReceiveBuffer: 70000,
    timestamps: true,
  });
  assert.deepEqual(readSysctl("sysctl -w net.ipv4.tcp_mtu_probing=1"), { mtuProbing: "black-hole" });
  assert.deepEqual(readSysctl("sysctl -w net.inet.tcp.recvspace=65536"), { receiveBuffer: 65536 });
});

test("all else is none of ours", () => {
  for (const line of ["./defaults.sh", "sysctl -w net.inet.tcp.blackhole=0", "sysctl -w net.ipv4.tcp_sack=yes"]) {
    assert.equal(readSysctl(line), undefined, line);
  }
});
