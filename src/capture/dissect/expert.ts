import type { Expert } from "./dissector.ts";
import type { FieldDefinition } from "./field.ts";

/** The numbers that severities and groups have in `_ws.expert.severity` and `_ws.expert.group`. */
export const SEVERITIES = {
  Comment: 0x0010_0000,
  Chat: 0x0020_0000,
  Note: 0x0040_0000,
  Warning: 0x0060_0000,
  Error: 0x0080_0000,
} as const;

export const GROUPS = {
  Checksum: 0x0100_0000,
  Sequence: 0x0200_0000,
  Response: 0x0300_0000,
  Request: 0x0400_0000,
  Undecoded: 0x0500_0000,
  Malformed: 0x0700_0000,
  Protocol: 0x0900_0000,
  Comment: 0x0b00_0000,
  Assumption: 0x0d00_0000,
} as const;

/** How grave a remark is, as Wireshark grades its "expert information". */
export type Severity = keyof typeof SEVERITIES;
/** What a remark is about. */
export type ExpertGroup = keyof typeof GROUPS;

const numbers = (texts: Readonly<Record<string, number>>): Readonly<Record<number, string>> =>
  Object.fromEntries(Object.entries(texts).map(([text, number]) => [number, text]));

export const EXPERT: FieldDefinition = { name: "_ws.expert", label: "Expert Info", type: "none" };
export const EXPERT_MESSAGE: FieldDefinition = { name: "_ws.expert.message", label: "Message", type: "string" };
export const EXPERT_SEVERITY: FieldDefinition = {
  name: "_ws.expert.severity",
  label: "Severity level",
  type: "uint",
  width: 4,
  values: numbers(SEVERITIES),
  named: true,
};
export const EXPERT_GROUP: FieldDefinition = {
  name: "_ws.expert.group",
  label: "Group",
  type: "uint",
  width: 4,
  values: numbers(GROUPS),
  named: true,
};

/** What stands where bytes are not what a protocol makes them to be. */
export const MALFORMED_PART: FieldDefinition = { name: "_ws.malformed", label: "Malformed Packet", type: "protocol" };
export const MALFORMED: Expert = {
  definition: { name: "_ws.malformed.expert", label: "Malformed Packet (Exception occurred)", type: "none" },
  severity: "Error",
  group: "Malformed",
  message: "Malformed Packet (Exception occurred)",
};

export const EXPERT_FIELDS = [
  EXPERT,
  EXPERT_MESSAGE,
  EXPERT_SEVERITY,
  EXPERT_GROUP,
  MALFORMED_PART,
  MALFORMED.definition,
];
