import type { Random } from "../../base/random.ts";

const HELLO = ["Hello everybody!", "Good morning.", "Hi all 👋", "Salut !", "Servus!", "大家好", "Is this thing on?"];

const THINGS = [
  ...["the router", "my cable", "the hub", "this switch", "ARP", "the new time server", "port 8888", "UDP", "TCP"],
  ...["my window", "the default route", "that checksum", "the café's network", "slow start", "the loopback"],
];

const REMARKS = [
  "I think * likes me today.",
  "I have just read about *.",
  "Nothing is as patient as *.",
  "* dropped a packet, I saw it.",
  "I would not trust * with my naïve little segments.",
  "* works. I have touched nothing, I promise.",
  "I took a capture of *: a thing of beauty.",
  "Without * we would all be very quiet.",
];

const QUESTIONS = [
  "Has anybody seen *?",
  "Who has an idea about *?",
  "Is * slower than yesterday?",
  "What would you do without *?",
  "Does * ever sleep?",
];

const ANSWERS = [
  "Yes.",
  "No idea, sorry.",
  "Ask *.",
  "As far as I can see, yes.",
  "Only on Thursdays.",
  "Look at *, that is where it always is.",
  "It depends on *.",
  "Hm, try it again with more delay.",
];

/** What to say first. */
export const greeting = (random: Random): string => pick(random, HELLO);

/** What to say when nobody has asked. About one in three is a question. */
export const remark = (random: Random): string =>
  fill(random, pick(random, random.below(3) === 0 ? QUESTIONS : REMARKS));

/** What to say to a question. */
export const answer = (random: Random): string => fill(random, pick(random, ANSWERS));

/** Whether a message asks for an {@link answer}. */
export const isQuestion = (text: string): boolean => text.endsWith("?");

function pick(random: Random, choices: readonly string[]): string {
  return choices[random.below(choices.length)] as string;
}

function fill(random: Random, phrase: string): string {
  const text = phrase.replace("*", () => pick(random, THINGS));
  return text.charAt(0).toUpperCase() + text.slice(1);
}
