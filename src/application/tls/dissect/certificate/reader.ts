import { decodeLatin1 } from "../../../../base/latin1.ts";
import type { TreeBuilder } from "../../../../capture/dissect/dissector.ts";
import type { FieldDefinition, FieldValue } from "../../../../capture/dissect/field.ts";
import { BYTES_SHOWN, hexOf } from "../../../../capture/dissect/field-text.ts";
import { type Element, elementsIn, integerOf, oidOf } from "./der.ts";
import { namedOid } from "./oids.ts";

/** Elements of a certificate, and the tree in which they are shown. */
export class CertificateReader {
  readonly bytes: Uint8Array;
  readonly tree: TreeBuilder;

  constructor(bytes: Uint8Array, tree: TreeBuilder) {
    this.bytes = bytes;
    this.tree = tree;
  }

  /** The elements in another's content. */
  in(element: Pick<Element, "content" | "end">): Element[] {
    return elementsIn(this.bytes, element);
  }

  contentOf({ content, end }: Element): Uint8Array {
    return this.bytes.subarray(content, end);
  }

  textOf({ content, end }: Element): string {
    return decodeLatin1(this.bytes, content, end);
  }

  /** Shows an element's content. */
  add(definition: FieldDefinition, element: Element, value: FieldValue, text?: string): void {
    this.tree.add(definition, element.content, element.end - element.content, value, text);
  }

  addBytes(definition: FieldDefinition, element: Element): void {
    this.add(definition, element, this.contentOf(element));
  }

  /** Shows an integer of many octets: `serialNumber: 0x6b3f…` */
  addInteger(definition: FieldDefinition, element: Element): void {
    const bytes = this.contentOf(element);
    const shown = hexOf(bytes.subarray(0, BYTES_SHOWN)) + (bytes.length > BYTES_SHOWN ? "…" : "");
    this.add(definition, element, bytes, `${definition.label}: 0x${shown}`);
  }

  addNumber(definition: FieldDefinition, element: Element): void {
    this.add(definition, element, integerOf(this.bytes, element));
  }

  addText(definition: FieldDefinition, element: Element): void {
    this.add(definition, element, this.textOf(element));
  }

  addOid(definition: FieldDefinition, element: Element): string {
    const oid = oidOf(this.bytes, element);
    this.add(definition, element, oid, `${definition.label}: ${namedOid(oid)}`);
    return oid;
  }

  /** Opens a part over an element with its tag and length. */
  open(definition: FieldDefinition, element: Element, value?: FieldValue, text?: string): void {
    this.tree.open(definition, element.start, element.end - element.start, value, text);
  }

  /** Opens a part over an element's content that counts what is in it: `"extensions: 6 items"`. */
  openCount(definition: FieldDefinition, element: Element, count: number, about = ""): void {
    const text = `${definition.label}: ${count} item${count === 1 ? "" : "s"}${about}`;
    this.tree.open(definition, element.content, element.end - element.content, count, text);
  }

  close(): void {
    this.tree.close();
  }
}
