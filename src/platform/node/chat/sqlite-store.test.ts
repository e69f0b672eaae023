import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import fc from "fast-check";
import { MemoryStore } from "../../../application/chat/memory-store.ts";
import type { NewMessage } from "../../../application/chat/message.ts";
import type { ChatStore, Kept } from "../../../application/chat/store.ts";
import { SqliteStore } from "./sqlite-store.ts";

const message = (text: string, id?: string, room = "lobby"): NewMessage => ({ room, name: "ada", text, time: 5, id });
const keep = (store: ChatStore, what: NewMessage): Promise<Kept | undefined> =>
  new Promise((resolve) => store.append(what, resolve));

describe("a chat kept in SQLite", () => {
  let folder: string;
  let path: string;
  let store: SqliteStore;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "netarium-chat-"));
    path = join(folder, "chat.sqlite");
    store = new SqliteStore(path);
  });

  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });

  test("messages, sessions and accounts are there when the file is opened again, and numbers go on", async () => {
    await keep(store, message("elsewhere", "id-0", "den"));
    await keep(store, message("one", "id-1"));
    store.putSession("d", { user: "u", name: "Ada", registered: false, created: 1, seen: 2 });
    assert.ok(store.addAccount({ key: "ada", name: "Ada", password: "hash" }));
    store.close();
    store = new SqliteStore(path);
    assert.deepEqual(store.history("lobby", { limit: 9 }), [{ ...message("one", "id-1"), seq: 2 }]);
    assert.deepEqual(store.rooms(9), ["lobby", "den"]);
    assert.deepEqual(store.session("d"), { user: "u", name: "Ada", registered: false, created: 1, seen: 2 });
    assert.deepEqual(store.account("ada"), { key: "ada", name: "Ada", password: "hash" });
    assert.equal(store.addAccount({ key: "ada", name: "ADA", password: "other" }), false);
    assert.equal((await keep(store, message("two")))?.message.seq, 3);
    assert.deepEqual(await keep(store, message("one", "id-1")), {
      message: { ...message("one", "id-1"), seq: 2 },
      again: true,
    });
  });

  test("what comes in one turn is one commit, told in order, and nothing is told before it is on the disk", async () => {
    const told: number[] = [];
    const other = new SqliteStore(path);
    const all = Array.from({ length: 100 }, (_, n) => {
      return new Promise<void>((resolve) => {
        store.append(message(`${n}`, `id-${n}`), (kept) => {
          assert.equal(other.history("lobby", { limit: 1_000 }).length, 100, "the whole of the commit is there");
          told.push(kept?.message.seq ?? 0);
          resolve();
        });
      });
    });
    assert.deepEqual(told, []);
    assert.equal(other.history("lobby", { limit: 1 }).length, 0);
    await Promise.all(all);
    assert.deepEqual(
      told,
      Array.from({ length: 100 }, (_, n) => n + 1),
    );
    other.close();
  });

  test("what cannot be kept is told as that, and the store goes on", async () => {
    const reported: unknown[] = [];
    const other = new SqliteStore(path, (error) => reported.push(error));
    const blocked = new Promise<Kept | undefined>((resolve) => {
      const bad = { ...message("x"), time: "no number" as never };
      other.append(bad, resolve);
    });
    assert.equal(await blocked, undefined);
    assert.equal(reported.length, 1);
    assert.equal((await keep(other, message("y")))?.again, false);
    other.close();
    assert.equal(await keep(other, message("z")), undefined, "a closed store keeps nothing");
  });

  test("old sessions are forgotten", async () => {
    store.putSession("old", { user: "u", name: "n", registered: false, created: 1, seen: 50 });
    store.putSession("idle", { user: "u", name: "n", registered: false, created: 60, seen: 10 });
    store.putSession("new", { user: "u", name: "n", registered: true, created: 60, seen: 70 });
    await keep(store, message("a commit"));
    store.expireSessions(10, 20);
    assert.deepEqual(
      ["old", "idle", "new"].map((each) => store.session(each) !== undefined),
      [false, false, true],
    );
    store.dropSession("new");
    assert.equal(store.session("new"), undefined);
  });

  test("it answers as the store in memory does", async () => {
    const room = fc.constantFrom("a", "b");
    const said = fc.record({
      room,
      text: fc.string({ unit: "binary", maxLength: 5 }),
      id: fc.option(fc.constantFrom("x", "y", "z")),
    });
    const asked = fc.record({
      room,
      after: fc.nat(12),
      before: fc.option(fc.integer({ min: 1, max: 12 })),
      limit: fc.integer({ min: 1, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(said, { maxLength: 12 }),
        fc.array(asked, { maxLength: 8 }),
        async (messages, questions) => {
          const memory = new MemoryStore();
          const sqlite = new SqliteStore(":memory:");
          for (const { room, text, id } of messages) {
            const what = {
              room,
              name: "n",
              text: Buffer.from(text).toString().replaceAll("\0", ""),
              time: 1,
              id: id ?? undefined,
            };
            assert.deepEqual(await keep(sqlite, what), await keep(memory, what));
          }
          for (const { room, after, before, limit } of questions) {
            const stretch = { after, before: before ?? undefined, limit };
            assert.deepEqual(sqlite.history(room, stretch), memory.history(room, stretch));
          }
          assert.deepEqual(sqlite.rooms(2), memory.rooms(2));
          sqlite.close();
        },
      ),
      { numRuns: 40 },
    );
  });
});
