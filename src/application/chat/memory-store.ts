import type { ChatMessage, NewMessage } from "./message.ts";
import type { AccountRecord, ChatStore, Kept, SessionRecord, Stretch } from "./store.ts";

/** Messages, sessions and accounts that are kept; past them the oldest goes, but no account. */
const MEMORY_LIMITS = { messages: 10_000, sessions: 10_000, accounts: 10_000 } as const;

/** Keeps all in memory, for as long as the program runs: where there is no file. */
export class MemoryStore implements ChatStore {
  #messages: ChatMessage[] = [];
  #seq = 0;
  readonly #byId = new Map<string, ChatMessage>();
  readonly #sessions = new Map<string, SessionRecord>();
  readonly #accounts = new Map<string, AccountRecord>();

  append(message: NewMessage, kept: (result: Kept | undefined) => void): void {
    const first = message.id === undefined ? undefined : this.#byId.get(message.id);
    if (first !== undefined) {
      kept({ message: first, again: true });
      return;
    }
    const numbered = { ...message, seq: ++this.#seq };
    this.#messages.push(numbered);
    if (message.id !== undefined) this.#byId.set(message.id, numbered);
    if (this.#messages.length >= 2 * MEMORY_LIMITS.messages) this.#forget();
    kept({ message: numbered, again: false });
  }

  history(room: string, { after = 0, before = Number.POSITIVE_INFINITY, limit }: Stretch): ChatMessage[] {
    const fit = this.#messages.filter((each) => each.room === room && each.seq > after && each.seq < before);
    return after > 0 ? fit.slice(0, limit) : fit.slice(-limit);
  }

  rooms(limit: number): string[] {
    return [...new Set(this.#messages.map(({ room }) => room).reverse())].slice(0, limit);
  }

  session(digest: string): SessionRecord | undefined {
    return this.#sessions.get(digest);
  }

  putSession(digest: string, session: SessionRecord): void {
    this.#sessions.set(digest, session);
    if (this.#sessions.size <= MEMORY_LIMITS.sessions) return;
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined) this.#sessions.delete(oldest);
  }

  dropSession(digest: string): void {
    this.#sessions.delete(digest);
  }

  expireSessions(createdBefore: number, seenBefore: number): void {
    for (const [digest, { created, seen }] of this.#sessions) {
      if (created < createdBefore || seen < seenBefore) this.#sessions.delete(digest);
    }
  }

  account(key: string): AccountRecord | undefined {
    return this.#accounts.get(key);
  }

  addAccount(account: AccountRecord): boolean {
    if (this.#accounts.has(account.key) || this.#accounts.size >= MEMORY_LIMITS.accounts) return false;
    this.#accounts.set(account.key, account);
    return true;
  }

  close(): void {}

  /** Half of the messages at a time, so that forgetting costs little. */
  #forget(): void {
    const gone = this.#messages.slice(0, -MEMORY_LIMITS.messages);
    this.#messages = this.#messages.slice(-MEMORY_LIMITS.messages);
    for (const { id } of gone) if (id !== undefined) this.#byId.delete(id);
  }
}
