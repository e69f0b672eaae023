import type { Field } from "../dissect/field.ts";
import { escaped, showOf } from "../dissect/field-text.ts";
import { curlOf } from "./curl.ts";
import type { PacketView } from "./packet-view.ts";

export type CopyForm = "hex" | "text" | "json" | "curl";

/**
 * A packet as text: its bytes as a hexadecimal dump, its tree line by line, its fields as JSON, or the HTTP request in it as a command
 * of curl.
 * @returns undefined for what is not kept any more, and for `curl` when there is no request in it
 */
export function copyOf(view: PacketView, event: number, form: CopyForm): string | undefined {
  const number = view.numberOf(event);
  if (number < 1 || !view.frames.log.has(view.frames.event(number))) return undefined;
  const dissection = view.dissection.dissect(number);
  if (form === "hex") return hexDump(dissection.sources[0]?.bytes ?? new Uint8Array(0));
  if (form === "text") return `${dissection.layers.map((layer) => lines(layer, "")).join("\n")}`;
  if (form === "json") return JSON.stringify({ number, layers: asJson(dissection.layers) }, undefined, 2);
  return curlOf(dissection);
}

/** `0000  02 00 00 …  ........` in rows of sixteen, as Wireshark reads it again. */
export function hexDump(bytes: Uint8Array): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const octets = Array.from(row, (octet) => octet.toString(16).padStart(2, "0")).join(" ");
    const letters = Array.from(row, (octet) => (octet > 31 && octet < 127 ? String.fromCharCode(octet) : ".")).join("");
    rows.push(`${at.toString(16).padStart(4, "0")}  ${octets.padEnd(47)}  ${letters}`);
  }
  return rows.join("\n");
}

function lines({ text, children, hidden }: Field, indent: string): string {
  if (hidden) return "";
  return [
    // What is copied may be pasted into a terminal.
    `${indent}${escaped(text)}`,
    ...children.map((child) => lines(child, `${indent}    `)).filter((line) => line !== ""),
  ].join("\n");
}

type Json = string | { [name: string]: Json } | Json[];

/** Fields by their names, those with children under the name and `_tree`, as tshark's JSON has them; what comes again makes a list. */
function asJson(fields: readonly Field[]): { [name: string]: Json } {
  // Without a prototype, for a line of text may be called like one of its members.
  const all: { [name: string]: Json } = Object.create(null);
  const put = (name: string, value: Json): void => {
    const before = all[name];
    if (before === undefined) all[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else all[name] = [before, value];
  };
  for (const field of fields) {
    const { definition, value, children, hidden, text } = field;
    if (hidden) continue;
    const name = definition.name || text;
    const isPart = definition.type === "protocol" || definition.type === "none";
    if (!isPart || children.length === 0) put(name, value === undefined ? text : showOf(definition, value));
    if (children.length > 0) put(isPart ? name : `${name}_tree`, asJson(children));
  }
  return all;
}
