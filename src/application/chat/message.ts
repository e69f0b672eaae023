/** What somebody said, before it has a number. */
export interface NewMessage {
  readonly room: string;
  readonly name: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Of the sender's own making, unique; one who is in doubt whether it came sends it again under the same. */
  readonly id: string | undefined;
}

/** What somebody said. */
export interface ChatMessage extends NewMessage {
  /** Larger than that of all that was said before, in whatever room. */
  readonly seq: number;
}

/** What those in a room hear. */
export type ChatEvent =
  | { type: "message"; room: string; seq: number; time: number; name: string; text: string }
  | { type: "joined"; room: string; name: string }
  | { type: "left"; room: string; name: string; why?: string }
  | { type: "renamed"; room: string; before: string; name: string }
  /** The room itself says something. */
  | { type: "notice"; text: string };

/** A message as it is told: its id stays between the sender and the room. */
export const toldOf = ({ room, seq, time, name, text }: ChatMessage): ChatEvent => ({
  type: "message",
  room,
  seq,
  time,
  name,
  text,
});

/** An event as those who chat by lines read it. */
export function lineOf(event: ChatEvent): string {
  switch (event.type) {
    case "message":
      return `${event.name}: ${event.text}`;
    case "joined":
      return `* ${event.name} joined`;
    case "left":
      return `* ${event.name} left${event.why === undefined ? "" : ` (${event.why})`}`;
    case "renamed":
      return `* ${event.before} is now ${event.name}`;
    case "notice":
      return `* ${event.text}`;
  }
}
