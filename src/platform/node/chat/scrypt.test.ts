import assert from "node:assert/strict";
import { test } from "node:test";
import { scryptPasswords } from "./scrypt.ts";

test("a password is known again and another is not; two hashes of one differ", async () => {
  const [one, two] = await Promise.all([scryptPasswords.hash("grüße 😀"), scryptPasswords.hash("grüße 😀")]);
  assert.match(one, /^scrypt\$15\$8\$3\$/);
  assert.notEqual(one, two);
  assert.ok(await scryptPasswords.verify("gru\u0308ße 😀", one), "the same letters, written otherwise");
  assert.ok(!(await scryptPasswords.verify("grüße", one)));
  for (const other of [one.replace("scrypt", "md5"), one.replace("$15$", "$40$"), one.replace("$15$", "$x$")]) {
    assert.ok(!(await scryptPasswords.verify("grüße 😀", other)), other);
  }
  for (const bad of ["", "scrypt", "md5$1$1$1$AA==$AA==", "scrypt$40$8$1$AA==$AA=="]) {
    assert.ok(!(await scryptPasswords.verify("x", bad)), bad);
  }
});
