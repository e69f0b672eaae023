import assert from "node:assert/strict";
import test from "node:test";
import { answerTo, TelnetReader, toTelnet } from "./telnet-bytes.ts";

test("commands are taken out wherever the bytes are cut, and refused", () => {
  // IAC DO ECHO, "a", IAC IAC, IAC SB 24 1 IAC IAC 2 IAC SE, IAC WILL 1, CR NUL, IAC NOP, "b"
  const bytes = [255, 253, 1, 97, 255, 255, 255, 250, 24, 1, 255, 255, 2, 255, 240, 255, 251, 1, 13, 0, 255, 241, 98];
  for (const size of [1, 2, 3, 5, bytes.length]) {
    const reader = new TelnetReader();
    const data: number[] = [];
    const answers: number[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      const read = reader.read(Uint8Array.from(bytes.slice(at, at + size)));
      data.push(...read.data);
      for (const option of read.asked) answers.push(...answerTo(option));
    }
    assert.deepEqual(data, [97, 255, 13, 98]);
    assert.deepEqual(answers, [255, 252, 1, 255, 254, 1]);
  }
});

test("what is refused needs no answer", () => {
  assert.equal(answerTo({ command: 252, option: 1 }).length + answerTo({ command: 254, option: 1 }).length, 0);
});

test("lines end with CR LF, and IAC is doubled", () => {
  assert.deepEqual([...toTelnet(Uint8Array.of(97, 10, 255, 13))], [97, 13, 10, 255, 255, 13, 0]);
});
