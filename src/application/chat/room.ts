import type { ChatEvent } from "./message.ts";
import { cleanName, nameKey } from "./name.ts";
import { Spoken } from "./spoken.ts";

/** The room in which everybody is at first. */
export const LOBBY = "lobby";

/** What of a wished room can be one; rooms have small letters. @returns undefined when nothing is left */
export function cleanRoom(wish: string): string | undefined {
  const name = cleanName(wish);
  return name === undefined ? undefined : nameKey(name);
}

/** Somebody who chats, by whatever means, in one room or several. */
export class Member {
  /** Hears all that is said in the member's rooms; must not call the chat. */
  readonly hear: (spoken: Spoken) => void;
  name: string;

  constructor(name: string, hear: (spoken: Spoken) => void) {
    this.name = name;
    this.hear = hear;
  }
}

/** One room: who is in it and hears what is said. */
export class Room {
  readonly name: string;
  /** Those who are here, and whether the others were told. */
  readonly #members = new Map<Member, boolean>();

  constructor(name: string) {
    this.name = name;
  }

  get size(): number {
    return this.#members.size;
  }

  has(member: Member): boolean {
    return this.#members.has(member);
  }

  /** Somebody is here from now on; the others are told by {@link announce}. */
  add(member: Member): void {
    if (!this.#members.has(member)) this.#members.set(member, false);
  }

  announce(member: Member): void {
    if (this.#members.get(member) !== false) return;
    this.#members.set(member, true);
    this.toAll({ type: "joined", room: this.name, name: member.name }, member);
  }

  /** @param why told to the others, if they ever heard of the member */
  remove(member: Member, why?: string): void {
    const announced = this.#members.get(member);
    this.#members.delete(member);
    if (!announced) return;
    this.toAll({ type: "left", room: this.name, name: member.name, ...(why === undefined ? {} : { why }) });
  }

  /** The names of those who were announced, in the order in which they came. */
  names(): string[] {
    return [...this.#members].filter(([, announced]) => announced).map(([member]) => member.name);
  }

  toAll(event: ChatEvent, except?: Member): void {
    const spoken = new Spoken(event);
    for (const member of this.#members.keys()) if (member !== except) member.hear(spoken);
  }
}
