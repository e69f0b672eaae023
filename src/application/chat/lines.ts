import { removeControls, shorten } from "../text.ts";
import type { Chat, Refusal } from "./chat.ts";
import { lineOf, toldOf } from "./message.ts";
import { cleanName } from "./name.ts";
import { cleanRoom, LOBBY, type Member, Room } from "./room.ts";
import type { Spoken } from "./spoken.ts";

/** Names on one line of the answer to `/who`. */
const NAMES_ON_A_LINE = 8;
/** Characters of an unknown command that are shown again. */
const COMMAND_SHOWN = 20;
/** Messages that `/history` tells unless asked for more, and at most. */
const HISTORY_SHOWN = 10;
const HISTORY_MOST = 50;

const HELP = [
  "Each line you write goes to all who are here. Commands:",
  "/nick NAME  changes your name",
  "/who        lists who is here",
  "/rooms      lists the rooms; /join ROOM goes to one, or makes it",
  "/history    tells what was said last (or /history 30)",
  "/quit       leaves (or /quit and a last word)",
  "/help       shows this; a line that begins with // is sent with one /",
];

/** Whether a text is for all, and no command. */
export const isMessage = (text: string): boolean => !text.startsWith("/") || text.startsWith("//");

/**
 * The chat for those who write lines: each is in one room, is greeted, and gives commands. What people say stands as
 * `name: text`; what the room says begins with `* `. It knows nothing of connections and time.
 */
export class Lines {
  readonly chat: Chat;
  readonly #rooms = new Map<Member, Room>();

  constructor(chat: Chat) {
    this.chat = chat;
  }

  /**
   * Somebody comes in under a guest's name, is greeted and hears all that is said from now on. The others are told by
   * {@link announce}, once it is certain that this is somebody who chats.
   * @param hear must not call this
   */
  enter(hear: (spoken: Spoken) => void): Member {
    const member = this.chat.enter(hear);
    const others = this.chat.room(LOBBY)?.names().length ?? 0;
    const room = this.chat.join(member, LOBBY);
    if (room instanceof Room) this.#rooms.set(member, room);
    this.tell(
      member,
      `Welcome to the chat room! You are ${member.name}. ${company(others)} /help lists what you can do.`,
    );
    return member;
  }

  announce(member: Member): void {
    this.#rooms.get(member)?.announce(member);
  }

  /** Takes a line that a member wrote. @returns whether they stay */
  say(member: Member, written: string): boolean {
    const text = removeControls(written).trim();
    if (text === "") return true;
    if (!isMessage(text)) return this.#command(member, text);
    const room = this.#rooms.get(member) ?? LOBBY;
    const name = typeof room === "string" ? room : room.name;
    this.chat.say(member, name, text.startsWith("//") ? text.slice(1) : text, undefined, (result) => {
      if (result === "not-kept") this.tell(member, SAID[result]);
    });
    return true;
  }

  /** Somebody is gone. @param why shown to the others: `"connection lost"` */
  leave(member: Member, why?: string): void {
    this.#rooms.delete(member);
    this.chat.leave(member, why);
  }

  tell(member: Member, text: string): void {
    this.chat.tell(member, text);
  }

  #command(member: Member, text: string): boolean {
    const [, command = "", rest = ""] = /^\/(\S*)\s*(.*)$/.exec(text) ?? [];
    switch (command.toLowerCase()) {
      case "nick":
        this.#rename(member, rest);
        return true;
      case "who":
        this.#list(member);
        return true;
      case "rooms":
        for (const { name, size } of this.chat.rooms) this.tell(member, `${name}: ${size}`);
        return true;
      case "join":
        this.tell(member, this.#join(member, rest));
        return true;
      case "history":
        this.#history(member, rest);
        return true;
      case "help":
        for (const line of HELP) this.tell(member, line);
        return true;
      case "quit":
        this.tell(member, "Goodbye!");
        this.leave(member, rest === "" ? undefined : rest);
        return false;
      default:
        this.tell(member, `There is no command /${shorten(command, COMMAND_SHOWN)}. /help lists those there are.`);
        return true;
    }
  }

  #rename(member: Member, wish: string): void {
    const before = member.name;
    const refusal = this.chat.rename(member, wish);
    if (refusal === "name-taken") this.tell(member, this.#takenBy(wish));
    else if (refusal !== undefined) this.tell(member, SAID[refusal]);
    else if (member.name === before) this.tell(member, `You are ${before}.`);
  }

  #takenBy(wish: string): string {
    const holder = this.chat.holder(cleanName(wish) ?? "");
    return holder === undefined ? SAID["name-taken"] : `Somebody is called ${holder.name} already.`;
  }

  #list(member: Member): void {
    const names = this.#rooms.get(member)?.names() ?? [];
    this.tell(member, names.length === 1 ? "1 is here:" : `${names.length} are here:`);
    for (let at = 0; at < names.length; at += NAMES_ON_A_LINE) {
      this.tell(member, `  ${names.slice(at, at + NAMES_ON_A_LINE).join(", ")}`);
    }
  }

  /** @returns what the member is told */
  #join(member: Member, wish: string): string {
    const name = cleanRoom(wish);
    const before = this.#rooms.get(member);
    if (name === undefined) return SAID["no-room"];
    if (before?.name === name) return `You are in ${name}.`;
    const others = this.chat.room(name)?.names().length ?? 0;
    const room = this.chat.join(member, name);
    if (!(room instanceof Room)) return SAID[room];
    if (before !== undefined) this.chat.part(member, before, `to ${name}`);
    this.#rooms.set(member, room);
    room.announce(member);
    return `You are in ${name}. ${company(others)}`;
  }

  #history(member: Member, asked: string): void {
    const limit = Math.min(HISTORY_MOST, Number.parseInt(asked, 10) || HISTORY_SHOWN);
    const room = this.#rooms.get(member)?.name ?? LOBBY;
    const told = this.chat.store.history(room, { limit: Math.max(1, limit) });
    this.tell(member, told.length === 0 ? "Nothing was said here yet." : "What was said here last:");
    for (const message of told) this.tell(member, `  ${lineOf(toldOf(message))}`);
  }
}

const company = (others: number): string =>
  others === 0 ? "Nobody else is here yet." : others === 1 ? "1 other is here." : `${others} others are here.`;

const SAID: Readonly<Record<Refusal, string>> = {
  "no-name": "Write /nick and a name of letters, digits, _ - or . after it.",
  "name-taken": "That name belongs to somebody.",
  "no-room": "Write /join and a room's name of letters, digits, _ - or . after it.",
  "too-many-rooms": "There are too many rooms already.",
  empty: "There was nothing to read in that.",
  "not-kept": "That could not be kept, so nobody heard it.",
};
