/** Makes and checks hashes of passwords, slowly on purpose. Where there is none, nobody registers a name. */
export interface Passwords {
  /** What to keep of a password: its hash with a salt, and how that was made. */
  hash(password: string): Promise<string>;
  /** Whether a password is the one of which the hash was made; takes as long when it is not. */
  verify(password: string, hash: string): Promise<boolean>;
}
