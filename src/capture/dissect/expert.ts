import type { TreeBuilder } from "./dissector.ts";
import type { FieldDefinition } from "./field.ts";

/** How grave a note is, as Wireshark grades its "expert information". */
export type Severity = "Comment" | "Chat" | "Note" | "Warning" | "Error";

/** What a note is about. */
export type ExpertGroup = "Checksum" | "Sequence" | "Response" | "Request" | "Undecoded" | "Malformed" | "Protocol";

const SEVERITIES: Readonly<Record<Severity, number>> = {
  Comment: 0x100000,
  Chat: 0x200000,
  Note: 0x400000,
  Warning: 0x600000,
  Error: 0x800000,
};

const GROUPS: Readonly<Record<ExpertGroup, number>> = {
  Checksum: 0x1000000,
  Sequence: 0x2000000,
  Response: 0x3000000,
  Request: 0x4000000,
  Undecoded: 0x5000000,
  Malformed: 0x7000000,
  Protocol: 0x9000000,
};

const swapped = <K extends string>(numbers: Readonly<Record<K, number>>): Record<number, string> =>
  Object.fromEntries(Object.entries<number>(numbers).map(([name, number]) => [number, name]));

const EXPERT: FieldDefinition = { name: "_ws.expert", label: "Expert Info", type: "protocol" };
const MESSAGE: FieldDefinition = { name: "_ws.expert.message", label: "Message", type: "string" };
const SEVERITY: FieldDefinition = {
  name: "_ws.expert.severity",
  label: "Severity level",
  type: "uint",
  values: swapped(SEVERITIES),
};
const GROUP: FieldDefinition = { name: "_ws.expert.group", label: "Group", type: "uint", values: swapped(GROUPS) };

/** The fields of every note. */
export const EXPERT_FIELDS: readonly FieldDefinition[] = [EXPERT, MESSAGE, SEVERITY, GROUP];

/** Appends a note to the open part of the tree. @param kind the note's own field, by which a filter finds its like */
export function addExpert(
  tree: TreeBuilder,
  kind: FieldDefinition,
  severity: Severity,
  group: ExpertGroup,
  message: string,
): void {
  tree.openGenerated(EXPERT, undefined, `Expert Info (${severity}/${group}): ${message}`);
  tree.generated(kind, undefined, message);
  tree.hidden(MESSAGE, 0, 0, message);
  tree.generated(SEVERITY, SEVERITIES[severity], `Severity level: ${severity}`);
  tree.generated(GROUP, GROUPS[group], `Group: ${group}`);
  tree.close();
}
