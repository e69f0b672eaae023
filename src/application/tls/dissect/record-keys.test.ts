import assert from "node:assert/strict";
import { test } from "node:test";
import { ciphers } from "../../../../test/fixtures/ciphers.ts";
import * as rfc8448 from "../../../../test/fixtures/rfc8448.ts";
import { expandLabel, nextSecret, pseudorandom } from "./key-schedule.ts";
import { RecordKeys, type Suite, suiteOf } from "./record-keys.ts";

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex");
const of = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
const AES_128 = suiteOf(0x1301) as Suite;

test("a record's key and nonce are expanded of the secret (RFC 8448 §3)", () => {
  const secret = of(rfc8448.SECRETS.SERVER_HANDSHAKE_TRAFFIC_SECRET);
  assert.equal(hex(expandLabel(ciphers, "sha256", secret, "key", 16)), "3fce516009c21727d0f2e4e86ee403bc");
  assert.equal(hex(expandLabel(ciphers, "sha256", secret, "iv", 12)), "5d313eb2671276ee13000b30");
});

test("records are opened in their turn, and with their own keys only (RFC 8448 §3)", () => {
  const handshake = RecordKeys.ofSecret(ciphers, AES_128, of(rfc8448.SECRETS.CLIENT_HANDSHAKE_TRAFFIC_SECRET));
  const finished = handshake.open(rfc8448.CLIENT_FINISHED, 0);
  assert.equal(finished?.type, 22);
  assert.equal(hex(finished?.content), "14000020a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61");
  assert.equal(handshake.open(rfc8448.CLIENT_FINISHED, 1), undefined);
  const data = RecordKeys.ofSecret(ciphers, AES_128, of(rfc8448.SECRETS.CLIENT_TRAFFIC_SECRET_0));
  const opened = data.open(rfc8448.CLIENT_DATA, 0);
  assert.equal(opened?.type, 23);
  assert.deepEqual(
    opened?.content,
    Uint8Array.from({ length: 50 }, (_, at) => at),
  );
  assert.equal(data.next()?.open(rfc8448.CLIENT_DATA, 0), undefined);
});

test("what is too short, or was changed, is not opened", () => {
  const keys = RecordKeys.ofSecret(ciphers, AES_128, of(rfc8448.SECRETS.CLIENT_TRAFFIC_SECRET_0));
  const [client] = RecordKeys.ofMaster(ciphers, AES_128, 0x0303, new Uint8Array(48), new Uint8Array(64));
  for (let length = 5; length < rfc8448.CLIENT_DATA.length; length++) {
    assert.equal(keys.open(rfc8448.CLIENT_DATA.subarray(0, length), 0), undefined);
    assert.equal(client.open(rfc8448.CLIENT_DATA.subarray(0, length), 0), undefined);
  }
  for (let at = 0; at < rfc8448.CLIENT_DATA.length; at++) {
    const changed = Uint8Array.from(rfc8448.CLIENT_DATA);
    changed[at] = (changed[at] as number) ^ 1;
    assert.equal(keys.open(changed, 0), undefined, `octet ${at}`);
  }
});

test("a secret is followed by another of its length (RFC 8446 §7.2)", () => {
  const next = nextSecret(ciphers, "sha384", new Uint8Array(48));
  assert.equal(next.length, 48);
  assert.notDeepEqual(next, new Uint8Array(48));
});

test("the pseudorandom function of TLS 1.2 gives what was published for it (P_SHA256, ietf-tls list, 2008)", () => {
  const secret = of("9bbe436ba940f017b17652849a71db35");
  const seed = of("a0ba9f936cda311827a6f796ffd5198c");
  const wanted =
    "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17" +
    "abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66";
  assert.equal(hex(pseudorandom(ciphers, "sha256", secret, "test label", seed, 100)), wanted);
});

test("of a suite it is known how its records are opened, or that they cannot be", () => {
  assert.deepEqual(suiteOf(0x1302), { cipher: "aes-256-gcm", hash: "sha384", keyLength: 32 });
  assert.deepEqual(suiteOf(0xc02f), { cipher: "aes-128-gcm", hash: "sha256", keyLength: 16 });
  assert.deepEqual(suiteOf(0xcca9), { cipher: "chacha20-poly1305", hash: "sha256", keyLength: 32 });
  for (const other of [0x1304, 0xc013, 0x003c, 0, 0xffff]) assert.equal(suiteOf(other), undefined);
});
