import * as z from "zod";
import type { CableChanges, Changes, HostChanges, NetworkChanges } from "../../engine/protocol/document.ts";
import type { Method, Methods } from "../../engine/protocol/methods.ts";
import type {
  CableWritten,
  DeviceWritten,
  DoorWritten,
  FaultWritten,
  InterfaceWritten,
  ProgramWritten,
} from "../../engine/protocol/written.ts";

/** Letters of a document that a message may carry: as many as a network file may have bytes. */
const TEXT_LIMIT = 2 ** 20;
/** Commands of one step. */
export const COMMANDS_LIMIT = 1000;
/** What a message says of a network is nested no deeper than a document may be, and has no more values. */
const DEPTH_LIMIT = 32;
const VALUES_LIMIT = 100_000;
const NAME_LIMIT = 256;

const whole = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const name = z.string().max(NAME_LIMIT);
const nothing = z.strictObject({});
const DATA = "a mapping of plain data, not too much of it";
const anew = z.boolean().exactOptional();

/** A mapping that a document can say; whether it says a network is seen when it is read. */
const written = <T extends object>() => z.custom<T>((value) => isMapping(value) && isPlain(value), { error: DATA });
const program = z.union([name, written<Exclude<ProgramWritten, string>>()]);
const position = z.tuple([z.number(), z.number()]).readonly();

const command = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("device.add"), name, device: written<DeviceWritten>(), at: position.exactOptional() }),
  z.strictObject({ do: z.literal("device.rename"), name, to: name }),
  z.strictObject({ do: z.literal("device.set"), name, set: written<HostChanges>() }),
  z.strictObject({
    do: z.literal("interface.set"),
    device: name,
    interface: name,
    set: written<Changes<InterfaceWritten>>().nullable(),
  }),
  z.strictObject({ do: z.literal("layout.set"), positions: z.record(name, z.union([position, z.null()])) }),
  z.strictObject({
    do: z.literal("remove"),
    devices: z.array(name).exactOptional(),
    cables: z.array(whole).exactOptional(),
  }),
  z.strictObject({ do: z.literal("cable.add"), cable: written<CableWritten>() }),
  z.strictObject({
    do: z.literal("cable.set"),
    cable: whole,
    from: name.exactOptional(),
    set: written<CableChanges>(),
  }),
  z.strictObject({ do: z.literal("program.add"), host: name, program }),
  z.strictObject({ do: z.literal("program.set"), host: name, index: whole, program }),
  z.strictObject({ do: z.literal("program.remove"), host: name, index: whole }),
  z.strictObject({ do: z.literal("door.add"), name, door: written<DoorWritten>(), at: position.exactOptional() }),
  z.strictObject({ do: z.literal("door.set"), name, door: written<DoorWritten>() }),
  z.strictObject({ do: z.literal("fault.add"), fault: written<FaultWritten>() }),
  z.strictObject({ do: z.literal("fault.set"), index: whole, fault: written<FaultWritten>() }),
  z.strictObject({ do: z.literal("fault.remove"), index: whole }),
  z.strictObject({ do: z.literal("network.set"), set: written<NetworkChanges>() }),
  z.strictObject({
    do: z.literal("paste"),
    fragment: z.strictObject({
      devices: z.record(name, written<DeviceWritten>()),
      cables: z.array(written<CableWritten>()).max(COMMANDS_LIMIT),
      layout: z.record(name, position),
    }),
    addresses: z.enum(["keep", "clear"]),
    by: position.exactOptional(),
  }),
]);

type DocumentMethod = Extract<Method, `document.${string}`>;

/** What the methods of documents take. What is said of a network is only seen to be data. */
export const DOCUMENT_PARAMS = {
  "document.get": nothing,
  "document.edit": z.strictObject({ version: whole, commands: z.array(command).min(1).max(COMMANDS_LIMIT), anew }),
  "document.replace": z.strictObject({ version: whole, text: z.string().max(TEXT_LIMIT), anew }),
  "document.undo": z.strictObject({ version: whole, anew }),
  "document.redo": z.strictObject({ version: whole, anew }),
  "document.check": z.strictObject({ text: z.string().max(TEXT_LIMIT) }),
  "document.saved": z.strictObject({ version: whole }),
  "document.copy": z.strictObject({ devices: z.array(name).max(10_000) }),
  "document.open": z.strictObject({
    text: z.string().max(TEXT_LIMIT).exactOptional(),
    file: name.exactOptional(),
    example: name.exactOptional(),
    play: z.boolean().exactOptional(),
  }),
  "document.examples": nothing,
} as const satisfies { readonly [M in DocumentMethod]: z.ZodType<Methods[M]["params"], unknown> };

const isMapping = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a value is what JSON carries, of bounded depth and size, without names that mean something to objects. */
export function isPlain(value: unknown): boolean {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  let values = 0;
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    const { value: each, depth } = item;
    if (++values > VALUES_LIMIT || depth > DEPTH_LIMIT) return false;
    if (each === null || ["string", "boolean"].includes(typeof each)) continue;
    if (typeof each === "number") {
      if (!Number.isFinite(each)) return false;
      continue;
    }
    if (typeof each !== "object") return false;
    if (Array.isArray(each)) {
      for (const inner of each) open.push({ value: inner, depth: depth + 1 });
      continue;
    }
    const prototype: unknown = Object.getPrototypeOf(each);
    if ((prototype !== Object.prototype && prototype !== null) || Object.hasOwn(each, "__proto__")) return false;
    for (const inner of Object.values(each)) open.push({ value: inner, depth: depth + 1 });
  }
  return true;
}
