import { removeControls, shorten } from "../text.ts";
import { cleanName, nameKey } from "./name.ts";
import { SpokenLine } from "./spoken-line.ts";

/** Names on one line of the answer to `/who`. */
const NAMES_ON_A_LINE = 8;
/** Characters of an unknown command that are shown again. */
const COMMAND_SHOWN = 20;

const HELP = [
  "Each line you write goes to all who are here. Commands:",
  "/nick NAME  changes your name",
  "/who        lists who is here",
  "/quit       leaves (or /quit and a last word)",
  "/help       shows this; a line that begins with // is sent with one /",
];

/** Whether a text is for all, and no command. */
export const isMessage = (text: string): boolean => !text.startsWith("/") || text.startsWith("//");

/** Somebody in the room. What is said is heard by the function that entered with them. */
export class Member {
  readonly hear: (line: SpokenLine) => void;
  name: string;
  /** Whether the others were told. */
  announced = false;

  constructor(name: string, hear: (line: SpokenLine) => void) {
    this.name = name;
    this.hear = hear;
  }
}

/**
 * The chat room itself: who is here, what they are called, and who hears what. It knows nothing of connections and time.
 * What people say stands as `name: text`; what the room says begins with `* `.
 */
export class Room {
  readonly #members = new Set<Member>();
  readonly #names = new Map<string, Member>();
  #guests = 0;

  get size(): number {
    return this.#members.size;
  }

  /**
   * Somebody comes in under a guest's name, is greeted and hears all that is said from now on. The others are told by
   * {@link announce}, once it is certain that this is somebody who chats.
   * @param hear must not call the room
   */
  enter(hear: (line: SpokenLine) => void): Member {
    const member = new Member(this.#guestName(), hear);
    this.#members.add(member);
    this.#names.set(nameKey(member.name), member);
    const others = [...this.#members].filter((each) => each.announced).length;
    const company =
      others === 0 ? "Nobody else is here yet." : others === 1 ? "1 other is here." : `${others} others are here.`;
    this.tell(member, `Welcome to the chat room! You are ${member.name}. ${company} /help lists what you can do.`);
    return member;
  }

  announce(member: Member): void {
    if (member.announced) return;
    member.announced = true;
    this.#toAll(`* ${member.name} joined`, member);
  }

  /** Takes a line that a member wrote. @returns whether they stay */
  say(member: Member, written: string): boolean {
    const text = removeControls(written).trim();
    if (text === "") return true;
    if (!isMessage(text)) return this.#command(member, text);
    this.#toAll(`${member.name}: ${text.startsWith("//") ? text.slice(1) : text}`);
    return true;
  }

  /** Somebody is gone. @param why shown to the others: `"connection lost"` */
  leave(member: Member, why?: string): void {
    if (!this.#members.delete(member)) return;
    this.#names.delete(nameKey(member.name));
    if (member.announced) this.#toAll(`* ${member.name} left${why === undefined ? "" : ` (${why})`}`);
  }

  /** The room says something to one. */
  tell(member: Member, text: string): void {
    member.hear(new SpokenLine(`* ${text}`));
  }

  /** Says a last word to all, who are then out of the room. */
  close(text: string): void {
    this.#toAll(`* ${text}`);
    this.#members.clear();
    this.#names.clear();
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
    const name = cleanName(wish);
    if (name === undefined) {
      this.tell(member, "Write /nick and a name of letters, digits, _ - or . after it.");
      return;
    }
    const holder = this.#names.get(nameKey(name));
    if (holder !== undefined && holder !== member) {
      this.tell(member, `Somebody is called ${holder.name} already.`);
      return;
    }
    if (name === member.name) {
      this.tell(member, `You are ${name}.`);
      return;
    }
    const before = member.name;
    this.#names.delete(nameKey(before));
    this.#names.set(nameKey(name), member);
    member.name = name;
    this.#toAll(`* ${before} is now ${name}`);
  }

  #list(member: Member): void {
    const names = [...this.#members].filter((each) => each.announced).map((each) => each.name);
    this.tell(member, names.length === 1 ? "1 is here:" : `${names.length} are here:`);
    for (let at = 0; at < names.length; at += NAMES_ON_A_LINE) {
      this.tell(member, `  ${names.slice(at, at + NAMES_ON_A_LINE).join(", ")}`);
    }
  }

  /** The first guest's name that nobody has. */
  #guestName(): string {
    for (;;) {
      const name = `guest${++this.#guests}`;
      if (!this.#names.has(name)) return name;
    }
  }

  #toAll(text: string, except?: Member): void {
    const line = new SpokenLine(text);
    for (const member of this.#members) if (member !== except) member.hear(line);
  }
}
