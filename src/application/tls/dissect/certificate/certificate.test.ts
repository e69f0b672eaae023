import assert from "node:assert/strict";
import { test } from "node:test";
import { show } from "../../../../../test/fixtures/messages-shown.ts";
import { CERTIFICATE } from "../../../../../test/fixtures/rfc8448.ts";
import { dissectCertificate } from "./certificate.ts";

function shown(bytes: Uint8Array): { subject: string; lines: readonly string[] } {
  let subject = "";
  const { lines } = show((tree) => {
    subject = dissectCertificate(bytes, 0, bytes.length, tree);
  });
  return { subject, lines };
}

test("a certificate tells who it is for, from when until when, its key, and what it may be used for (RFC 8448 §3)", () => {
  const { subject, lines } = shown(CERTIFICATE);
  assert.equal(subject, "id-at-commonName=rsa");
  for (const line of [
    "  version: v3 (2)",
    "  serialNumber: 0x02",
    "  signature (sha256WithRSAEncryption)",
    "  issuer: rdnSequence (0)",
    "          DirectoryString: printableString (1)",
    "            printableString: rsa",
    "      utcTime: 2016-07-30 01:23:59 (UTC)",
    "      publicExponent: 65537",
    "  extensions: 2 items",
    "      BasicConstraintsSyntax [0 length]",
    "      KeyUsage: a0",
    "        ..1. .... = keyEncipherment: True",
    "        .0.. .... = contentCommitment: False",
    "algorithmIdentifier (sha256WithRSAEncryption)",
  ]) {
    assert.ok(lines.includes(line), `${line}\nis not in\n${lines.join("\n")}`);
  }
});

test("of one that is cut off, or is none at all, what can be read is shown", () => {
  for (let length = 0; length < CERTIFICATE.length; length++) {
    assert.deepEqual(shown(CERTIFICATE.subarray(0, length)), { subject: "", lines: [] });
  }
  for (let at = 0; at < CERTIFICATE.length; at++) {
    for (const octet of [0, 0x7f, 0x80, 0xff]) {
      const changed = Uint8Array.from(CERTIFICATE);
      changed[at] = octet;
      assert.doesNotThrow(() => shown(changed), `octet ${at}`);
    }
  }
});
