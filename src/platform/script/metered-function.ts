import { WasmReader } from "./wasm-reader.ts";
import { leb, signedLeb, WasmWriter } from "./wasm-writer.ts";

/** Bytes that one unit of fuel copies or fills: an instruction may do as much as a long loop. */
const BYTES_PER_FUEL_SHIFT = 5;
/** What a call takes of the stack beside what its parameters and locals do, and what one of those does. */
const FRAME_BYTES = 96;
const LOCAL_BYTES = 8;

const I32 = 0x7f;
const NOTHING = 0x40;
const [BLOCK, LOOP, IF, END, BR, RETURN, CALL, CALL_INDIRECT] = [0x02, 0x03, 0x04, 0x0b, 0x0c, 0x0f, 0x10, 0x11];
const [MEMORY_COPY, MEMORY_FILL] = [0xfc0a, 0xfc0b];
const [LOCAL_GET, LOCAL_TEE, GLOBAL_GET, GLOBAL_SET] = [0x20, 0x22, 0x23, 0x24];
const [I32_CONST, I32_LESS, I32_ADD, I32_SUB, I32_SHIFT] = [0x41, 0x48, 0x6a, 0x6b, 0x76];
const UNREACHABLE = 0x00;

/** The numbers of the globals that have what is left. */
export interface Meters {
  readonly fuel: number;
  readonly stack: number;
}

export interface FunctionType {
  readonly parameters: number;
  readonly results: readonly number[];
}

/**
 * Writes a function's body anew, so that it traps when fuel or stack run out.
 * @param start of the body: its locals, then its code
 */
export function meterFunction(
  bytes: Uint8Array,
  start: number,
  end: number,
  type: FunctionType,
  meters: Meters,
): WasmWriter {
  const written = new WasmWriter();
  const reader = new WasmReader(bytes, start, end);
  const groups = reader.u32();
  let locals = type.parameters;
  for (let group = 0; group < groups; group++) {
    locals += reader.u32();
    reader.byte();
  }
  const code = reader.at;
  // One more local, for how much an instruction copies.
  const scratch = locals;
  written.number(groups + 1);
  written.bytes(bytes.subarray(start + leb(groups).length, code));
  written.bytes([1, I32]);
  const calls = hasCalls(bytes, code, end);
  const frame = signedLeb(FRAME_BYTES + LOCAL_BYTES * locals);
  if (calls) {
    written.bytes(taken(meters.stack, [I32_CONST, ...frame]));
    written.bytes([BLOCK, blockType(type)]);
  }
  meterCode(written, reader, { fuel: meters.fuel, scratch, calls });
  if (calls) {
    const { stack } = meters;
    written.bytes([GLOBAL_GET, ...leb(stack), I32_CONST, ...frame, I32_ADD, GLOBAL_SET, ...leb(stack), END]);
  }
  return written;
}

function hasCalls(bytes: Uint8Array, start: number, end: number): boolean {
  const reader = new WasmReader(bytes, start, end);
  while (!reader.done) {
    const opcode = reader.instruction();
    if (opcode === CALL || opcode === CALL_INDIRECT) return true;
  }
  return false;
}

interface CodeOptions {
  readonly fuel: number;
  readonly scratch: number;
  /** Whether the code stands in a block of its own, which a return has to leave. */
  readonly calls: boolean;
}

function meterCode(written: WasmWriter, reader: WasmReader, { fuel, scratch, calls }: CodeOptions): void {
  const { bytes, end } = reader;
  const turn = taken(fuel, [I32_CONST, 1]);
  const bulk = taken(fuel, [LOCAL_GET, ...leb(scratch), I32_CONST, BYTES_PER_FUEL_SHIFT, I32_SHIFT]);
  let copied = reader.at;
  let depth = 0;
  const copyTo = (at: number): void => {
    written.bytes(bytes.subarray(copied, at));
    copied = at;
  };
  while (!reader.done) {
    const { at } = reader;
    const opcode = reader.instruction();
    if (opcode === BLOCK || opcode === LOOP || opcode === IF) depth++;
    if (opcode === END) depth--;
    if (opcode === LOOP) {
      copyTo(reader.at);
      written.bytes(turn);
    } else if (opcode === MEMORY_COPY || opcode === MEMORY_FILL) {
      copyTo(at);
      written.bytes([LOCAL_TEE, ...leb(scratch), ...bulk]);
    } else if (opcode === RETURN && calls) {
      copyTo(at);
      written.bytes([BR, ...leb(depth)]);
      copied = reader.at;
    }
  }
  copyTo(end);
}

function blockType({ results }: FunctionType): number {
  if (results.length > 1) throw new RangeError("the WebAssembly module has a function with several results");
  return results[0] ?? NOTHING;
}

/** `global -= amount; if (global < 0) unreachable`, which leaves the stack of operands as it was. */
function taken(global: number, amount: readonly number[]): readonly number[] {
  const get = [GLOBAL_GET, ...leb(global)];
  const set = [GLOBAL_SET, ...leb(global)];
  return [...get, ...amount, I32_SUB, ...set, ...get, I32_CONST, 0, I32_LESS, IF, NOTHING, UNREACHABLE, END];
}
