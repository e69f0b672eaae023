import { type FunctionType, type Meters, meterFunction } from "./metered-function.ts";
import { WasmReader } from "./wasm-reader.ts";
import { leb, WasmWriter } from "./wasm-writer.ts";

/** The names under which a metered module exports what is left: mutable i32s, both 2^31 − 1 at first. */
export const FUEL_EXPORT = "fuel";
export const STACK_EXPORT = "stack";
/** The name under which it exports its table of functions, whose last place is free. */
export const TABLE_EXPORT = "functions";

const [TYPES, IMPORTS, FUNCTIONS, TABLES, GLOBALS, EXPORTS, CODE] = [1, 2, 3, 4, 6, 7, 10];
const [FUNCTION, TABLE, GLOBAL] = [0, 1, 3];
/** A mutable i32 that is 2^31 − 1. */
const COUNTER = [0x7f, 0x01, 0x41, 0xff, 0xff, 0xff, 0xff, 0x07, 0x0b];
const HEADER_LENGTH = 8;

/**
 * Meters a WebAssembly module: each turn of a loop and each few bytes that are copied take from its fuel, each call takes from its
 * stack until it returns, and without any it traps. So nothing in it runs for ever, whatever C code that never looks up it is
 * in, and where it stops depends neither on how fast the machine is nor on how deep its stack.
 * @throws RangeError for a module that has what is not known here
 */
export function metered(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const sections = sectionsOf(bytes);
  const globals = importedGlobals(bytes, sections) + countOf(bytes, sections, GLOBALS);
  const meters: Meters = { fuel: globals, stack: globals + 1 };
  const functions = functionTypes(bytes, sections);
  const hasTable = sections.some(({ id }) => id === TABLES);
  const written = new WasmWriter();
  written.bytes(bytes.subarray(0, HEADER_LENGTH));
  for (const { id, start, end } of sections) {
    const body = new WasmWriter();
    if (id === GLOBALS) extend(body, bytes, start, end, [COUNTER, COUNTER]);
    else if (id === EXPORTS) {
      const { fuel, stack } = meters;
      const counters = [exportOf(FUEL_EXPORT, GLOBAL, fuel), exportOf(STACK_EXPORT, GLOBAL, stack)];
      extend(body, bytes, start, end, hasTable ? [...counters, exportOf(TABLE_EXPORT, TABLE, 0)] : counters);
    } else if (id === TABLES) enlargeTable(body, new WasmReader(bytes, start, end));
    else if (id === CODE) meterCode(body, new WasmReader(bytes, start, end), functions, meters);
    else body.bytes(bytes.subarray(start, end));
    written.bytes([id]);
    written.block(body);
  }
  return written.finish();
}

interface Section {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

function sectionsOf(bytes: Uint8Array): Section[] {
  const reader = new WasmReader(bytes, HEADER_LENGTH);
  const sections: Section[] = [];
  while (!reader.done) {
    const id = reader.byte();
    const length = reader.u32();
    sections.push({ id, start: reader.at, end: reader.at + length });
    reader.skip(length);
  }
  return sections;
}

/** @throws RangeError when there is none: what is metered has all of them that are asked for */
function readerOf(bytes: Uint8Array, sections: readonly Section[], wanted: number): WasmReader {
  const section = sections.find(({ id }) => id === wanted);
  if (section === undefined) throw new RangeError(`the WebAssembly module has no section ${wanted}`);
  return new WasmReader(bytes, section.start, section.end);
}

const countOf = (bytes: Uint8Array, sections: readonly Section[], id: number): number =>
  readerOf(bytes, sections, id).u32();

function importedGlobals(bytes: Uint8Array, sections: readonly Section[]): number {
  const reader = readerOf(bytes, sections, IMPORTS);
  let count = 0;
  reader.skipItems(() => {
    reader.skip(reader.u32());
    reader.skip(reader.u32());
    const kind = reader.byte();
    if (kind === GLOBAL) count++;
    if (kind === FUNCTION) reader.u32();
    else if (kind === GLOBAL) reader.skip(2);
    else skipLimits(reader, kind === TABLE);
  });
  return count;
}

/** Of a table, after the kind of its references, or of a memory. */
function skipLimits(reader: WasmReader, isTable: boolean): void {
  if (isTable) reader.skip(1);
  const hasMaximum = (reader.byte() & 1) === 1;
  reader.u32();
  if (hasMaximum) reader.u32();
}

/** Of the functions that have code, in their order. */
function functionTypes(bytes: Uint8Array, sections: readonly Section[]): FunctionType[] {
  const reader = readerOf(bytes, sections, TYPES);
  const types: FunctionType[] = [];
  reader.skipItems(() => {
    reader.skip(1);
    const parameters = reader.u32();
    reader.skip(parameters);
    const results = reader.u32();
    types.push({ parameters, results: [...bytes.subarray(reader.at, reader.at + results)] });
    reader.skip(results);
  });
  const functions: FunctionType[] = [];
  const indices = readerOf(bytes, sections, FUNCTIONS);
  indices.skipItems(() => functions.push(types[indices.u32()] as FunctionType));
  return functions;
}

/** A vector with more items at its end. */
function extend(written: WasmWriter, bytes: Uint8Array, start: number, end: number, items: readonly number[][]): void {
  const reader = new WasmReader(bytes, start, end);
  written.number(reader.u32() + items.length);
  written.bytes(bytes.subarray(reader.at, end));
  for (const item of items) written.bytes(item);
}

function exportOf(text: string, kind: number, index: number): number[] {
  const name = [...new TextEncoder().encode(text)];
  return [name.length, ...name, kind, ...leb(index)];
}

/** One more place at the end of the only table. */
function enlargeTable(written: WasmWriter, reader: WasmReader): void {
  if (reader.u32() !== 1) throw new RangeError("the WebAssembly module has several tables");
  written.bytes([1, reader.byte()]);
  const limits = reader.byte();
  written.bytes([limits]);
  written.number(reader.u32() + 1);
  if ((limits & 1) === 1) written.number(reader.u32() + 1);
}

function meterCode(written: WasmWriter, reader: WasmReader, functions: readonly FunctionType[], meters: Meters): void {
  written.number(reader.u32());
  for (const type of functions) {
    const length = reader.u32();
    written.block(meterFunction(reader.bytes, reader.at, reader.at + length, type, meters));
    reader.skip(length);
  }
}
