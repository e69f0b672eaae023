import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { Chat, ROOMS_LIMIT } from "./chat.ts";
import { Lines } from "./lines.ts";
import type { ChatMessage } from "./message.ts";
import { cleanRoom, type Member, Room } from "./room.ts";

describe("the chat", () => {
  let chat: Chat;
  let heard: Map<Member, string[]>;

  beforeEach(() => {
    chat = new Chat({ date: () => new Date(5_000) });
    heard = new Map();
  });

  const enter = (name: string, ...rooms: string[]): Member => {
    const lines: string[] = [];
    const member = chat.enter((spoken) => {
      const { event } = spoken;
      lines.push(`${"room" in event ? event.room : "-"}: ${spoken.text}`);
    }, name);
    heard.set(member, lines);
    for (const room of rooms) join(member, room).announce(member);
    for (const each of heard.values()) each.length = 0;
    return member;
  };
  const join = (member: Member, name: string): Room => {
    const room = chat.join(member, name);
    assert.ok(room instanceof Room, `${room}`);
    return room;
  };
  const read = (member: Member): string[] => heard.get(member)?.splice(0) ?? [];

  test("what is said in a room is heard in that room only", () => {
    const [ada, bob, eve] = [enter("ada", "a"), enter("bob", "a", "b"), enter("eve", "b")];
    chat.say(ada, "a", "hello a");
    chat.say(eve, "b", "hello b");
    assert.deepEqual(read(ada), ["a: ada: hello a"]);
    assert.deepEqual(read(bob), ["a: ada: hello a", "b: eve: hello b"]);
    assert.deepEqual(read(eve), ["b: eve: hello b"]);
  });

  test("a message is acknowledged before it is heard, and one of the same id gets the first acknowledgement and is not heard", () => {
    const ada = enter("ada", "a");
    const acknowledged: (ChatMessage | string)[] = [];
    const say = (text: string, id: string) =>
      chat.say(ada, "a", text, id, (result) => {
        acknowledged.push(result);
        heard.get(ada)?.push("ack");
      });
    say("hello", "id-1");
    say("hello", "id-1");
    say("again", "id-2");
    const first = { room: "a", name: "ada", text: "hello", time: 5_000, id: "id-1", seq: 1 };
    assert.deepEqual(acknowledged, [first, first, { ...first, text: "again", id: "id-2", seq: 2 }]);
    assert.deepEqual(read(ada), ["ack", "a: ada: hello", "ack", "ack", "a: ada: again"]);
  });

  test("nobody hears what could not be kept, and who said it is told", () => {
    const ada = enter("ada", "a");
    chat.store.append = (_message, kept) => kept(undefined);
    let result: unknown;
    chat.say(ada, "a", "lost", "id", (told) => {
      result = told;
    });
    assert.equal(result, "not-kept");
    assert.deepEqual(read(ada), []);
    const lines = new Lines(chat);
    const written: string[] = [];
    const bob = lines.enter((spoken) => written.push(spoken.text));
    lines.say(bob, "lost too");
    assert.match(written.at(-1) ?? "", /could not be kept/);
  });

  test("the history of a room can be asked for from a number on, and before one", () => {
    const ada = enter("ada", "a", "b");
    for (let n = 1; n <= 9; n++) chat.say(ada, n % 3 === 0 ? "b" : "a", `${n}`);
    const texts = (stretch: object): string =>
      chat.store
        .history("a", { limit: 3, ...stretch })
        .map(({ text }) => text)
        .join();
    assert.equal(texts({}), "5,7,8");
    assert.equal(texts({ after: 2 }), "4,5,7");
    assert.equal(texts({ before: 7 }), "2,4,5");
    assert.equal(texts({ after: 8 }), "");
    assert.deepEqual(chat.store.rooms(5), ["b", "a"]);
  });

  test("who comes gets the wished name, or one like it when somebody has it, and never one that belongs to an account", () => {
    assert.equal(enter("Ada").name, "Ada");
    assert.equal(enter("ada").name, "ada2");
    assert.equal(enter("ADA").name, "ADA3");
    chat.store.addAccount({ key: "grace", name: "Grace", password: "" });
    const guest = enter("grace");
    assert.equal(guest.name, "grace2");
    assert.equal(chat.rename(guest, "GRACE"), "name-taken");
    assert.equal(chat.enter(() => {}, "Grace", true).name, "Grace");
    assert.match(enter("***").name, /^guest\d+$/);
  });

  test("a room goes with the last who is in it, and there are not more than so many", () => {
    const ada = enter("ada");
    for (let n = 0; n < ROOMS_LIMIT; n++) join(ada, `r${n}`);
    assert.equal(chat.join(ada, "one-more"), "too-many-rooms");
    assert.equal(chat.join(ada, "No Room"), "no-room");
    chat.leave(ada);
    assert.equal(chat.rooms.length, 0);
  });

  test("rooms have small letters, and what makes no name makes no room", () => {
    assert.equal(cleanRoom(" Tea & Biscuits "), "teabiscuits");
    assert.equal(cleanRoom("!!"), undefined);
  });

  test("those who come by lines are in the same rooms: they hear the others, go where they are and read what was said", () => {
    const lines = new Lines(chat);
    const ada = enter("ada", "lobby", "den");
    const written: string[] = [];
    const bob = lines.enter((spoken) => written.push(spoken.text));
    lines.announce(bob);
    chat.say(ada, "lobby", "in the lobby");
    chat.say(ada, "den", "in the den");
    lines.say(bob, "/rooms");
    lines.say(bob, "/join Den");
    chat.say(ada, "den", "hello");
    lines.say(bob, "hi");
    lines.say(bob, "/history");
    assert.deepEqual(written.slice(1), [
      "ada: in the lobby",
      "* lobby: 2",
      "* den: 1",
      "* You are in den. 1 other is here.",
      "ada: hello",
      "guest1: hi",
      "* What was said here last:",
      "*   ada: in the den",
      "*   ada: hello",
      "*   guest1: hi",
    ]);
    assert.deepEqual(read(ada), [
      "lobby: * guest1 joined",
      "lobby: ada: in the lobby",
      "den: ada: in the den",
      "lobby: * guest1 left (to den)",
      "den: * guest1 joined",
      "den: ada: hello",
      "den: guest1: hi",
    ]);
  });
});
