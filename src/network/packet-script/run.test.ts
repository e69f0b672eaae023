import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type RunScriptOptions, runPacketScript } from "./run.ts";

const CONNECTED = `0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 fcntl(3, F_SETFL, O_NONBLOCK) = 0
+0 connect(3, ..., ...) = -1 EINPROGRESS (in progress)
+0 > S 0:0(0)
+.1 < S. 0:0(0) ack 1 win 10000 <mss 1000>
+0 > . 1:1(0) ack 1
`;

const fails = async (text: string, line: number, message: RegExp, options?: RunScriptOptions): Promise<void> => {
  const result = await runPacketScript(text, options);
  assert.equal(result.ok, false, text);
  assert.match(result.message ?? "", message);
  assert.equal(result.line, line, result.message);
};
const passes = async (text: string, options?: RunScriptOptions) => {
  const result = await runPacketScript(text, options);
  assert.ok(result.ok, `${result.line}: ${result.message}`);
  return result;
};

describe("a script fails", () => {
  test("with the line, what was expected and what came, in the script's own numbers", async () => {
    await fails(
      `${CONNECTED}+0 write(3, ..., 10) = 10\n+0 > P. 1:12(11) ack 1\n`,
      8,
      /^length: expected 11, came 10\n/,
    );
    await fails(
      `${CONNECTED}+0 write(3, ..., 10) = 10\n+0 > . 1:11(10) ack 1\n`,
      8,
      /expected: > \. 1:11\(10\) ack 1\ncame: {5}> P\. 1:11\(10\) ack 1 win \d+ at 0\.100000$/,
    );
  });

  test("when a packet comes too early, too late or not at all", async () => {
    await fails(
      `${CONNECTED}+0 write(3, ..., 10) = 10\n+.1 > P. 1:11(10) ack 1\n`,
      8,
      /should have come at 0\.200000 and came at 0\.100000/,
    );
    await fails(
      CONNECTED.replace("+0 > S", "+0 > S 0:0(0)\n+.5 > S"),
      5,
      /no packet came by 0\.500000[\s\S]*at 1\.000000$/,
    );
    await fails("0 socket(..., SOCK_DGRAM, 0) = 3\n* > udp (1)", 2, /no packet came\n[\s\S]*nothing, then or later$/);
  });

  test("when a call gives another result, or takes another time", async () => {
    await fails("0 socket(..., SOCK_STREAM, 0) = 3\n0 read(3, ..., 9) = 0", 2, /^read: expected 0, came -1 ENOTCONN$/);
    await fails("0 close(7) = 0", 1, /^close: expected 0, came -1 EBADF$/);
    const listening = "0 socket(..., SOCK_STREAM, 0) = 3\n0 bind(3, ..., ...) = 0\n0 listen(3, 1) = 0\n";
    await fails(`${listening}0 accept(3, ..., ...) = 4\n`, 4, /^accept waits, and the script does not say until when/);
    await fails(
      `${listening}0...1 accept(3, ..., ...) = 4\n`,
      4,
      /^accept should have returned by 1\.000000 and still waits$/,
    );
    await fails(
      `${listening}0...1 accept(3, ..., ...) = 4\n0.1 < S 0:0(0)\n+0 > S. 0:0(0) ack 1\n+0 < . 1:1(0) ack 1\n`,
      4,
      /^accept: it should have returned at 1\.000000 and did at 0\.100000$/,
    );
  });

  test("when it cannot be read, asks for what is not there, or goes back in time", async () => {
    await fails("\n0 < nonsense", 2, /expected/);
    await fails("0 fork() = 1", 1, /the call fork is not supported/);
    await fails("--ip_version=ipv6\n", 1, /IPv6/);
    await fails("0 constructor() = 1", 1, /not supported/);
    await fails("1 close(3) = -1 EBADF\n0.5 close(3) = -1 EBADF", 2, /time goes back: 0\.500000 after 1\.000000/);
    await fails("--mtu=7\n", 1, /--mtu cannot be "7"/);
  });
});

describe("a script passes", () => {
  test("within its tolerance only", async () => {
    const text = CONNECTED.replace("+.1 < S. 0:0(0)", "+.9 > S 0:0(0)\n+.1 < S. 0:0(0)");
    await fails(text, 5, /no packet came by 0\.9[\s\S]* at 1\.000000$/);
    await passes(`--tolerance_usecs=100000\n${text}`);
    await passes(text, { options: { tolerance_usecs: "100000" } });
  });

  test("with sysctl setting what is opened from then on", async () => {
    const keepIdle = (seconds: number): string =>
      `+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 getsockopt(3, IPPROTO_TCP, TCP_KEEPIDLE, [${seconds}], [4]) = 0
+0 close(3) = 0
`;
    const script = `0 \`sysctl -w net.ipv4.tcp_keepalive_time=60\`
${keepIdle(60)}+1 \`sysctl -w net.inet.tcp.keepidle=15000\`
${keepIdle(15)}`;
    const { ok, message } = await runPacketScript(script);
    assert.ok(ok, message);
  });

  test("with a remark for all that was passed over", async () => {
    const text = `--wire_client\n0 \`./defaults.sh\`\n+0 socket(..., SOCK_STREAM, 0) = 3
+0 setsockopt(3, SOL_TCP, TCP_FASTOPEN, [1], 4) = 0\n+0 %{ print(1) }%\n+0 \`sysctl -w net.ipv4.tcp_sack=0\``;
    const { notes } = await passes(text);
    assert.deepEqual(notes.map(({ line }) => line).sort(), [1, 2, 4, 5]);
  });

  test("with windows and SYN options that it is told not to look at", async () => {
    const text = CONNECTED.replace("S 0:0(0)\n", "S 0:0(0) win 7 <mss 7>\n").replace(
      ". 1:1(0) ack 1\n",
      ". 1:1(0) ack 1 win 7\n",
    );
    await fails(text, 4, /^window/);
    await fails(text, 4, /^TCP options/, { options: { check_windows: "0" } });
    await passes(text, { options: { check_windows: "0", check_syn_options: "0" } });
  });

  test("with errors that it calls not fatal", async () => {
    const { notes } = await passes("--non_fatal=syscall\n0 close(9) = 0");
    assert.deepEqual(notes, [{ line: 2, text: "close: expected 0, came -1 EBADF" }]);
  });

  test("twice in the same virtual time", async () => {
    const results = await Promise.all([1, 2].map(() => passes(`${CONNECTED}+5 close(3) = 0\n+0 > F. 1:1(0) ack 1`)));
    assert.deepEqual(results[0], results[1]);
    assert.ok((results[0]?.duration ?? 0) >= 5.1e9);
  });

  test("with settings of the system in front of it", async () => {
    await passes(
      `\`sysctl -w net.ipv4.tcp_timestamps=0 net.ipv4.tcp_sack=0\`\n${CONNECTED.replace("S 0:0(0)\n", "S 0:0(0) <mss 1460,nop,wscale 7>\n")}`,
    );
  });

  test("with the addresses and ports that it chooses", async () => {
    const text = `--local_ip=10.1.2.3\n--remote_ip=10.9.9.9\n--mtu=600\n${CONNECTED.replace("S 0:0(0)\n", "S 0:0(0) <mss 560,sackOK,TS val 1 ecr 0,nop,wscale 7>\n")}`;
    await passes(
      text.replace(
        "connect(3, ..., ...)",
        'connect(3, {sa_family = AF_INET, sin_port = htons(99), sin_addr = inet_addr("10.9.9.8")}, 16)',
      ),
    );
  });
});

test("a long segment may come as several, and longer ones than the link's may arrive", async () => {
  const written = `${CONNECTED}+0 write(3, ..., 2500) = 2500\n`;
  await passes(`${written}+0 > P. 1:2501(2500) ack 1`);
  await passes(`${written}+0 > . 1:2001(2000) ack 1\n+0 > P. 2001:2501(500) ack 1`);
  await fails(`${written}+0 > . 1:1501(1500) ack 1`, 8, /^length: expected 1500, came 1000\n/);
  await fails(`${written}+0 > P. 1:2601(2600) ack 1`, 8, /^length: expected 2600, came 2500\n/);
  await passes(`${CONNECTED}+0 < . 1:20001(20000) ack 1 win 100\n+0 > . 1:1(0) ack 20001`);
});

test("a packet that was there before it was asked for takes no time", async () => {
  await passes(`--tolerance_usecs=500000\n${CONNECTED}+0 write(3, ..., 10) = 10\n+0 write(3, ..., 1000) = 1000
+0 > P. 1:11(10) ack 1\n+0 < . 1:1(0) ack 11 win 1000\n+0 > P. 11:1011(1000) ack 1
+0 < . 1:1(0) ack 1011 win 1000\n+0 write(3, ..., 1) = 1\n+0 > P. 1011:1012(1) ack 1`).then(({ duration, notes }) => {
    assert.equal(duration, 1e8);
    assert.deepEqual(notes, []);
  });
});

test("vectors, messages and names are taken", async () => {
  await passes(`${CONNECTED}+0 writev(3, [{..., 5}, {..., 6}], 2) = 11
+0 > P. 1:12(11) ack 1
+.01 < . 1:1(0) ack 12 win 10000
+0 sendmsg(3, {msg_name(...)=..., msg_iov(1)=[{..., 7}], msg_flags=0}, 0) = 7
+0 > P. 12:19(7) ack 1
+0 < P. 1:101(100) ack 19 win 10000
+0 recvmsg(3, {msg_iov(1)=[{..., 40}]}, 0) = 40
+0 readv(3, [{..., 40}, {..., 40}], 2) = 60
+0 getsockname(3, ..., ...) = 0
+0 getpeername(3, ..., ...) = 0
`);
});
