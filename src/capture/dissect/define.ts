import type { FieldDefinition, FieldType } from "./field.ts";

type More = Omit<FieldDefinition, "name" | "label" | "type">;

/** Short ways to write down what a protocol's fields are. */
export const define = {
  protocol: (name: string, label: string): FieldDefinition => ({ name, label, type: "protocol" }),
  none: (name: string, label: string): FieldDefinition => ({ name, label, type: "none" }),
  field: (name: string, label: string, type: FieldType, more: More = {}): FieldDefinition => ({
    name,
    label,
    type,
    ...more,
  }),
  u8: (name: string, label: string, more: More = {}): FieldDefinition => ({
    name,
    label,
    type: "uint",
    width: 1,
    ...more,
  }),
  u16: (name: string, label: string, more: More = {}): FieldDefinition => ({
    name,
    label,
    type: "uint",
    width: 2,
    ...more,
  }),
  u24: (name: string, label: string, more: More = {}): FieldDefinition => ({
    name,
    label,
    type: "uint",
    width: 3,
    ...more,
  }),
  u32: (name: string, label: string, more: More = {}): FieldDefinition => ({
    name,
    label,
    type: "uint",
    width: 4,
    ...more,
  }),
  /** One bit, or some, of a number of so many octets. */
  flag: (name: string, label: string, width: number, mask: number, more: More = {}): FieldDefinition => ({
    name,
    label,
    type: "boolean",
    width,
    mask,
    truth: SET,
    ...more,
  }),
  bytes: (name: string, label: string): FieldDefinition => ({ name, label, type: "bytes" }),
  text: (name: string, label: string): FieldDefinition => ({ name, label, type: "string" }),
  ipv4: (name: string, label: string): FieldDefinition => ({ name, label, type: "ipv4" }),
  ether: (name: string, label: string): FieldDefinition => ({ name, label, type: "ether" }),
  frame: (name: string, label: string): FieldDefinition => ({ name, label, type: "frame" }),
  duration: (name: string, label: string): FieldDefinition => ({ name, label, type: "duration" }),
};

const SET = ["Set", "Not set"] as const;

/** The definitions of a protocol that is written down as an object of them. */
export const definitions = (fields: Readonly<Record<string, FieldDefinition>>): readonly FieldDefinition[] =>
  Object.values(fields);

/** What a checksum turned out to be: `0` to `3`. */
export const CHECKSUM_STATUS = { 0: "Bad", 1: "Good", 2: "Unverified", 3: "Not present", 4: "Illegal" } as const;

/** {@link CHECKSUM_STATUS}, whose number stands in exports only. */
export const checksumStatus = (name: string, label: string): FieldDefinition => ({
  name,
  label,
  type: "uint",
  width: 1,
  values: CHECKSUM_STATUS,
  named: true,
});
