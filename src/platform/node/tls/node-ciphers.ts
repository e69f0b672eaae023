import { createDecipheriv, createHmac } from "node:crypto";
import { type Ciphers, TAG_LENGTH } from "../../../application/tls/dissect/ciphers.ts";

/** Opens records by Node's own OpenSSL. */
export const nodeCiphers: Ciphers = {
  open(cipher, key, nonce, additional, sealed) {
    const end = sealed.length - TAG_LENGTH;
    if (end < 0) return undefined;
    try {
      // Node's types know a way with a tag for each cipher by its name alone.
      const decipher = createDecipheriv(cipher as "aes-128-gcm", key, nonce, { authTagLength: TAG_LENGTH });
      decipher.setAAD(additional, { plaintextLength: end });
      decipher.setAuthTag(sealed.subarray(end));
      const opened = decipher.update(sealed.subarray(0, end));
      decipher.final();
      return Uint8Array.from(opened);
    } catch {
      return undefined;
    }
  },
  hmac: (hash, key, message) => Uint8Array.from(createHmac(hash, key).update(message).digest()),
};
