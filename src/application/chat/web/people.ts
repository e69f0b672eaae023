import type { Clock } from "../../../socket/clock.ts";
import { type Duration, seconds } from "../../../time/instant.ts";
import { perSecond, TokenBucket } from "../../../time/token-bucket.ts";
import type { Chat, Refusal } from "../chat.ts";
import { type ChatEvent, type ChatMessage, toldOf } from "../message.ts";
import { cleanRoom, type Member, Room } from "../room.ts";
import type { Spoken } from "../spoken.ts";
import type { SessionRecord } from "../store.ts";
import type { Asked } from "./asked.ts";

/** Who has gone from a room is told to the others after so long: a page that is loaded again is back by then. */
export const GRACE: Duration = seconds(5);
/** Messages that are told at first, when asked for earlier ones, and at a time to who missed some. */
const HISTORY = { first: 50, earlier: 50, missed: 500 } as const;
/** People at once. */
const PEOPLE_LIMIT = 10_000;
/** Rooms that are listed. */
const ROOMS_LISTED = 30;
/** Requests of one person: a second on average, and at once. */
export interface Pace {
  readonly rate: number;
  readonly burst: number;
}

const DEFAULT_PACE: Pace = { rate: 10, burst: 30 };

/** What a page is answered, beside the {@link ChatEvent}s that it hears. */
export type Reply =
  | { type: "room"; room: string; people: string[]; messages: ChatEvent[]; earlier: boolean; missing: boolean }
  | { type: "earlier"; room: string; messages: ChatEvent[]; earlier: boolean }
  | { type: "ack"; id: string; seq: number; time: number }
  | { type: "you"; name: string; registered: boolean }
  | { type: "rooms"; rooms: { name: string; people: number }[] }
  | { type: "refused"; why: Refusal | "too-fast" | "not-understood"; id?: string };

/** One page of somebody: it hears one room. */
export interface Ear {
  hear(spoken: Spoken): void;
  reply(reply: Reply): void;
  /** Its session has ended: the page may come back with another. */
  end(): void;
}

/** Somebody who chats by pages, one or several, all under one session. */
class Person {
  readonly user: string;
  readonly registered: boolean;
  readonly member: Member;
  readonly #people: People;
  /** The pages, and the room that each hears. */
  readonly #ears = new Map<Ear, Room | undefined>();
  readonly #bucket: TokenBucket;

  constructor(people: People, session: SessionRecord) {
    this.#people = people;
    this.user = session.user;
    this.registered = session.registered;
    this.#bucket = new TokenBucket(perSecond(people.pace.rate), people.pace.burst, people.clock.now());
    this.member = people.chat.enter((spoken) => this.#hear(spoken), session.name, session.registered);
  }

  add(ear: Ear): void {
    this.#ears.set(ear, undefined);
    ear.reply({ type: "you", name: this.member.name, registered: this.registered });
  }

  /** A page is closed. */
  remove(ear: Ear): void {
    const room = this.#ears.get(ear);
    this.#ears.delete(ear);
    this.#people.later(() => this.#look(room));
  }

  /** Does what a page asks. @param renamed called with a new name */
  do(ear: Ear, asked: Asked | undefined, renamed: (name: string) => void): void {
    const { clock } = this.#people;
    if (asked === undefined) ear.reply({ type: "refused", why: "not-understood" });
    else if (!this.#bucket.take(clock.now())) {
      ear.reply({ type: "refused", why: "too-fast", ...(asked.type === "say" ? { id: asked.id } : {}) });
    } else this.#do(ear, asked, renamed);
  }

  /** Says something. @param done hears what became of it */
  say({ room: wish, id, text }: Asked & { type: "say" }, done: (reply: Reply) => void): void {
    const room = cleanRoom(wish);
    if (room === undefined) {
      done({ type: "refused", why: "no-room", id });
      return;
    }
    this.#people.chat.say(this.member, room, text, id, (result) => {
      if (typeof result === "string") done({ type: "refused", why: result, id });
      else done({ type: "ack", id, seq: result.seq, time: result.time });
    });
  }

  /** All pages are closed. */
  end(): void {
    for (const ear of this.#ears.keys()) ear.end();
  }

  #do(ear: Ear, asked: Asked, renamed: (name: string) => void): void {
    switch (asked.type) {
      case "join":
        this.join(ear, asked);
        break;
      case "say":
        this.say(asked, (reply) => ear.reply(reply));
        break;
      case "nick":
        this.#rename(ear, asked.name, renamed);
        break;
      case "earlier":
        ear.reply({ type: "earlier", room: asked.room, ...this.#earlier(asked.room, asked.before) });
        break;
      case "rooms":
        ear.reply(this.#rooms());
        break;
    }
  }

  /** What was missed comes first: a page hears the room from the moment on at which it has heard all that was said before. */
  join(ear: Ear, { room: wish, after }: Asked & { type: "join" }): void {
    const { chat } = this.#people;
    const name = cleanRoom(wish);
    const room = name === undefined ? "no-room" : chat.join(this.member, name);
    if (!(room instanceof Room)) {
      ear.reply({ type: "refused", why: room });
      return;
    }
    const before = this.#ears.get(ear);
    const { messages, earlier, missing } = this.#missed(room.name, after);
    this.#ears.set(ear, missing ? undefined : room);
    room.announce(this.member);
    if (before !== undefined && before !== room) this.#people.later(() => this.#look(before));
    ear.reply({ type: "room", room: room.name, people: room.names(), messages, earlier, missing });
    ear.reply(this.#rooms());
  }

  #missed(room: string, after: number | undefined): { messages: ChatEvent[]; earlier: boolean; missing: boolean } {
    if (after === undefined || after === 0) {
      return { ...this.#earlier(room, undefined), missing: false };
    }
    const { messages, more } = cut(
      this.#people.chat.store.history(room, { after, limit: HISTORY.missed + 1 }),
      HISTORY.missed,
      "first",
    );
    return { messages: messages.map(toldOf), earlier: true, missing: more };
  }

  #earlier(room: string, before: number | undefined): { messages: ChatEvent[]; earlier: boolean } {
    const limit = before === undefined ? HISTORY.first : HISTORY.earlier;
    const found = this.#people.chat.store.history(room, { before, limit: limit + 1 });
    const { messages, more } = cut(found, limit, "last");
    return { messages: messages.map(toldOf), earlier: more };
  }

  #rename(ear: Ear, wish: string, renamed: (name: string) => void): void {
    const { chat } = this.#people;
    // A registered name belongs to its session; to chat under another one signs out.
    const refusal = this.registered ? "name-taken" : chat.rename(this.member, wish);
    if (refusal !== undefined) {
      ear.reply({ type: "refused", why: refusal });
      return;
    }
    renamed(this.member.name);
    const you = { type: "you", name: this.member.name, registered: this.registered } as const;
    for (const each of new Set([ear, ...this.#ears.keys()])) each.reply(you);
  }

  #rooms(): Reply {
    const { chat } = this.#people;
    const here = chat.rooms.map(({ name }) => name);
    const names = [...new Set(["lobby", ...here, ...chat.store.rooms(ROOMS_LISTED)])].slice(0, ROOMS_LISTED);
    return { type: "rooms", rooms: names.map((name) => ({ name, people: chat.room(name)?.names().length ?? 0 })) };
  }

  #hear(spoken: Spoken): void {
    const { room } = spoken;
    for (const ear of this.#ears.keys()) {
      if (room === undefined || this.#ears.get(ear)?.name === room) ear.hear(spoken);
    }
  }

  /** Whether still somebody listens: in a room, and at all. */
  #look(left: Room | undefined): void {
    if (this.#ears.size === 0) this.#people.leave(this);
    else if (left !== undefined && ![...this.#ears.values()].includes(left)) this.#people.chat.part(this.member, left);
  }
}

/** Those who are here by pages, by session. */
export class People {
  readonly chat: Chat;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly #here = new Map<string, Person>();
  /** What takes back what is done {@link later}. */
  readonly #graces = new Set<() => void>();
  #closed = false;

  constructor(chat: Chat, clock: Clock, pace: Pace = DEFAULT_PACE) {
    this.chat = chat;
    this.clock = clock;
    this.pace = pace;
  }

  /** Does something when a page that is loaded again would be back. */
  later(what: () => void): void {
    if (this.#closed) return;
    const cancel = this.clock.after(GRACE, () => {
      this.#graces.delete(cancel);
      what();
    });
    this.#graces.add(cancel);
  }

  /** Nobody comes back, and nothing is waited for. */
  close(): void {
    this.#closed = true;
    for (const cancel of this.#graces) cancel();
    this.#graces.clear();
  }

  get full(): boolean {
    return this.#here.size >= PEOPLE_LIMIT;
  }

  find(user: string): Person | undefined {
    return this.#here.get(user);
  }

  /** Whoever a session belongs to, who comes in unless they are here. */
  of(session: SessionRecord): Person {
    let person = this.#here.get(session.user);
    if (person === undefined) {
      person = new Person(this, session);
      this.#here.set(session.user, person);
    }
    return person;
  }

  leave(person: Person): void {
    if (this.#here.get(person.user) !== person) return;
    this.#here.delete(person.user);
    this.chat.leave(person.member);
    person.end();
  }
}

/** The first or last so many, and whether there are more. */
function cut(found: ChatMessage[], limit: number, which: "first" | "last"): { messages: ChatMessage[]; more: boolean } {
  const more = found.length > limit;
  return { messages: which === "first" ? found.slice(0, limit) : found.slice(-limit), more };
}
