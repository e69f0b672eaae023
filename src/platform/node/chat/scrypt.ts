import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import type { Passwords } from "../../../application/chat/web/passwords.ts";

/** 32 MiB and about a tenth of a second: N = 2^15, r = 8, p = 3, as OWASP's password cheat sheet has it. */
const COST = { log2N: 15, r: 8, p: 3 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** More than these are not made: of a hash that is read, too. */
const MOST = { log2N: 17, r: 16, p: 8 } as const;

interface Cost {
  readonly log2N: number;
  readonly r: number;
  readonly p: number;
}

/** Hashes of passwords by scrypt (RFC 7914), written `scrypt$log2N$r$p$salt$hash`. */
export const scryptPasswords: Passwords = {
  async hash(password) {
    const salt = randomBytes(SALT_BYTES);
    const hash = await derive(password, salt, COST);
    const { log2N, r, p } = COST;
    return ["scrypt", log2N, r, p, salt.toString("base64"), hash.toString("base64")].join("$");
  },

  async verify(password, written) {
    const [kind, log2N, r, p, salt = "", hash = ""] = written.split("$");
    const cost = { log2N: Number(log2N), r: Number(r), p: Number(p) };
    const possible =
      kind === "scrypt" && (Object.keys(MOST) as (keyof Cost)[]).every((each) => cost[each] <= MOST[each]);
    const made = await derive(password, Buffer.from(salt, "base64"), possible ? cost : COST);
    const expected = Buffer.from(hash, "base64");
    return possible && expected.length === made.length && timingSafeEqual(made, expected);
  },
};

function derive(password: string, salt: Buffer, { log2N, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** log2N;
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, HASH_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, hash) => {
      if (error === null) resolve(hash);
      else reject(error);
    });
  });
}
