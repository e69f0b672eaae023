import * as z from "zod";
import { SOURCE_LIMIT } from "../../application/script/program.ts";
import type { Heard } from "../../engine/channel.ts";
import type { FromWatcher } from "../../engine/protocol/messages.ts";
import type { Method, Methods } from "../../engine/protocol/methods.ts";
import { DOCUMENT_PARAMS } from "./document-messages.ts";

/** Letters of a message that is looked into; longer ones are none of the protocol. A document of 1 MiB fits, escaped. */
export const MESSAGE_LIMIT = 2 ** 21 + 65_536;
/** Letters of what is typed or pasted into a terminal at once. */
const TYPED_LIMIT = 64 * 1024;
const FILTER_LIMIT = 4096;
const NAME_LIMIT = 256;

const nothing = z.strictObject({});
const whole = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const time = whole;
const name = z.string().max(NAME_LIMIT);
const filter = z.string().max(FILTER_LIMIT);
const count = (most: number) => z.number().int().min(0).max(most);
const view = whole;
const event = whole;
const ofEvent = z.strictObject({ view, event });
const ofView = z.strictObject({ view });

const vantage = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("cables") }),
  z.strictObject({ kind: z.literal("device"), device: name }),
  z.strictObject({ kind: z.literal("nic"), nic: whole }),
]);

/** What each method takes. */
const PARAMS: { readonly [M in Method]: z.ZodType<Methods[M]["params"]> } = {
  "time.play": nothing,
  "time.pause": nothing,
  "time.speed": z.strictObject({ speed: z.union([z.number().positive().max(1e6), z.literal("max")]) }),
  "time.slowMotion": nothing,
  "time.step": nothing,
  "time.stepPacket": nothing,
  "time.runUntil": z.strictObject({ at: time }),
  "time.interrupt": nothing,
  "time.branch": z.strictObject({ at: time, branch: whole.exactOptional() }),
  snapshot: nothing,
  "traffic.watch": z.strictObject({ crossings: count(2000), flows: z.boolean().exactOptional() }),
  "traffic.range": z.strictObject({ from: time, to: time, limit: count(2000), flows: z.boolean().exactOptional() }),
  "traffic.histogram": z.strictObject({ from: time, to: time, slices: z.number().int().min(1).max(4096) }),
  "packets.open": z.strictObject({ vantage, filter }),
  "packets.filter": z.strictObject({ view, filter }),
  "packets.close": ofView,
  "packets.rows": z.strictObject({ view, from: whole, count: count(500) }),
  "packets.locate": z.strictObject({ view, event: event.exactOptional(), time: time.exactOptional() }),
  "packets.find": z.strictObject({
    view,
    from: z.number().int().min(-1).max(Number.MAX_SAFE_INTEGER),
    backwards: z.boolean(),
    by: z.enum(["filter", "text", "hex"]),
    what: filter,
  }),
  "packets.detail": ofEvent,
  "packets.conversations": ofView,
  "packets.follow": z.strictObject({ view, event, layer: z.enum(["tls", "tcp"]).exactOptional() }),
  "packets.sequence": ofEvent,
  "packets.export": z.strictObject({ view: view.exactOptional(), next: name.exactOptional() }),
  "packets.copy": z.strictObject({ view, event, as: z.enum(["hex", "text", "json", "curl"]) }),
  "filter.check": z.strictObject({ filter }),
  "filter.complete": z.strictObject({ filter, at: count(FILTER_LIMIT) }),
  "terminal.open": z.strictObject({ host: name, columns: count(1000), rows: count(1000) }),
  "terminal.input": z.strictObject({ terminal: whole, text: z.string().max(TYPED_LIMIT) }),
  "terminal.resize": z.strictObject({ terminal: whole, columns: count(1000), rows: count(1000) }),
  "terminal.close": z.strictObject({ terminal: whole }),
  "terminal.list": nothing,
  ...DOCUMENT_PARAMS,
  "packet.fault": z.strictObject({
    event,
    do: z.enum(["drop", "duplicate", "delay"]),
    by: z.number().int().min(0).max(3_600_000_000_000).exactOptional(),
  }),
  "program.run": z.strictObject({ host: name, name, source: z.string().max(SOURCE_LIMIT) }),
  "program.stop": z.strictObject({ program: name }),
  "program.kinds": nothing,
  "program.list": nothing,
  "log.lines": z.strictObject({ from: whole, count: count(500) }),
};

const hello = z.strictObject({ type: z.literal("hello"), version: whole, token: name.exactOptional() });
const request = z.strictObject({ type: z.literal("request"), id: whole, method: name, params: z.unknown() });

/**
 * Checks what has come from a watcher, whatever it is.
 * @returns the message; for a request that is none, the failure that answers it; undefined for what is no message at all
 */
export function checkMessage(message: unknown): Heard | undefined {
  const greeting = hello.safeParse(message);
  if (greeting.success) return greeting.data;
  const asked = request.safeParse(message);
  if (!asked.success) return undefined;
  const { id, method, params } = asked.data;
  const schema: z.ZodType | undefined = Object.hasOwn(PARAMS, method) ? PARAMS[method as Method] : undefined;
  if (schema === undefined) return failure(id, "unknown-method", `there is no method ${method}`, { method });
  const checked = schema.safeParse(params);
  if (checked.success) return { type: "request", id, method, params: checked.data } as FromWatcher;
  const issue = checked.error.issues[0];
  const place = ["params", ...(issue?.path ?? [])].join(".");
  return failure(id, "bad-params", `${method}: ${place}: ${issue?.message ?? "not what it takes"}`, { method, place });
}

/** As {@link checkMessage}, for what has come as text. */
export function readMessage(text: string): Heard | undefined {
  if (text.length > MESSAGE_LIMIT) return undefined;
  try {
    return checkMessage(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const failure = (id: number, code: string, text: string, params: Readonly<Record<string, string>>): Heard => ({
  type: "failure",
  id,
  error: { code, text, params },
});
