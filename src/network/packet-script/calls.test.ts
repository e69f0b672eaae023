import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runPacketScript } from "./run.ts";

const OPEN = `0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0...0.1 connect(3, ..., ...) = 0
+0 > S 0:0(0)
+.1 < S. 0:0(0) ack 1 win 10000 <mss 1000>
+0 > . 1:1(0) ack 1
`;

/** Plays one more line on an open connection, the sixth. @returns what went wrong */
const said = async (line: string, before = ""): Promise<string> => {
  const { ok, message, line: at } = await runPacketScript(`${before}${OPEN}+0 ${line}\n`);
  if (!ok && before === "") assert.equal(at, 6, message);
  return ok ? "ok" : (message ?? "");
};

describe("socket options", () => {
  test("are set and read under their names, those of time and linger as records", async () => {
    for (const [name, value] of [
      ["SO_KEEPALIVE", "[1]"],
      ["TCP_KEEPIDLE", "[55]"],
      ["SO_RCVTIMEO", "{tv_sec=1, tv_usec=500000}"],
      ["SO_LINGER", "{onoff=0, linger=0}"],
      ["SO_SNDBUF", "[8192]"],
    ]) {
      const set = `setsockopt(3, SOL_SOCKET, ${name}, ${value}, 4) = 0`;
      assert.equal(await said(`${set}\n+0 getsockopt(3, SOL_SOCKET, ${name}, ${value}, [4]) = 0`), "ok", name);
    }
    assert.equal(
      await said(
        "setsockopt(3, SOL_SOCKET, SO_SNDBUF, [8192], 4) = 0\n+0 getsockopt(3, SOL_SOCKET, SO_SNDBUF, [16384], [4]) = 0",
      ),
      "ok",
      "as Linux, which doubles it",
    );
  });

  test("whose value is another are told, but not what a system chooses itself", async () => {
    assert.equal(
      await said("getsockopt(3, IPPROTO_TCP, TCP_NODELAY, [1], [4]) = 0"),
      "getsockopt: TCP_NODELAY: expected 1, came 0",
    );
    assert.equal(
      await said("getsockopt(3, SOL_SOCKET, SO_ERROR, [EPIPE], [4]) = 0"),
      "getsockopt: SO_ERROR: expected EPIPE, came 0",
    );
    assert.equal(await said("getsockopt(3, SOL_SOCKET, SO_RCVBUF, [7], [4]) = 0"), "ok");
  });

  test("that nobody has are passed over, and refused where the script expects that", async () => {
    assert.equal(await said("setsockopt(3, SOL_X, SO_X, [1], 4) = 0"), "ok");
    assert.equal(await said("setsockopt(3, SOL_X, SO_X, [1], 4) = -1 ENOPROTOOPT (none)"), "ok");
    assert.match(
      await said("setsockopt(3, SOL_X, SO_X, [1], 4) = -1 EINVAL (bad)"),
      /expected -1 EINVAL, came -1 ENOPROTOOPT/,
    );
    assert.equal(await said("setsockopt(3, SOL_TCP, TCP_KEEPCNT, [0], 4) = -1 EINVAL (bad)"), "ok");
  });
});

describe("calls", () => {
  test("of poll and ioctl tell what is otherwise", async () => {
    assert.equal(
      await said("poll([{fd=3, events=POLLOUT, revents=POLLIN}], 1, 0) = 1"),
      "poll: revents of entry 1: came 0x4",
    );
    assert.equal(await said("poll([{fd=9, events=POLLOUT, revents=POLLNVAL}], 1, -1) = 1"), "ok");
    assert.equal(await said("ioctl(3, SIOCINQ, [5]) = 0"), "ioctl: SIOCINQ: expected 5, came 0");
    assert.match(await said("ioctl(3, SIOCXYZ, [5]) = 0"), /ioctl does not know SIOCXYZ/);
  });

  test("on a descriptor that is not open give EBADF", async () => {
    for (const call of ["read(7, ..., 1)", "listen(7, 1)", "fcntl(7, F_GETFL)", "getsockname(7, ..., ...)"]) {
      assert.equal(await said(`${call} = -1 EBADF (Bad file descriptor)`), "ok", call);
    }
  });

  test("make sockets of the types and families there are", async () => {
    assert.equal(
      await said("socket(AF_INET, SOCK_DGRAM|SOCK_NONBLOCK, IPPROTO_UDP) = 4\n+0 fcntl(4, F_GETFL) = 0x802"),
      "ok",
    );
    assert.equal(await said("socket(AF_INET6, SOCK_STREAM, 0) = -1 EAFNOSUPPORT (none)"), "ok");
    assert.match(await said("socket(AF_INET, SOCK_WHAT, 0) = 4"), /no type of socket: SOCK_WHAT/);
  });

  test("that cannot be done say so", async () => {
    assert.match(await said("send(3, ..., 10, MSG_FASTOPEN) = 10"), /MSG_FASTOPEN is not supported/);
    assert.match(await said("write(3, ..., -5) = 10"), /-5 bytes cannot be sent at once/);
    assert.match(await said("fcntl(3, F_WHAT) = 0"), /fcntl does not know F_WHAT/);
    assert.match(await said("read(3) = 0"), /argument 3 is missing/);
  });

  test("with MSG_WAITALL wait for all, with MSG_PEEK for something that stays", async () => {
    const arrives = "+.1 < P. 1:11(10) ack 1 win 10000\n+.01 < P. 11:21(10) ack 1 win 10000\n";
    assert.equal(
      await said(`recv(3, ..., 20, MSG_WAITALL) = 20\n${arrives}`.replace("+0", "")).then((text) => text.split(",")[0]),
      "recv waits",
    );
    const { ok, message } = await runPacketScript(`${OPEN}+0...0.11 recv(3, ..., 20, MSG_WAITALL) = 20\n${arrives}`);
    assert.ok(ok, message);
    const peeked = await runPacketScript(
      `${OPEN}+0...0.1 recv(3, ..., 99, MSG_PEEK) = 10\n${arrives}+0 recv(3, ..., 99, MSG_PEEK) = 20\n`,
    );
    assert.ok(peeked.ok, peeked.message);
  });
});
