import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { Authority, CertificateError, makeKey } from "./authority.ts";
import { decodeNameConstraints, encodeNameConstraints, LOCAL, octetsOf, permits } from "./name-constraints.ts";

const validity = { from: new Date("2020-01-01T00:00:00Z"), to: new Date("2049-12-31T23:59:59Z") };

describe("an authority", () => {
  for (const keys of ["rsa", "ecdsa"] as const) {
    test(`certifies names and addresses (${keys})`, async () => {
      const authority = await Authority.create({ name: "Test", keys, validity, constraints: LOCAL });
      const ca = new X509Certificate(authority.identity.certificate);
      assert.ok(ca.ca && ca.verify(ca.publicKey));
      const { certificate, key } = await authority.issue(["www.test", "*.www.test", "10.0.0.1", "[fe80::1]"], validity);
      const leaf = new X509Certificate(certificate);
      assert.ok(leaf.checkIssued(ca) && leaf.verify(ca.publicKey) && !leaf.ca);
      assert.ok(leaf.checkPrivateKey((await import("node:crypto")).createPrivateKey(key)));
      assert.equal(leaf.subject, "CN=www.test");
      assert.equal(
        leaf.subjectAltName,
        "DNS:www.test, DNS:*.www.test, IP Address:10.0.0.1, IP Address:FE80:0:0:0:0:0:0:1",
      );
      assert.equal(leaf.checkHost("a.www.test"), "*.www.test");
      assert.deepEqual([leaf.validFromDate, leaf.validToDate], [validity.from, validity.to]);
      const again = await Authority.from(authority.identity, keys);
      assert.ok(new X509Certificate((await again.issue(["a.b"], validity)).certificate).verify(ca.publicKey));
    });
  }

  test("does not certify what it may not, nor what is no name", async () => {
    const authority = await Authority.create({ name: "Test", keys: "ecdsa", validity, constraints: LOCAL });
    for (const name of ["example.com", "8.8.8.8", "nottest", "2001:db8::1"]) {
      await assert.rejects(authority.issue([name], validity), /may not certify/, name);
    }
    for (const name of ["", "a b", "[a.test]x", "-a.test", "a..test", "x\ny.test", `${"a".repeat(64)}.test`]) {
      await assert.rejects(authority.issue([name], validity), CertificateError, JSON.stringify(name));
    }
    await assert.rejects(authority.issue([], validity), CertificateError);
  });

  test("certifies names as hosts have them, underscores too", async () => {
    const authority = await Authority.create({ name: "Test", keys: "ecdsa", validity });
    const names = ["a_b", "_x.test", "x", "1-2.test"];
    const leaf = new X509Certificate((await authority.issue(names, validity)).certificate);
    assert.equal(leaf.subjectAltName, names.map((name) => `DNS:${name}`).join(", "));
  });

  test("gives a name that is too long for a common name in the alternative names only", async () => {
    const authority = await Authority.create({ name: "Test", keys: "ecdsa", validity });
    const name = `${"a".repeat(60)}.${"b".repeat(60)}.test`;
    const leaf = new X509Certificate((await authority.issue([name], validity)).certificate);
    assert.equal(leaf.subjectAltName, `DNS:${name}`);
    assert.equal(leaf.subject ?? "", "");
  });

  test("makes certificates of the same length for the same names, whatever the keys", async () => {
    const lengths = new Set<number>();
    for (let round = 0; round < 4; round++) {
      const authority = await Authority.create({ name: "Test", keys: "rsa", validity });
      const key = await makeKey("rsa");
      for (let i = 0; i < 10; i++) {
        lengths.add(new X509Certificate((await authority.issue(["www.test"], validity, key)).certificate).raw.length);
      }
    }
    assert.equal(lengths.size, 1, [...lengths].join(", "));
  });
});

test("name constraints permit what is below a domain or in a network", () => {
  const only = { domains: ["test"], networks: ["10.0.0.0/8", "fc00::/7"] };
  for (const name of ["test", "a.test", "*.test", "A.TEST", "10.255.0.1", "fd00::1"])
    assert.ok(permits(only, name), name);
  for (const name of ["contest", "test.com", "11.0.0.1", "fe80::1"]) assert.ok(!permits(only, name), name);
  assert.deepEqual(octetsOf("fe80::1"), [0xfe, 0x80, ...new Array(13).fill(0), 1]);
  const all = decodeNameConstraints(new Uint8Array(encodeNameConstraints(LOCAL)));
  assert.deepEqual(all.domains, LOCAL.domains);
  assert.deepEqual(all.networks.slice(0, 5), LOCAL.networks.slice(0, 5));
  assert.deepEqual(all.networks.slice(5), ["0:0:0:0:0:0:0:1/128", "fc00:0:0:0:0:0:0:0/7", "fe80:0:0:0:0:0:0:0/10"]);
  assert.ok(permits(all, "::1") && permits(all, "fd12::9") && !permits(all, "2001:db8::1"));
  const value = Buffer.from(encodeNameConstraints({ domains: ["test"], networks: ["172.16.0.0/12"] })).toString("hex");
  assert.equal(value, "3016a01430068204746573743" + "00a8708ac100000fff00000");
});
