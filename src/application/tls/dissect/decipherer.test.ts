import assert from "node:assert/strict";
import { test } from "node:test";
import { ciphers } from "../../../../test/fixtures/ciphers.ts";
import { showConnection } from "../../../../test/fixtures/messages-shown.ts";
import * as rfc8448 from "../../../../test/fixtures/rfc8448.ts";
import { tls } from "./dissector.ts";
import { KeyLog } from "./key-log.ts";

const PORTS = [40_000, 4_433] as const;

function keyLogOf(lines: readonly string[]): KeyLog {
  const keyLog = new KeyLog();
  keyLog.add(lines.join("\n"));
  return keyLog;
}

const trace = [
  { from: 0, bytes: rfc8448.CLIENT_HELLO },
  { from: 1, bytes: Uint8Array.from([...rfc8448.SERVER_HELLO, ...rfc8448.SERVER_FLIGHT]) },
  { from: 0, bytes: Uint8Array.from([...rfc8448.CLIENT_FINISHED, ...rfc8448.CLIENT_DATA]) },
] as const;

test("what stands behind the hellos is told in words (RFC 8448 §3)", () => {
  const dissector = tls({ ciphers, keyLog: keyLogOf(rfc8448.KEY_LOG), inside: [] });
  const [, answer, data] = showConnection(dissector, trace, PORTS);
  assert.equal(answer?.columns.info, "Server Hello, Encrypted Extensions, Certificate, Certificate Verify, Finished");
  for (const line of [
    "  TLSv1.3 Record Layer: Handshake Protocol: Multiple Handshake Messages",
    "    Content Type: Handshake (22)",
    "    Handshake Protocol: Certificate Verify",
    "      Signature Algorithm: rsa_pss_rsae_sha256 (0x0804)",
    "      Verify Data",
  ]) {
    assert.ok(answer?.lines.includes(line), `${line}\nis not in\n${answer?.lines.join("\n")}`);
  }
  assert.equal(data?.columns.info, "Finished, Application Data");
  assert.ok(data?.lines.includes("Data (50 bytes)"));
});

test("what no secret is known of stays records, and is read again when it has come", () => {
  const keyLog = keyLogOf(rfc8448.KEY_LOG.slice(0, 2));
  const dissector = tls({ ciphers, keyLog, inside: [] });
  const conversation = dissector.converse(PORTS);
  for (const { from, bytes } of trace) conversation.cut(from, bytes, false, 1, 0);
  assert.deepEqual([conversation.lacks, conversation.outdated], [true, false]);
  keyLog.add(rfc8448.KEY_LOG.slice(2, 3).join("\n"));
  assert.equal(conversation.outdated, true);
  assert.equal(conversation.outdated, true, "however often it is asked");
  const shown = showConnection(dissector, trace, PORTS);
  assert.equal(shown[2]?.columns.info, "Finished, Application Data");
});

test("a connection of which there is no secret at all shows what can be read of it", () => {
  const dissector = tls({ ciphers, keyLog: new KeyLog(), inside: [] });
  const [, answer, data] = showConnection(dissector, trace, PORTS);
  assert.equal(answer?.columns.info, "Server Hello, Application Data");
  assert.equal(data?.columns.info, "Application Data, Application Data");
});
