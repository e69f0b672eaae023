import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { Authority } from "../certificates/authority.ts";
import { loadX509 } from "../certificates/x509.ts";
import { isFor } from "./verify.ts";

const validity = { from: new Date("2020-01-01"), to: new Date("2049-01-01") };

test("a certificate is for its alternative names, each in its own kind (RFC 9110 §4.3.4, RFC 6125 §6.4.3)", async () => {
  const authority = await Authority.create({ name: "Test", keys: "ecdsa", validity });
  const names = ["www.test", "*.a.test", "10.0.0.1"];
  const certificate = new X509Certificate((await authority.issue(names, validity)).certificate);
  for (const name of ["www.test", "WWW.Test", "b.a.test", "10.0.0.1"]) assert.ok(isFor(certificate, name), name);
  for (const name of ["test", "a.test", "c.b.a.test", "www.test.evil", "xwww.test", "10.0.0.2", "10.0.0.1.test", ""])
    assert.ok(!isFor(certificate, name), name);
});

test("a common name alone is no server's (RFC 9110 §4.3.4)", async () => {
  const { X509CertificateGenerator } = await loadX509();
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const made = await X509CertificateGenerator.createSelfSigned({ name: "CN=server.test", keys });
  assert.ok(!isFor(new X509Certificate(made.toString("pem")), "server.test"));
});
