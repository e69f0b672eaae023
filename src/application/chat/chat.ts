import { removeControls } from "../text.ts";
import { MemoryStore } from "./memory-store.ts";
import { type ChatMessage, toldOf } from "./message.ts";
import { cleanName, nameKey } from "./name.ts";
import { cleanRoom, LOBBY, Member, Room } from "./room.ts";
import { Spoken } from "./spoken.ts";
import type { ChatStore } from "./store.ts";

/** Rooms at once in which somebody is. */
export const ROOMS_LIMIT = 200;

export interface ChatOptions {
  /** In memory unless given. */
  readonly store?: ChatStore;
  /** The date, for messages; 1970 unless given. */
  readonly date?: () => Date;
}

/** Why something was refused. */
export type Refusal = "no-name" | "name-taken" | "no-room" | "too-many-rooms" | "empty" | "not-kept";

/**
 * The chat itself: who is here, what they are called, in which rooms they are, and who hears what. It knows nothing of
 * connections: people come by lines, WebSocket or server-sent events, and each is a {@link Member}. What is said is kept in the
 * store before anybody hears it.
 */
export class Chat {
  readonly store: ChatStore;
  readonly #date: () => Date;
  readonly #members = new Set<Member>();
  readonly #names = new Map<string, Member>();
  readonly #rooms = new Map<string, Room>();
  #guests = 0;

  constructor({ store = new MemoryStore(), date = () => new Date(0) }: ChatOptions = {}) {
    this.store = store;
    this.#date = date;
  }

  /** How many are here. */
  get size(): number {
    return this.#members.size;
  }

  /** The rooms in which somebody is, and how many. */
  get rooms(): readonly Room[] {
    return [...this.#rooms.values()];
  }

  /**
   * Somebody comes, but is in no room yet.
   * @param wish what they would like to be called; a guest's name where there is none or somebody has it
   * @param registered whether the name is theirs by a password
   */
  enter(hear: (spoken: Spoken) => void, wish = "", registered = false): Member {
    const wanted = cleanName(wish);
    const free = wanted !== undefined && this.#isFree(wanted, registered);
    const member = new Member(free ? wanted : this.#guestName(wanted), hear);
    this.#members.add(member);
    this.#names.set(nameKey(member.name), member);
    return member;
  }

  /** A room as it is; undefined when nobody is in it. */
  room(name: string): Room | undefined {
    return this.#rooms.get(name);
  }

  /**
   * Somebody is in a room from now on, and hears what is said there. The others are told by {@link Room.announce}.
   * @param name as {@link cleanRoom} gives it
   */
  join(member: Member, name: string): Room | Refusal {
    if (cleanRoom(name) !== name) return "no-room";
    let room = this.#rooms.get(name);
    if (room === undefined) {
      if (this.#rooms.size >= ROOMS_LIMIT) return "too-many-rooms";
      room = new Room(name);
      this.#rooms.set(name, room);
    }
    room.add(member);
    return room;
  }

  /** Somebody is in a room no more. @param why shown to the others */
  part(member: Member, room: Room, why?: string): void {
    room.remove(member, why);
    if (room.size === 0) this.#rooms.delete(room.name);
  }

  /**
   * Somebody says something in a room.
   * @param id of the sender's making, or undefined for one who will not send it again
   * @param done called when it is kept, just before all hear it, or with why it was refused
   */
  say(
    member: Member,
    room: string,
    written: string,
    id?: string,
    done: (result: ChatMessage | Refusal) => void = ignore,
  ) {
    const text = removeControls(written).trim();
    if (text === "") {
      done("empty");
      return;
    }
    const { name } = member;
    this.store.append({ room, name, text, time: this.#date().getTime(), id }, (kept) => {
      done(kept?.message ?? "not-kept");
      if (kept !== undefined && !kept.again) this.#rooms.get(room)?.toAll(toldOf(kept.message));
    });
  }

  /** Somebody wants to be called something else; those in their rooms hear of it. */
  rename(member: Member, wish: string, registered = false): Refusal | undefined {
    const name = cleanName(wish);
    if (name === undefined) return "no-name";
    if (name === member.name) return undefined;
    if (this.#names.get(nameKey(name)) !== member && !this.#isFree(name, registered)) return "name-taken";
    const before = member.name;
    this.#names.delete(nameKey(before));
    this.#names.set(nameKey(name), member);
    member.name = name;
    for (const room of this.#rooms.values()) {
      if (room.has(member)) room.toAll({ type: "renamed", room: room.name, before, name });
    }
    return undefined;
  }

  /** Who has a name now. */
  holder(name: string): Member | undefined {
    return this.#names.get(nameKey(name));
  }

  /** Somebody is gone. @param why shown to the others: `"connection lost"` */
  leave(member: Member, why?: string): void {
    if (!this.#members.delete(member)) return;
    this.#names.delete(nameKey(member.name));
    for (const room of this.#rooms.values()) if (room.has(member)) this.part(member, room, why);
  }

  /** Something is said to one. */
  tell(member: Member, text: string): void {
    member.hear(new Spoken({ type: "notice", text }));
  }

  /** Says a last word to all, who are then gone. */
  close(text: string): void {
    const spoken = new Spoken({ type: "notice", text });
    for (const member of this.#members) member.hear(spoken);
    this.#members.clear();
    this.#names.clear();
    this.#rooms.clear();
  }

  #isFree(name: string, registered: boolean): boolean {
    const key = nameKey(name);
    return !this.#names.has(key) && (registered || this.store.account(key) === undefined);
  }

  /** The first guest's name that nobody has, or the wished one with a number. */
  #guestName(wanted?: string): string {
    for (let number = 2; wanted !== undefined && number < 1_000; number++) {
      const name = cleanName(`${[...wanted].slice(0, 16).join("")}${number}`);
      if (name !== undefined && this.#isFree(name, false)) return name;
    }
    for (;;) {
      const name = `guest${++this.#guests}`;
      if (this.#isFree(name, false)) return name;
    }
  }
}

const ignore = (): void => {};

/** Where everybody begins. */
export { LOBBY };
