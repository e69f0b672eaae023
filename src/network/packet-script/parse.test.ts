import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseScript } from "./parse.ts";
import type { Action, TcpPacket } from "./script.ts";
import { ScriptError } from "./script-error.ts";

const only = (text: string): Action => {
  const { events } = parseScript(text);
  assert.equal(events.length, 1);
  return (events[0] as { action: Action }).action;
};
const segment = (text: string): TcpPacket => {
  const action = only(`0 < ${text}`);
  assert.ok(action.kind === "packet" && action.packet.kind === "tcp");
  return action.packet;
};
const wrong = (text: string, line: number, message: RegExp): void => {
  assert.throws(
    () => parseScript(text),
    (error) => error instanceof ScriptError && error.line === line && message.test(error.message),
    text,
  );
};

describe("times", () => {
  const times = (text: string) => parseScript(text).events.map(({ time, end }) => ({ ...time, end }));

  test("are absolute, relative, ranges, or any", () => {
    const [a, b, c, d, e, f] = times(
      "0.5 < . 1:1(0)\n+.1 < . 1:1(0)\n1~2.5 > . 1:1(0)\n+0.2~+0.3 > . 1:1(0)\n* > . 1:1(0)\n+0 > . 1:1(0)",
    );
    assert.deepEqual(a, { kind: "absolute", at: 5e8, latest: undefined, end: undefined });
    assert.deepEqual(b, { kind: "relative", at: 1e8, latest: undefined, end: undefined });
    assert.deepEqual(c, { kind: "absolute", at: 1e9, latest: 2.5e9, end: undefined });
    assert.deepEqual(d, { kind: "relative", at: 2e8, latest: 3e8, end: undefined });
    assert.deepEqual(e, { kind: "any", end: undefined });
    assert.deepEqual(f, { kind: "relative", at: 0, latest: undefined, end: undefined });
  });

  test("a call that blocks has an end, whatever stands before the ellipsis", () => {
    const [a, b, c] = times("0...0.2 close(3) = 0\n0.1...0.2 close(3) = 0\n+.1...1 close(3) = 0");
    assert.deepEqual([a?.end, b?.end, c?.end], [2e8, 2e8, 1e9]);
    assert.deepEqual(
      [a, b, c].map((time) => time?.kind === "any" || time?.at),
      [0, 1e8, 1e8],
    );
  });
});

describe("what is no event", () => {
  test("comments of three kinds, and lines of shell and code without a time", () => {
    const { events } = parseScript("// one\n/* two\nlines */ # three\n`./defaults.sh`\n%{ print(1) }%\n0 `a // b`\n");
    assert.deepEqual(
      events.map(({ line, action }) => [line, action]),
      [
        [4, { kind: "shell", text: "./defaults.sh" }],
        [5, { kind: "code", text: "print(1)" }],
        [6, { kind: "shell", text: "a // b" }],
      ],
    );
  });

  test("options, with a value or none", () => {
    assert.deepEqual(parseScript("--tolerance_usecs=75000\n--dry_run\n").options, [
      { line: 1, name: "tolerance_usecs", value: "75000" },
      { line: 2, name: "dry_run", value: "" },
    ]);
  });
});

describe("segments", () => {
  test("have flags, numbers, acknowledgment, window, urgent pointer and options", () => {
    assert.deepEqual(segment("FP. 1:11(10) ack 5 win 100 urg 3 <nop,nop,sack 1:2 3:4>"), {
      kind: "tcp",
      ip: {},
      flags: 0x19,
      sequence: 1,
      absolute: false,
      length: 10,
      ack: 5,
      window: 100,
      urgent: 3,
      options: [
        { kind: "nop" },
        { kind: "nop" },
        {
          kind: "sack",
          blocks: [
            { left: 1, right: 2 },
            { left: 3, right: 4 },
          ],
        },
      ],
    });
  });

  test("all options are known, and an ellipsis is any", () => {
    const { options } = segment("S 0:0(0) <mss 1460,sackOK,TS val 1 ecr 2,nop,wscale 7,FO 0102,FO,eol>");
    assert.deepEqual(options?.slice(0, 3), [
      { kind: "mss", size: 1460 },
      { kind: "sackOK" },
      { kind: "TS", value: 1, echo: 2 },
    ]);
    assert.deepEqual(options?.slice(5, 7), [
      { kind: "FO", cookie: [1, 2] },
      { kind: "FO", cookie: [] },
    ]);
    assert.equal(segment(". 1:1(0) ack 1 <...>").options, undefined);
    assert.equal(segment("S 0:0(0)").options, undefined, "a SYN that lists none does not care");
    assert.deepEqual(segment(". 1:1(0) ack 1").options, []);
  });

  test("IP fields stand before the flags, and numbers wrap", () => {
    assert.deepEqual(segment("[ect0, ttl 3] . 1:1(0)").ip, { ecn: 2, ttl: 3 });
    assert.deepEqual(segment("(tos 0x20) . 1:1(0)").ip, { tos: 0x20 });
    assert.equal(segment(". 4294967295:9(10)").sequence, 4294967295);
    assert.equal(segment("R. 0:0(0)! ack 1").absolute, true);
  });
});

describe("other packets", () => {
  test("ICMP names its type, its code and the segment that it is about", () => {
    const action = only("0 < icmp unreachable frag_needed mtu 1300 [1:1001(1000)]");
    const about = { protocol: "tcp", sequence: 1, length: 1000 };
    assert.deepEqual(action, {
      kind: "packet",
      direction: "in",
      packet: { kind: "icmp", ip: {}, type: 3, code: 4, mtu: 1300, about },
    });
  });

  test("UDP has a length", () => {
    assert.deepEqual(only("0 > udp (7)"), {
      kind: "packet",
      direction: "out",
      packet: { kind: "udp", ip: {}, length: 7 },
    });
  });
});

describe("calls", () => {
  const call = (text: string) => {
    const action = only(`0 ${text}`);
    assert.ok(action.kind === "call");
    return action.call;
  };

  test("have arguments of all kinds, and results with an errno and a remark", () => {
    const { name, args, result, errno } = call(
      'f(3, ..., "a b", [1], {onoff=1, linger=0}, A_NAME) = -1 EAGAIN (try (it) again)',
    );
    assert.equal(name, "f");
    assert.deepEqual(args[0], { kind: "number", value: 3 });
    assert.deepEqual(args[1], { kind: "ellipsis" });
    assert.deepEqual(args[2], { kind: "text", text: "a b" });
    assert.deepEqual(args[3], { kind: "list", items: [{ kind: "number", value: 1 }] });
    assert.ok(args[4]?.kind === "record" && args[4].fields.get("linger")?.kind === "number");
    assert.deepEqual(args[5], { kind: "name", name: "A_NAME" });
    assert.deepEqual([result, errno], [{ kind: "number", value: -1 }, "EAGAIN"]);
  });

  test("combine constants, and the time after a result is no sum", () => {
    const value = { kind: "number", value: 0x802 };
    assert.deepEqual(call("fcntl(3, F_SETFL, O_RDWR | O_NONBLOCK) = 0").args[2], value);
    assert.deepEqual(call("socket(..., SOCK_STREAM|SOCK_NONBLOCK, 0) = 3").args[1], {
      kind: "name",
      name: "SOCK_STREAM|2048",
    });
    assert.equal(parseScript("0 close(3) = 0\n+0.1 close(3) = 0").events.length, 2);
    assert.equal(call("f() = ?").result, undefined);
  });

  test("take addresses and vectors", () => {
    const { args } = call(
      'bind(3, {sa_family = AF_INET, sin_port = htons(80), sin_addr = inet_addr("1.2.3.4")}, 16) = 0',
    );
    assert.ok(args[1]?.kind === "record" && args[1].fields.get("sin_port")?.kind === "call");
    const message = call("sendmsg(4, {msg_name(...)=..., msg_iov(1)=[{..., 1000}], msg_flags=0}, 0) = 1000").args[1];
    assert.ok(message?.kind === "record" && message.fields.get("msg_iov")?.kind === "list");
  });
});

test("errors name the line", () => {
  wrong("\n0 < S 0:1(0)", 2, /the range 0:1 is not 0 bytes long/);
  wrong("0 < S 0:0(0) <mss 10,what>", 1, /the TCP option "what" is not known/);
  wrong("0 < . 1:1(0)\n\n0 open(3", 3, /expected "\)"/);
  wrong("hello", 1, /expected a time/);
  wrong("0 < icmp unreachable no_such_code", 1, /code "no_such_code"/);
  wrong("--ip_version=ipv6\n0 < x", 1, /IPv6 is not supported yet/);
  wrong("#ifdef A\n0 < . 1:1(0)", 1, /#ifdef without #endif/);
  wrong("#endif", 1, /#endif without #ifdef/);
});

test("#ifdef keeps what is defined, and lines keep their numbers", () => {
  const text = "#ifdef A\n0 close(1) = 0\n#else\n0 close(2) = 0\n#endif\n#ifndef A\n0 close(3) = 0\n#endif\n";
  const lines = (names: string[]) => parseScript(text, new Set(names)).events.map(({ line }) => line);
  assert.deepEqual(lines(["A"]), [2]);
  assert.deepEqual(lines([]), [4, 7]);
});
