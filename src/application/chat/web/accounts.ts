import { cleanName, nameKey } from "../name.ts";
import type { ChatStore } from "../store.ts";
import { Attempts } from "./attempts.ts";
import type { Passwords } from "./passwords.ts";

/** Characters of a password (NIST SP 800-63B §5.1.1.2 asks for at least 8). */
const PASSWORD = { least: 8, most: 256 } as const;
/** Attempts for one name, and from one address, in a quarter of an hour. */
const ATTEMPTS = { name: 5, address: 20, window: 900_000 } as const;

/** Why somebody did not get a name. */
export type AccountRefusal =
  | { readonly refused: "no-name" | "name-taken" | "weak-password" | "wrong" | "unavailable" }
  | { readonly refused: "too-often"; readonly seconds: number };
export type AccountAnswer = { readonly user: string; readonly name: string } | AccountRefusal;

/** Names that belong to somebody, by a password. */
export class Accounts {
  readonly #store: ChatStore;
  readonly #passwords: Passwords | undefined;
  readonly #byName: Attempts;
  readonly #byAddress: Attempts;
  /** Of a password that nobody has, so that a name without an account takes as long. */
  #decoy: string | undefined;

  constructor(store: ChatStore, passwords: Passwords | undefined, now: () => number) {
    this.#store = store;
    this.#passwords = passwords;
    this.#byName = new Attempts(ATTEMPTS.name, ATTEMPTS.window, now);
    this.#byAddress = new Attempts(ATTEMPTS.address, ATTEMPTS.window, now);
  }

  get available(): boolean {
    return this.#passwords !== undefined;
  }

  /** @param taken whether somebody else chats under the name now @param address of who asks */
  async register(
    wish: string,
    password: string,
    address: string,
    taken: (name: string) => boolean,
  ): Promise<AccountAnswer> {
    const name = cleanName(wish);
    if (this.#passwords === undefined) return { refused: "unavailable" };
    if (name === undefined) return { refused: "no-name" };
    if (password.length < PASSWORD.least || password.length > PASSWORD.most) return { refused: "weak-password" };
    const seconds = this.#byAddress.take(address);
    if (seconds > 0) return { refused: "too-often", seconds };
    const key = nameKey(name);
    if (taken(name) || this.#store.account(key) !== undefined) return { refused: "name-taken" };
    const hash = await this.#passwords.hash(password);
    if (!this.#store.addAccount({ key, name, password: hash })) return { refused: "name-taken" };
    return { user: userOf(key), name };
  }

  /** @param address of who asks */
  async signIn(name: string, password: string, address: string): Promise<AccountAnswer> {
    const passwords = this.#passwords;
    if (passwords === undefined) return { refused: "unavailable" };
    const key = nameKey(cleanName(name) ?? "");
    // Who may not try from there takes no attempt away from whoever the name belongs to.
    const seconds = this.#byAddress.take(address) || this.#byName.take(key);
    if (seconds > 0) return { refused: "too-often", seconds };
    const account = this.#store.account(key);
    this.#decoy ??= await passwords.hash("nobody's");
    const right = await passwords.verify(password.slice(0, PASSWORD.most), account?.password ?? this.#decoy);
    if (account === undefined || !right) return { refused: "wrong" };
    this.#byName.forget(key);
    return { user: userOf(key), name: account.name };
  }
}

/** No guest's name for themselves looks like this. */
const userOf = (key: string): string => `name:${key}`;
