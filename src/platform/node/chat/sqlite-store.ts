import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ChatMessage, NewMessage } from "../../../application/chat/message.ts";
import type { AccountRecord, ChatStore, Kept, SessionRecord, Stretch } from "../../../application/chat/store.ts";

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    room TEXT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    time INTEGER NOT NULL,
    id TEXT UNIQUE
  ) STRICT;
  CREATE INDEX IF NOT EXISTS messages_of_room ON messages (room, seq);
  CREATE TABLE IF NOT EXISTS sessions (
    digest TEXT PRIMARY KEY,
    user TEXT NOT NULL,
    name TEXT NOT NULL,
    registered INTEGER NOT NULL,
    created INTEGER NOT NULL,
    seen INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS accounts (key TEXT PRIMARY KEY, name TEXT NOT NULL, password TEXT NOT NULL) STRICT;
`;

/** Messages that go into one commit at most. */
const COMMIT_LIMIT = 10_000;

interface Waiting {
  readonly message: NewMessage;
  readonly kept: (result: Kept | undefined) => void;
}

/**
 * Keeps a chat in a file of SQLite: a write-ahead log that is on the disk before a message counts as kept. What comes within
 * one turn of the event loop, and while the disk was busy, is one commit.
 */
export class SqliteStore implements ChatStore {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #reported: (error: unknown) => void;
  /** The rooms, that in which something was said last at the end: to look for them would read every message. */
  readonly #rooms: Set<string>;
  #waiting: Waiting[] = [];
  /** Sessions that go into the next commit; undefined for one that is dropped. */
  #sessions = new Map<string, SessionRecord | undefined>();
  #scheduled = false;
  #closed = false;

  /**
   * @param path of the file, which is made if it is not there
   * @param reported is told of a commit that failed: the disk is full, or gone
   * @throws when the file cannot be opened, or is no database of a chat
   */
  constructor(path: string, reported: (error: unknown) => void = () => {}) {
    // Loaded when it is needed: who has no chat need not have a Node that has SQLite.
    const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
    this.#database = new DatabaseSync(path);
    this.#reported = reported;
    this.#database.exec(SCHEMA);
    const rows = this.#database.prepare("SELECT room FROM messages GROUP BY room ORDER BY max(seq)").all();
    this.#rooms = new Set(rows.map(({ room }) => String(room)));
  }

  append(message: NewMessage, kept: (result: Kept | undefined) => void): void {
    if (this.#closed || this.#waiting.length >= COMMIT_LIMIT) {
      kept(undefined);
      return;
    }
    this.#waiting.push({ message, kept });
    this.#schedule();
  }

  history(room: string, { after = 0, before = Number.MAX_SAFE_INTEGER, limit }: Stretch): ChatMessage[] {
    const order = after > 0 ? "ASC" : "DESC";
    const rows = this.#prepare(
      `SELECT seq, room, name, text, time, id FROM messages
       WHERE room = ? AND seq > ? AND seq < ? ORDER BY seq ${order} LIMIT ?`,
    ).all(room, after, before, limit);
    const found = rows.map(messageOf);
    return after > 0 ? found : found.reverse();
  }

  rooms(limit: number): string[] {
    return [...this.#rooms].reverse().slice(0, limit);
  }

  session(digest: string): SessionRecord | undefined {
    if (this.#sessions.has(digest)) return this.#sessions.get(digest);
    const row = this.#prepare("SELECT user, name, registered, created, seen FROM sessions WHERE digest = ?").get(
      digest,
    );
    if (row === undefined) return undefined;
    const { user, name, registered, created, seen } = row;
    return {
      user: String(user),
      name: String(name),
      registered: registered === 1,
      created: Number(created),
      seen: Number(seen),
    };
  }

  putSession(digest: string, session: SessionRecord): void {
    this.#sessions.set(digest, session);
    this.#schedule();
  }

  dropSession(digest: string): void {
    this.#sessions.set(digest, undefined);
    this.#schedule();
  }

  expireSessions(createdBefore: number, seenBefore: number): void {
    this.#prepare("DELETE FROM sessions WHERE created < ? OR seen < ?").run(createdBefore, seenBefore);
  }

  account(key: string): AccountRecord | undefined {
    const row = this.#prepare("SELECT key, name, password FROM accounts WHERE key = ?").get(key);
    if (row === undefined) return undefined;
    return { key: String(row.key), name: String(row.name), password: String(row.password) };
  }

  addAccount({ key, name, password }: AccountRecord): boolean {
    const statement = this.#prepare(
      "INSERT INTO accounts (key, name, password) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    );
    return statement.run(key, name, password).changes === 1;
  }

  /** Keeps what waits, and closes the file. */
  close(): void {
    if (this.#closed) return;
    this.#commit();
    this.#closed = true;
    this.#database.close();
  }

  #schedule(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    setImmediate(() => this.#commit());
  }

  #commit(): void {
    if (this.#closed) return;
    this.#scheduled = false;
    const waiting = this.#waiting;
    const sessions = this.#sessions;
    this.#waiting = [];
    this.#sessions = new Map();
    let results: (Kept | undefined)[] = [];
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      for (const [digest, session] of sessions) this.#keepSession(digest, session);
      results = waiting.map(({ message }) => this.#keep(message));
      this.#database.exec("COMMIT");
    } catch (error) {
      results = [];
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      this.#reported(error);
    }
    for (const result of results) if (result !== undefined && !result.again) this.#spokenIn(result.message.room);
    for (const [index, { kept }] of waiting.entries()) kept(results[index]);
  }

  #spokenIn(room: string): void {
    this.#rooms.delete(room);
    this.#rooms.add(room);
  }

  #keep({ room, name, text, time, id }: NewMessage): Kept {
    const first =
      id === undefined
        ? undefined
        : this.#prepare("SELECT seq, room, name, text, time, id FROM messages WHERE id = ?").get(id);
    if (first !== undefined) return { message: messageOf(first), again: true };
    const { lastInsertRowid } = this.#prepare(
      "INSERT INTO messages (room, name, text, time, id) VALUES (?, ?, ?, ?, ?)",
    ).run(room, name, text, time, id ?? null);
    return { message: { seq: Number(lastInsertRowid), room, name, text, time, id }, again: false };
  }

  #keepSession(digest: string, session: SessionRecord | undefined): void {
    if (session === undefined) {
      this.#prepare("DELETE FROM sessions WHERE digest = ?").run(digest);
      return;
    }
    const { user, name, registered, created, seen } = session;
    this.#prepare(
      "INSERT OR REPLACE INTO sessions (digest, user, name, registered, created, seen) VALUES (?, ?, ?, ?, ?, ?)",
    ).run(digest, user, name, registered ? 1 : 0, created, seen);
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

type Row = Record<string, unknown>;

const messageOf = ({ seq, room, name, text, time, id }: Row): ChatMessage => ({
  seq: Number(seq),
  room: String(room),
  name: String(name),
  text: String(text),
  time: Number(time),
  id: id === null ? undefined : String(id),
});
