import type { ChatMessage, NewMessage } from "./message.ts";

/** What became of a message that was to be kept. */
export interface Kept {
  readonly message: ChatMessage;
  /** Whether it was here already, under the same id: then this is the first of them. */
  readonly again: boolean;
}

/** Which messages of a room: those after a number, or the last before one; oldest first either way. */
export interface Stretch {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Who is behind a cookie. */
export interface SessionRecord {
  /** The same in all sessions of a registered name; of a guest, as unlikely to be guessed as the cookie. */
  readonly user: string;
  readonly name: string;
  readonly registered: boolean;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly seen: number;
}

export interface AccountRecord {
  /** {@link nameKey} of the name: unique. */
  readonly key: string;
  readonly name: string;
  /** What the maker of password hashes wrote. */
  readonly password: string;
}

/** What the chat keeps. Reading is at once; what is written is kept when it says so. */
export interface ChatStore {
  /**
   * Keeps a message and gives it a number.
   * @param kept called once it will be there after a crash too, in the order of the numbers, perhaps before this returns;
   *   with undefined when it cannot be kept
   */
  append(message: NewMessage, kept: (result: Kept | undefined) => void): void;
  history(room: string, stretch: Stretch): ChatMessage[];
  /** The rooms in which something was said, the latest first. */
  rooms(limit: number): string[];

  /** @param digest the SHA-256 of what is in the cookie, in hexadecimal */
  session(digest: string): SessionRecord | undefined;
  putSession(digest: string, session: SessionRecord): void;
  dropSession(digest: string): void;
  /** Forgets sessions that were made or last seen too long ago. */
  expireSessions(createdBefore: number, seenBefore: number): void;

  account(key: string): AccountRecord | undefined;
  /** @returns false when there is one of that key */
  addAccount(account: AccountRecord): boolean;
  close(): void;
}
