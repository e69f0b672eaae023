/** The ciphers of records that can be opened, by their usual names (RFC 5116, RFC 8439): each with a tag of 16 octets. */
export type CipherName = "aes-128-gcm" | "aes-256-gcm" | "chacha20-poly1305";

export type HashName = "sha256" | "sha384";

/** Octets of the tag behind what is ciphered. */
export const TAG_LENGTH = 16;

/** What deciphering asks of the platform: all at once, since frames are dissected without a promise. */
export interface Ciphers {
  /**
   * Opens what was sealed.
   * @param additional what the tag vouches for beside the content
   * @param sealed with its tag
   * @returns undefined where the tag does not fit
   */
  open(
    cipher: CipherName,
    key: Uint8Array,
    nonce: Uint8Array,
    additional: Uint8Array,
    sealed: Uint8Array,
  ): Uint8Array | undefined;
  /** HMAC (RFC 2104). */
  hmac(hash: HashName, key: Uint8Array, message: Uint8Array): Uint8Array;
}
