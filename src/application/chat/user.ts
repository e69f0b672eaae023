import type { SocketAddress } from "../../address/endpoint.ts";
import { SocketError } from "../../socket/socket.ts";
import { type Duration, seconds } from "../../time/instant.ts";
import type { Program, ProgramContext } from "../program.ts";
import { connectPatiently, rest } from "../stream.ts";
import { answer, greeting, isQuestion, remark } from "./phrases.ts";
import { ChatSession } from "./session.ts";

export interface ChatUserParameters {
  readonly server: SocketAddress;
  readonly name: string;
  readonly pause: Duration;
  readonly phrases: readonly string[];
  readonly leave: number;
}

/** How likely a question of somebody else gets an answer. */
const ANSWER_CHANCE = 0.3;
/** Nobody answers at once: shortest time to think and type, and by how much it varies. */
const THINKING = { least: seconds(1), more: seconds(3) } as const;
/** How long a user who left stays away, at least and at most. */
const AWAY = { least: seconds(20), more: seconds(60) } as const;

const within = ({ random }: ProgramContext, { least, more }: { least: Duration; more: Duration }): Duration =>
  (least + random.real() * more) as Duration;

/** Exponentially distributed, as the times between independent events are. */
const pauseOf = ({ random }: ProgramContext, mean: Duration): Duration =>
  Math.round(-Math.log(1 - random.real()) * mean) as Duration;

/** One stay in the room. @returns when the user, the room or the signal ends it */
async function visit(context: ProgramContext, parameters: ChatUserParameters): Promise<void> {
  const { clock, random, signal } = context;
  const { name, pause, phrases } = parameters;
  const session = new ChatSession(await connectPatiently(context, parameters.server), clock);
  const ended = new AbortController();
  const present = { clock, signal: AbortSignal.any([signal, ended.signal]) };
  let asked = false;
  const listening = session
    .listen(signal, (line) => {
      if (isQuestion(line) && !line.startsWith("* ") && !line.startsWith(`${name}: `)) {
        asked ||= random.chance(ANSWER_CHANCE);
      }
    })
    .finally(() => ended.abort());
  try {
    await session.say(`/nick ${name}`);
    if (await rest(present, within(context, THINKING))) await session.say(greeting(random));
    while (await rest(present, asked ? within(context, THINKING) : pauseOf(context, pause))) {
      if (random.chance(parameters.leave)) break;
      const own = phrases[random.below(Math.max(1, phrases.length))];
      await session.say(asked ? answer(random) : (own ?? remark(random)));
      asked = false;
    }
  } finally {
    await session.leave();
    await listening;
  }
}

/** Somebody who chats, of their own accord, at times of their own. */
export const chatUser: Program<ChatUserParameters> = {
  name: "chat-user",
  summary: "A virtual user who chats, answers, and now and then leaves and comes back.",
  parameters: {
    server: { type: "endpoint", summary: "The chat server." },
    name: { type: "text", summary: "The user's name." },
    pause: {
      type: "duration",
      summary: "How long the user is silent between messages, on average.",
      default: seconds(12),
    },
    phrases: { type: "texts", summary: "What to say; without any, sentences of the program's own.", default: [] },
    leave: {
      type: "number",
      summary: "How likely the user leaves for a while instead of saying something.",
      default: 0.02,
    },
  },
  messages: {
    lost: "The connection to the chat room was lost: {code}",
  },
  run: async (context, parameters) => {
    while (!context.signal.aborted) {
      try {
        await visit(context, parameters);
      } catch (error) {
        if (context.signal.aborted) return;
        if (!(error instanceof SocketError)) throw error;
        context.log("lost", { code: error.code });
      }
      await rest(context, within(context, AWAY));
    }
  },
};
