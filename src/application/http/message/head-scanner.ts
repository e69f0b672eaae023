import type { FailureCode } from "./failures.ts";
import type { MessageLimits } from "./limits.ts";
import { ASCII_VALUE, CLASS, COLON, COMMA, CR, DIGIT, isBlank, LF, SP, TARGET, TOKEN, VALUE } from "./octets.ts";
import { CONTENT_LENGTH, HOST, type SpecialName, specialName } from "./special-names.ts";
import { isPlainHost } from "./target.ts";

/** What is read next. The numbers are in the order in which the parts come. */
const METHOD = 0;
const TARGET_PART = 1;
const REQUEST_VERSION = 2;
const RESPONSE_VERSION = 3;
const STATUS = 4;
const REASON = 5;
const START_LINE_LF = 6;
const LINE_START = 7;
const NAME = 8;
const BEFORE_VALUE = 9;
const VALUE_PART = 10;
const VALUE_LF = 11;
const LAST_LF = 12;
const DONE = 13;

/** `HTTP/d.d`, where d is any digit. */
const VERSION = "HTTP/0.0";

/**
 * Finds where the parts of a head, or of a trailer section, begin and end, octet by octet, and stops at the first that
 * may not stand where it does. All positions count from the first octet of the head, so that a head may be moved
 * between two pieces; it can stop at any octet and go on from there.
 */
export class HeadScanner {
  readonly #limits: MessageLimits;
  #state = DONE;
  /** Where the part that is being read began. */
  #partStart = 0;
  #fieldsStart = 0;
  #fieldsLength = 0;
  #fieldsLimit = 0;
  #foldable = false;
  #special: SpecialName = 0;

  failure: FailureCode | undefined = undefined;
  methodEnd = 0;
  targetEnd = 0;
  major = 1;
  minor = 1;
  status = 0;
  reasonStart = 0;
  reasonEnd = 0;
  /** Four positions for each field: of its name and its value. */
  marks: number[] = [];
  /** Positions of the line ends within folded values. */
  folds: number[] | undefined = undefined;
  /** Whether no octet is above 0x7F. */
  ascii = true;
  /** Whether the last Host is of letters, digits, hyphens and dots, with a port or none: then it needs no closer look. */
  plainHost = false;
  /** How many fields there are of each special name, and which is the last, counted from 0. */
  readonly counts: number[] = [0, 0, 0, 0, 0, 0, 0];
  readonly places: number[] = [0, 0, 0, 0, 0, 0, 0];
  #specials = 0;

  constructor(limits: MessageLimits) {
    this.#limits = limits;
  }

  get done(): boolean {
    return this.#state === DONE;
  }

  startRequest(): void {
    this.#start(METHOD, this.#limits.fieldsLength, this.#limits.fields);
    this.#foldable = false;
  }

  /** User agents have to take folded lines (RFC 9112 §5.2); servers need not. */
  startResponse(): void {
    this.#start(RESPONSE_VERSION, this.#limits.fieldsLength, this.#limits.fields);
    this.#foldable = true;
  }

  startTrailers(): void {
    this.#start(LINE_START, this.#limits.trailersLength, this.#limits.trailers);
    this.#foldable = false;
  }

  /** Keeps nothing of the last head. */
  forget(): void {
    this.marks = [];
    this.folds = undefined;
  }

  #start(state: number, length: number, fields: number): void {
    this.#state = state;
    this.#partStart = 0;
    this.#fieldsStart = 0;
    this.#fieldsLength = length;
    this.#fieldsLimit = fields * 4;
    this.failure = undefined;
    this.marks = [];
    this.folds = undefined;
    this.ascii = true;
    this.reasonStart = 0;
    this.reasonEnd = 0;
    if (this.#specials > 0) for (let i = 0; i < this.counts.length; i++) this.counts[i] = 0; // sooner than fill()
    this.#specials = 0;
  }

  /** Reads on at `pos` in a head that begins at `base`. Returns where it stopped: after the head, at a fault, or at `end`. */
  scan(bytes: Uint8Array, base: number, pos: number, end: number): number {
    if (this.#state <= TARGET_PART) pos = this.#scanTarget(bytes, base, pos, end);
    if (this.#state >= REQUEST_VERSION && this.#state <= START_LINE_LF) pos = this.#scanLine(bytes, base, pos, end);
    if (this.#state >= LINE_START && this.failure === undefined) pos = this.#scanFields(bytes, base, pos, end);
    return pos;
  }

  #fail(code: FailureCode, pos: number): number {
    this.failure = code;
    return pos;
  }

  /** Method and target of a request line (RFC 9112 §3). */
  #scanTarget(bytes: Uint8Array, base: number, pos: number, end: number): number {
    if (this.#state === METHOD) {
      const bound = Math.min(end, base + this.#limits.methodLength);
      while (pos < bound && (CLASS[bytes[pos]!]! & TOKEN) !== 0) pos++;
      if (pos === end) return pos;
      const octet = bytes[pos]!;
      if (octet !== SP || pos === base)
        return this.#fail((CLASS[octet]! & TOKEN) !== 0 ? "method-too-long" : "method", pos);
      this.methodEnd = pos - base;
      this.#state = TARGET_PART;
      pos++;
    }
    const start = base + this.methodEnd + 1;
    const bound = Math.min(end, start + this.#limits.targetLength);
    while (pos < bound && (CLASS[bytes[pos]!]! & TARGET) !== 0) pos++;
    if (pos === end) return pos;
    const octet = bytes[pos]!;
    if (octet === SP && pos > start) {
      this.targetEnd = pos - base;
      this.#state = REQUEST_VERSION;
      this.#partStart = pos + 1 - base;
      return pos + 1;
    }
    if ((CLASS[octet]! & TARGET) !== 0) return this.#fail("target-too-long", pos);
    return this.#fail(pos > start && (octet === CR || octet === LF) ? "version" : "target", pos); // HTTP/0.9
  }

  /** From the version on to the end of the start line. */
  #scanLine(bytes: Uint8Array, base: number, pos: number, end: number): number {
    // Almost always all of it is here, and right.
    if (
      pos === base + this.#partStart &&
      end - pos >= 10 &&
      this.#state === REQUEST_VERSION &&
      isVersion1(bytes, pos)
    ) {
      this.major = 1;
      this.minor = bytes[pos + 7]! - 0x30;
      this.#state = LINE_START;
      this.#fieldsStart = pos + 10 - base;
      return pos + 10;
    }
    for (; pos < end; pos++) {
      const octet = bytes[pos]!;
      switch (this.#state) {
        case REQUEST_VERSION:
        case RESPONSE_VERSION:
          if (!this.#takeVersion(octet, pos - base - this.#partStart))
            return this.#fail(octet === LF ? "bare-lf" : "version", pos);
          break;
        case STATUS:
          if (!this.#takeStatus(octet, pos - base)) return this.#fail(octet === LF ? "bare-lf" : "status", pos);
          break;
        case REASON:
          if (octet === CR) {
            this.reasonEnd = pos - base;
            this.#state = START_LINE_LF;
          } else if ((CLASS[octet]! & VALUE) === 0) {
            return this.#fail(octet === LF ? "bare-lf" : "reason", pos);
          } else if (pos - base - this.reasonStart >= this.#limits.reasonLength) {
            return this.#fail("reason-too-long", pos);
          }
          if (octet >= 0x80) this.ascii = false;
          break;
        default:
          if (octet !== LF) return this.#fail("bare-cr", pos);
          if (this.major !== 1) return this.#fail("version-unsupported", pos);
          this.#state = LINE_START;
          this.#fieldsStart = pos + 1 - base;
          return pos + 1;
      }
    }
    return pos;
  }

  /** HTTP-version and what follows it (RFC 9112 §2.3). The name has case. */
  #takeVersion(octet: number, index: number): boolean {
    if (index === 5 || index === 7) {
      if ((CLASS[octet]! & DIGIT) === 0) return false;
      if (index === 5) this.major = octet - 0x30;
      else this.minor = octet - 0x30;
      return true;
    }
    if (index < 8) return octet === VERSION.charCodeAt(index);
    if (this.#state === REQUEST_VERSION) {
      this.#state = START_LINE_LF;
      return octet === CR;
    }
    this.#state = STATUS;
    this.#partStart += 9;
    this.status = 0;
    return octet === SP;
  }

  /** Three digits and what follows: servers have to send the space even without a phrase, and some do not. */
  #takeStatus(octet: number, at: number): boolean {
    const index = at - this.#partStart;
    if (index < 3) {
      this.status = this.status * 10 + octet - 0x30;
      return (CLASS[octet]! & DIGIT) !== 0 && !(index === 0 && octet === 0x30);
    }
    this.reasonStart = at + 1;
    this.reasonEnd = at + 1;
    this.#state = octet === SP ? REASON : START_LINE_LF;
    return octet === SP || octet === CR;
  }

  /** Field lines up to the empty line after them (RFC 9112 §5). Each turn of the loop reads a line, or what is here of it. */
  #scanFields(bytes: Uint8Array, base: number, pos: number, end: number): number {
    const bound = Math.min(end, base + this.#fieldsStart + this.#fieldsLength);
    const table = CLASS;
    const marks = this.marks;
    let state = this.#state;
    while (pos < bound) {
      if (state === LINE_START) {
        const octet = bytes[pos]!;
        if ((table[octet]! & TOKEN) !== 0) {
          if (marks.length >= this.#fieldsLimit) return this.#fail("too-many-fields", pos);
          this.#partStart = pos - base;
          state = NAME;
        } else if (octet === CR) state = LAST_LF;
        else if (isBlank(octet) && this.#fold(pos - base)) state = VALUE_PART;
        else return this.#fail(lineFault(octet, marks.length === 0), pos);
        pos++;
      }
      if (state === NAME) {
        while (pos < bound && (table[bytes[pos]!]! & TOKEN) !== 0) pos++;
        if (pos === bound) break;
        if (bytes[pos] !== COLON) return this.#fail(nameFault(bytes[pos]!), pos);
        this.#special = specialName(bytes, base + this.#partStart, pos);
        marks.push(this.#partStart, pos - base);
        pos++;
        state = BEFORE_VALUE;
      }
      if (state === BEFORE_VALUE) {
        while (pos < bound && isBlank(bytes[pos]!)) pos++;
        if (pos === bound) break;
        this.#partStart = pos - base;
        marks.push(this.#partStart);
        state = VALUE_PART;
      }
      if (state === VALUE_PART) {
        while (pos < bound && (table[bytes[pos]!]! & ASCII_VALUE) !== 0) pos++;
        if (pos < bound && bytes[pos]! >= 0x80) pos = this.#skipObsText(bytes, pos, bound);
        if (pos === bound) break;
        if (bytes[pos] !== CR) return this.#fail(bytes[pos] === LF ? "bare-lf" : "field-value", pos);
        let last = pos;
        while (last > base + this.#partStart && isBlank(bytes[last - 1]!)) last--;
        marks.push(last - base);
        if (this.#special !== 0) this.#note(bytes, base + this.#partStart, last);
        if (this.failure !== undefined) return pos;
        pos++;
        state = VALUE_LF;
        if (pos === bound) break;
      }
      if (pos === bound) break;
      if (bytes[pos] !== LF) return this.#fail("bare-cr", pos);
      pos++;
      if (state === LAST_LF) {
        this.#state = DONE;
        return pos;
      }
      state = LINE_START;
    }
    this.#state = state;
    return pos < end ? this.#fail("fields-too-large", pos) : pos;
  }

  /** From the first octet of a value that is not ASCII. */
  #skipObsText(bytes: Uint8Array, pos: number, bound: number): number {
    this.ascii = false;
    while (pos < bound && (CLASS[bytes[pos]!]! & VALUE) !== 0) pos++;
    return pos;
  }

  /** Takes a line that begins with whitespace as more of the value before it, if that may be. */
  #fold(at: number): boolean {
    if (!this.#foldable || this.marks.length === 0) return false;
    this.folds ??= [];
    this.folds.push(at - 2);
    this.marks.pop();
    // The value is noted again at its new end.
    if (this.#special !== 0) this.counts[this.#special]!--;
    return true;
  }

  #note(bytes: Uint8Array, start: number, end: number): void {
    if (this.#special === HOST) this.plainHost = isPlainHost(bytes, start, end);
    this.#specials++;
    this.counts[this.#special]!++;
    this.places[this.#special] = this.marks.length / 4 - 1;
    // A folded value is not yet complete, and some responses have no use for theirs.
    if (this.#special === CONTENT_LENGTH && !this.#foldable) this.failure = lengthFault(bytes, start, end);
  }
}

/** Whether `HTTP/1.1` or `HTTP/1.0` and a line end stand there. */
function isVersion1(bytes: Uint8Array, pos: number): boolean {
  return (
    bytes[pos] === 0x48 &&
    bytes[pos + 1] === 0x54 &&
    bytes[pos + 2] === 0x54 &&
    bytes[pos + 3] === 0x50 &&
    bytes[pos + 4] === 0x2f &&
    bytes[pos + 5] === 0x31 &&
    bytes[pos + 6] === 0x2e &&
    (bytes[pos + 7] === 0x31 || bytes[pos + 7] === 0x30) &&
    bytes[pos + 8] === CR &&
    bytes[pos + 9] === LF
  );
}

/** A Content-Length that is wrong by itself is refused before the head ends (RFC 9112 §6.3). */
function lengthFault(bytes: Uint8Array, start: number, end: number): FailureCode | undefined {
  let length = 0;
  for (let pos = start; pos < end; pos++) {
    const octet = bytes[pos]!;
    if ((CLASS[octet]! & DIGIT) === 0) return octet === COMMA ? "content-length-twice" : "content-length";
    length = length * 10 + octet - 0x30;
  }
  if (start === end) return "content-length";
  return length > Number.MAX_SAFE_INTEGER ? "content-too-large" : undefined;
}

function lineFault(octet: number, first: boolean): FailureCode {
  if (isBlank(octet)) return first ? "space-before-fields" : "folded-line";
  return octet === LF ? "bare-lf" : "field-name";
}

const nameFault = (octet: number): FailureCode =>
  isBlank(octet) ? "space-before-colon" : octet === LF ? "bare-lf" : "field-name";
