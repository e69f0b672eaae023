/** The chat on this machine is killed in the middle: what it acknowledged is there afterwards, once. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { ChatEvent } from "../src/application/chat/message.ts";
import type { Reply } from "../src/application/chat/web/people.ts";
import { openWebSocket } from "../src/application/websocket/client.ts";
import type { WebSocket } from "../src/application/websocket/websocket.ts";
import { SqliteStore } from "../src/platform/node/chat/sqlite-store.ts";
import { osContext } from "../src/platform/node/os-context.ts";
import { size } from "./size.ts";
import { ChatProcess } from "./support/chat-process.ts";
import { temporaryFolder } from "./support/cli.ts";

const MESSAGES = size(2_000, 20_000);
const SENDERS = 4;
/** Messages of one sender that have no acknowledgement yet. */
const WINDOW = 50;
const KILLS = 3;

/** Sends messages as the page does: again after each lost connection, under the same id, until each is acknowledged. */
class Sender {
  readonly name: string;
  /** By id, the number that each was acknowledged with. */
  readonly acknowledged = new Map<string, number>();
  /** The numbers that were heard, in order. */
  readonly heard: number[] = [];
  readonly done: Promise<void>;
  readonly #context = osContext({ signal: new AbortController().signal });
  readonly #waiting: string[];
  readonly #sent = new Set<string>();
  #cookie = "";
  #finish: () => void = () => {};

  constructor(name: string, count: number) {
    this.name = name;
    this.#waiting = Array.from({ length: count }, (_, n) => `${name}-message-${n}`);
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  /** One connection, until it is lost or all is acknowledged. */
  async talk(chat: ChatProcess): Promise<void> {
    const Origin = chat.url.slice(0, -1);
    if (this.#cookie === "") {
      const headers = { Origin, "Content-Type": "application/json" };
      const response = await fetch(`${chat.url}session`, {
        method: "POST",
        headers,
        body: JSON.stringify({ name: this.name }),
      });
      this.#cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    }
    const headers = [
      ["Origin", Origin],
      ["Cookie", this.#cookie],
    ] as const;
    const socket = await openWebSocket(this.#context, `${chat.url}socket`, { headers });
    this.#sent.clear();
    this.#join(socket);
    for await (const data of socket) {
      const told = JSON.parse(String(data)) as Reply | ChatEvent;
      if (told.type === "message") this.#hear(told);
      else if (told.type === "ack") this.#take(told.id, told.seq);
      else if (told.type === "room") {
        for (const each of told.messages) if (each.type === "message") this.#hear(each);
        if (told.missing) this.#join(socket);
      }
      this.#send(socket);
      if (this.#waiting.length === 0) this.#finish();
    }
  }

  #join(socket: WebSocket): void {
    socket.send(JSON.stringify({ type: "join", room: "lobby", after: this.heard.at(-1) }));
  }

  #hear({ seq }: { seq: number }): void {
    if (seq > (this.heard.at(-1) ?? 0)) this.heard.push(seq);
  }

  #take(id: string, seq: number): void {
    assert.equal(this.acknowledged.get(id) ?? seq, seq, "a second acknowledgement is the first");
    this.acknowledged.set(id, seq);
    const at = this.#waiting.indexOf(id);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  #send(socket: WebSocket): void {
    for (const id of this.#waiting.slice(0, WINDOW)) {
      if (this.#sent.has(id)) continue;
      this.#sent.add(id);
      socket.send(JSON.stringify({ type: "say", room: "lobby", id, text: `text of ${id}` }));
    }
  }
}

test(`every one of ${MESSAGES} messages that was acknowledged is in the history once, though the server is killed ${KILLS} times`, {
  timeout: 300_000,
}, async (t) => {
  const file = join(temporaryFolder(t), "chat.sqlite");
  let chat = await ChatProcess.start(file, 0, 1_000_000);
  t.after(() => chat.stop("SIGKILL"));
  const senders = Array.from({ length: SENDERS }, (_, n) => new Sender(`sender${n}`, MESSAGES / SENDERS));
  const total = (): number => senders.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
  for (let kill = 1; kill <= KILLS; kill++) {
    const talks = Promise.all(senders.map((each) => each.talk(chat).catch(() => undefined)));
    const enough = (MESSAGES * kill) / (KILLS + 1);
    while (total() < enough) await new Promise((resolve) => setImmediate(resolve));
    await chat.stop("SIGKILL");
    assert.ok(total() < MESSAGES, "it was killed in the middle");
    await talks;
    chat = await ChatProcess.start(file, chat.port, 1_000_000);
  }
  const talks = senders.map((each) => each.talk(chat).catch(() => undefined));
  await Promise.all(senders.map(({ done }) => done));
  await chat.stop("SIGKILL");
  await Promise.all(talks);

  const store = new SqliteStore(file);
  const history = store.history("lobby", { limit: 10 * MESSAGES });
  store.close();
  const numbers = new Map(history.map(({ id, seq }) => [id, seq]));
  assert.equal(history.length, MESSAGES, "no message twice, and none that nobody sent");
  assert.equal(numbers.size, MESSAGES);
  for (const { acknowledged } of senders) {
    for (const [id, seq] of acknowledged) assert.equal(numbers.get(id), seq, id);
  }
  for (const { text, id } of history) assert.equal(text, `text of ${id}`);
  const all = history.map(({ seq }) => seq);
  for (const { heard, name } of senders) {
    assert.deepEqual(
      heard,
      all.filter((seq) => seq >= (heard[0] ?? 0) && seq <= (heard.at(-1) ?? 0)),
      `${name} heard all, once, in order`,
    );
  }
});
