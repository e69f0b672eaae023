import assert from "node:assert/strict";
import { test } from "node:test";
import type { SequenceDiagram } from "../../../src/engine/protocol/index.ts";
import { layOut } from "./layout.ts";
import { escapeXml, svgFile } from "./svg.ts";

const DIAGRAM: SequenceDiagram = {
  title: "pc1 & server",
  ends: [
    { name: "pc1", address: "10.0.0.1", port: 40000 },
    { name: "<server>", address: "10.0.0.2", port: 80 },
  ],
  arrows: [
    { event: 1, number: 1, from: 0, to: 1, left: 0, arrived: 1e7, label: "SYN Seq=0", phase: "handshake", length: 0 },
    {
      event: 2,
      number: 2,
      from: 1,
      to: 0,
      left: 1e7,
      lost: "queue-full",
      label: "SYN, ACK",
      phase: "handshake",
      length: 0,
    },
  ],
  truncated: false,
};

test("the file stands by itself: no styles, scripts or addresses from elsewhere", () => {
  const file = svgFile(
    layOut(DIAGRAM, 800, (reason) => reason),
    DIAGRAM.title,
    (phase) => phase,
  );
  assert.match(file, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="800"/);
  assert.match(file, /<title>pc1 &amp; server<\/title>/);
  assert.match(file, />&lt;server&gt;</);
  assert.match(file, /SYN, ACK ✕ queue-full/);
  assert.doesNotMatch(file, /<style|<script|class=|href|var\(|NaN|undefined/);
});

test("no text of a packet can end its element", () => {
  assert.equal(escapeXml("</text><script>\x1b\0"), "&lt;/text&gt;&lt;script&gt;··");
});
