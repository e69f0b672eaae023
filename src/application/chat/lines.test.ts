import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import fc from "fast-check";
import { Chat } from "./chat.ts";
import { Lines } from "./lines.ts";
import type { Member } from "./room.ts";

describe("the chat by lines", () => {
  let room = new Lines(new Chat());
  let heard = new Map<Member, string[]>();

  beforeEach(() => {
    room = new Lines(new Chat());
    heard = new Map();
  });

  /** Somebody who has come in, is called as told, and has read all that was said before. */
  const enter = (name?: string): Member => {
    const lines: string[] = [];
    const member = room.enter((line) => lines.push(line.text));
    heard.set(member, lines);
    room.announce(member);
    if (name !== undefined) room.say(member, `/nick ${name}`);
    for (const each of heard.values()) each.length = 0;
    return member;
  };
  const read = (member: Member): string[] => heard.get(member)?.splice(0) ?? [];

  test("who comes in is greeted, with a name and how many are here, and the others are told", () => {
    const ada = enter("ada");
    const lines: string[] = [];
    const next = room.enter((line) => lines.push(line.text));
    assert.match(lines.join("\n"), /^\* Welcome .* You are guest2\. 1 other is here\. /);
    assert.deepEqual(read(ada), []);
    room.announce(next);
    room.announce(next);
    assert.deepEqual(read(ada), ["* guest2 joined"]);
    assert.equal(lines.length, 1);
  });

  test("a message goes to all, the sender too, with the sender's name", () => {
    const [ada, bob, eve] = [enter("ada"), enter("bob"), enter("eve")];
    room.say(ada, "hello");
    for (const each of [ada, bob, eve]) assert.deepEqual(read(each), ["ada: hello"]);
  });

  test("what is said before somebody is announced is heard by them", () => {
    const ada = enter("ada");
    const lines: string[] = [];
    room.enter((line) => lines.push(line.text));
    room.say(ada, "hello");
    assert.equal(lines.at(-1), "ada: hello");
  });

  test("control characters and blanks around a message are removed, and an empty one is not sent", () => {
    const ada = enter("ada");
    assert.equal(room.say(ada, " \x1b[31mred\x07\u202e "), true);
    room.say(ada, "");
    room.say(ada, " \x07\t");
    assert.deepEqual(read(ada), ["ada: [31mred"]);
  });

  test("/nick tells all; a name that is taken, or is none, is refused", () => {
    const [ada, bob] = [enter("ada"), enter("bob")];
    room.say(ada, "/nick Countess");
    for (const each of [ada, bob]) assert.deepEqual(read(each), ["* ada is now Countess"]);
    room.say(bob, "/nick COUNTESS");
    assert.match(read(bob).join(), /called Countess already/);
    room.say(bob, "/nick ***");
    assert.match(read(bob).join(), /letters/);
    room.say(bob, "/nick bob");
    assert.deepEqual(read(bob), ["* You are bob."]);
    room.say(bob, "/NICK Bob");
    assert.deepEqual(read(bob), ["* bob is now Bob"]);
    assert.deepEqual(read(ada), ["* bob is now Bob"]);
    room.say(bob, "/nick ada");
    assert.deepEqual(read(ada), ["* Bob is now ada"], "a name given up is free");
  });

  test("a guest never gets a name that somebody took", () => {
    enter("guest2");
    const next = enter();
    assert.equal(next.name, "guest3");
  });

  test("/who lists those who were announced", () => {
    const names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    const members = names.map((name) => enter(name));
    room.enter(() => undefined);
    const last = members.at(-1) as Member;
    room.say(last, "/who");
    assert.deepEqual(read(last), ["* 9 are here:", "*   a, b, c, d, e, f, g, h", "*   i"]);
    assert.deepEqual(read(members[0] as Member), []);
  });

  test("/quit says goodbye and tells the others the last word", () => {
    const [ada, bob] = [enter("ada"), enter("bob")];
    assert.equal(room.say(ada, "/quit\tsee you"), false);
    assert.deepEqual(read(ada), ["* Goodbye!"]);
    assert.deepEqual(read(bob), ["* ada left (see you)"]);
    room.leave(ada, "again");
    assert.deepEqual(read(bob), []);
    assert.equal(room.chat.size, 1);
  });

  test("who was never announced leaves without a word", () => {
    const ada = enter("ada");
    room.leave(room.enter(() => undefined));
    assert.deepEqual(read(ada), []);
  });

  test("when the room closes all hear a last word, and not of each other's leaving", () => {
    const [ada, bob] = [enter("ada"), enter("bob")];
    room.chat.close("The end.");
    room.leave(ada);
    room.leave(bob);
    for (const each of [ada, bob]) assert.deepEqual(read(each), ["* The end."]);
    assert.equal(room.chat.size, 0);
  });

  test("/help and unknown commands are answered to who asked only", () => {
    const [ada, bob] = [enter("ada"), enter("bob")];
    room.say(ada, "/help");
    assert.match(read(ada).join("\n"), /\/nick.*\/who.*\/quit/s);
    room.say(ada, "/dance now");
    assert.match(read(ada).join(), /no command \/dance/);
    room.say(ada, "/");
    assert.match(read(ada).join(), /no command/);
    assert.deepEqual(read(bob), []);
  });

  test("two slashes send one", () => {
    const ada = enter("ada");
    room.say(ada, "//etc/hosts");
    assert.deepEqual(read(ada), ["ada: /etc/hosts"]);
  });

  test("whatever people write, names stay unique and nobody can speak as another or as the room", () => {
    const writing = fc.tuple(
      fc.nat(3),
      fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("/nick a", "/nick A", "/nick b:", "/nick guest2", "* x")),
    );
    fc.assert(
      fc.property(fc.array(writing, { maxLength: 30 }), (writings) => {
        room = new Lines(new Chat());
        const members = [enter(), enter(), enter(), enter()];
        for (const [who, text] of writings) {
          const member = members[who] as Member;
          const { name } = member;
          read(member);
          if (text.trimStart().startsWith("/quit")) continue;
          room.say(member, text);
          for (const line of read(member)) {
            assert.ok(line.startsWith("* ") || line.startsWith(`${name}: `), line);
            assert.doesNotMatch(line, /\p{Cc}/u);
          }
          assert.equal(new Set(members.map((each) => each.name.toLowerCase())).size, members.length);
        }
      }),
    );
  });
});
