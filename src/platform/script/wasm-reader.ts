/** unreachable, nop, else, end, return, drop, select, ref.is_null: nothing stands behind them. */
const ALONE: ReadonlySet<number> = new Set([0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b, 0xd1]);
const [BR_TABLE, CALL_INDIRECT, SELECT_TYPED, F32_CONST, F64_CONST] = [0x0e, 0x11, 0x1c, 0x43, 0x44];

/** Reads the binary format of WebAssembly modules (WebAssembly core specification, chapter 5). */
export class WasmReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined || this.at > this.end) throw new RangeError("the WebAssembly module ends too soon");
    return byte;
  }

  /** LEB128 of up to 32 bits (§5.2.2). */
  u32(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  /** Passes a LEB128 number of any length. */
  skipNumber(): void {
    while (this.byte() >= 0x80);
  }

  skip(length: number): void {
    this.at += length;
    if (this.at > this.end) throw new RangeError("the WebAssembly module ends too soon");
  }

  /** Passes a vector whose items are passed by a function. */
  skipItems(item: () => void): void {
    for (let count = this.u32(); count > 0; count--) item();
  }

  /** Passes one instruction (§5.4), but for what stands inside a block. @returns its opcode, with 0xfc00 for prefixed ones */
  instruction(): number {
    const opcode = this.byte();
    if (opcode === 0xfc) return 0xfc00 + this.#prefixed();
    if (opcode >= 0x28 && opcode <= 0x3e) this.#numbers(2);
    else if (opcode >= 0x45 && opcode <= 0xc4) return opcode;
    else this.#immediates(opcode);
    return opcode;
  }

  #immediates(opcode: number): void {
    const isBlock = opcode >= 0x02 && opcode <= 0x04;
    const isBranchOrCall = opcode === 0x0c || opcode === 0x0d || opcode === 0x10;
    const isVariable = opcode >= 0x20 && opcode <= 0x26;
    const isMemoryOrConstant = opcode >= 0x3f && opcode <= 0x42;
    const isReference = opcode === 0xd0 || opcode === 0xd2;
    if (ALONE.has(opcode)) return;
    if (isBlock || isBranchOrCall || isVariable || isMemoryOrConstant || isReference) this.skipNumber();
    else if (opcode === CALL_INDIRECT) this.#numbers(2);
    else if (opcode === F32_CONST) this.skip(4);
    else if (opcode === F64_CONST) this.skip(8);
    else if (opcode === BR_TABLE || opcode === SELECT_TYPED) {
      this.skipItems(() => this.skipNumber());
      if (opcode === BR_TABLE) this.skipNumber();
    } else throw unknown(opcode);
  }

  /** Saturating truncation, and memory and tables in bulk (§5.4.6, §5.4.7). */
  #prefixed(): number {
    const opcode = this.u32();
    if (opcode > 17) throw unknown(0xfc00 + opcode);
    const hasTwo = opcode === 8 || opcode === 10 || opcode === 12 || opcode === 14;
    if (opcode >= 8) this.#numbers(hasTwo ? 2 : 1);
    return opcode;
  }

  #numbers(count: number): void {
    for (; count > 0; count--) this.skipNumber();
  }
}

const unknown = (opcode: number): RangeError =>
  new RangeError(`the WebAssembly module has an instruction that is not known: 0x${opcode.toString(16)}`);
