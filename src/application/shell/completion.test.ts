import assert from "node:assert/strict";
import test from "node:test";
import { commonStart, complete, inColumns } from "./completion.ts";

const known = {
  commands: [
    { name: "ping", usage: "[-nq] [-c count] destination" },
    { name: "nslookup", usage: "[-type=type] [-norecurse] name" },
    { name: "nc", usage: "[-l] destination port" },
  ],
  hosts: ["pc1", "pc2", "10.0.0.1", "localhost"],
  files: ["page.html", "log"],
  switches: true,
};
const of = (line: string): readonly string[] => complete(line, known).candidates;

test("first a command, then its options, hosts and addresses", () => {
  assert.deepEqual(of("p"), ["ping"]);
  assert.deepEqual(of("n"), ["nc", "nslookup"]);
  assert.deepEqual(of("ping -"), ["-c", "-n", "-q"]);
  assert.deepEqual(of("nslookup -t"), ["-type="]);
  assert.deepEqual(of("ping pc"), ["pc1", "pc2"]);
  assert.deepEqual(of("ping 1"), ["10.0.0.1"]);
  assert.deepEqual(of("ping pc1; n"), ["nc", "nslookup"]);
  assert.deepEqual(of("ping pc1 && ping l"), ["localhost"]);
});

test("files where files are meant, the host of a URL, and other hosts", () => {
  assert.deepEqual(of("cat p"), ["page.html"]);
  assert.deepEqual(of("ping pc1 > l"), ["log"]);
  assert.deepEqual(complete("curl http://pc", known), { length: 2, candidates: ["pc1", "pc2"] });
  assert.deepEqual(of("dig @l"), ["localhost"]);
  assert.deepEqual(of("@pc"), ["@pc1", "@pc2"]);
  assert.deepEqual(of("@pc2 p"), ["ping"]);
  assert.deepEqual(of("help n"), ["nc", "nslookup"]);
});

test("what all have in common is written, and the rest is listed in columns", () => {
  assert.equal(commonStart(["netstat", "nettest", "net"]), "net");
  assert.equal(commonStart([]), "");
  assert.equal(inColumns(["a", "bb", "c"], 8), "a   c\nbb\n");
  assert.equal(inColumns(["long-one", "b"], 4), "long-one\nb\n");
});

test("a file whose name a terminal would obey, or that is no word of a line, is not written", () => {
  const names = ["a\u009b2J", "a\x1b]52;c;eA==\x07", "a\u202e", "a; rm log", "a'b", "a$b", "abc"];
  assert.deepEqual(complete("cat a", { ...known, files: names }).candidates, ["abc"]);
  assert.deepEqual(complete("cat < ", { ...known, files: names }).candidates, ["abc"]);
});
