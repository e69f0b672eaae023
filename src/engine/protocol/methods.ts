import type { DocumentAnswer, DocumentCheck, DocumentCommand, DocumentState, ExampleInfo } from "./document.ts";
import type {
  ConversationInfo,
  FilterCheck,
  FollowedStream,
  PacketDetail,
  PacketRow,
  SequenceDiagram,
  Vantage,
  ViewState,
} from "./packets.ts";
import type { Crossing } from "./traffic.ts";
import type { Fragment } from "./written.ts";

type Nothing = Readonly<Record<string, never>>;

/** Every request: what it takes and what it gives. */
export interface Methods {
  /** Lets time go on from where it is. */
  readonly "time.play": { readonly params: Nothing; readonly result: Nothing };
  readonly "time.pause": { readonly params: Nothing; readonly result: Nothing };
  readonly "time.speed": { readonly params: { readonly speed: number | "max" }; readonly result: Nothing };
  /** The speed at which the shortest delay of a cable with traffic takes 600 ms. */
  readonly "time.slowMotion": { readonly params: Nothing; readonly result: { readonly speed: number } };
  /** One event; pauses first. @property done whether there was one */
  readonly "time.step": { readonly params: Nothing; readonly result: { readonly done: boolean } };
  /** Until the next frame leaves or dies somewhere; pauses first. @property event what was seen */
  readonly "time.stepPacket": { readonly params: Nothing; readonly result: { readonly event?: number } };
  /** Runs unpaced to a time that is to come, and pauses there. Answered when it is reached or interrupted. */
  readonly "time.runUntil": { readonly params: { readonly at: number }; readonly result: { readonly now: number } };
  /** Ends what runs unpaced: a run to a time, a rewind. */
  readonly "time.interrupt": { readonly params: Nothing; readonly result: Nothing };
  /** Goes back to a time of this branch, or another's, on a fresh network; outside connections are reset. It is paused there. */
  readonly "time.branch": {
    readonly params: { readonly at: number; readonly branch?: number };
    readonly result: { readonly branch: number };
  };

  /** How everything stands now. In it null is a number without end, such as the rate of a cable that has none. */
  readonly snapshot: { readonly params: Nothing; readonly result: { readonly snapshot: unknown } };

  /** Whether to push traffic, and at most how many crossings each time; with `flows`, between which endpoints each goes. */
  readonly "traffic.watch": {
    readonly params: { readonly crossings: number; readonly flows?: boolean };
    readonly result: Nothing;
  };
  /** What was on its way in a time that is past, for looking back. */
  readonly "traffic.range": {
    readonly params: { readonly from: number; readonly to: number; readonly limit: number; readonly flows?: boolean };
    readonly result: { readonly crossings: readonly Crossing[]; readonly more: number };
  };
  /** How many events each of so many equal slices of a time had: for the time line. */
  readonly "traffic.histogram": {
    readonly params: { readonly from: number; readonly to: number; readonly slices: number };
    readonly result: { readonly frames: readonly number[]; readonly drops: readonly number[] };
  };

  /** Opens a list. It is answered at once, and grows by pushes. A watcher may have 8. */
  readonly "packets.open": {
    readonly params: { readonly vantage: Vantage; readonly filter: string };
    readonly result: ViewState;
  };
  /** Another filter, or none. */
  readonly "packets.filter": {
    readonly params: { readonly view: number; readonly filter: string };
    readonly result: ViewState;
  };
  readonly "packets.close": { readonly params: { readonly view: number }; readonly result: Nothing };
  /** @param from an index among the matched @param count at most 500 */
  readonly "packets.rows": {
    readonly params: { readonly view: number; readonly from: number; readonly count: number };
    readonly result: { readonly from: number; readonly rows: readonly PacketRow[] };
  };
  /** Which row of the view shows an event, or the first one after a time. −1 for none. */
  readonly "packets.locate": {
    readonly params: { readonly view: number; readonly event?: number; readonly time?: number };
    readonly result: { readonly index: number };
  };
  /** The next row that a filter, a text of the row, or bytes (hexadecimal) are found in. */
  readonly "packets.find": {
    readonly params: {
      readonly view: number;
      readonly from: number;
      readonly backwards: boolean;
      readonly by: "filter" | "text" | "hex";
      readonly what: string;
    };
    readonly result: { readonly index: number };
  };
  readonly "packets.detail": {
    readonly params: { readonly view: number; readonly event: number };
    readonly result: PacketDetail;
  };
  readonly "packets.conversations": {
    readonly params: { readonly view: number };
    readonly result: { readonly conversations: readonly ConversationInfo[] };
  };
  /**
   * All that one side said to the other, and back, of the conversation that an event is of. Where TLS was deciphered it is what was said
   * in it, unless the bytes of TCP are asked for.
   */
  readonly "packets.follow": {
    readonly params: { readonly view: number; readonly event: number; readonly layer?: "tls" | "tcp" };
    readonly result: FollowedStream;
  };
  readonly "packets.sequence": {
    readonly params: { readonly view: number; readonly event: number };
    readonly result: SequenceDiagram;
  };
  /** A piece of a pcapng of the view's rows, or of all events: from the beginning, and on by `next`. */
  readonly "packets.export": {
    readonly params: { readonly view?: number; readonly next?: string };
    readonly result: { readonly bytes: string; readonly next?: string };
  };
  /** Copies a packet in a form of text. */
  readonly "packets.copy": {
    readonly params: { readonly view: number; readonly event: number; readonly as: "hex" | "text" | "json" | "curl" };
    readonly result: { readonly text: string };
  };

  readonly "filter.check": { readonly params: { readonly filter: string }; readonly result: FilterCheck };
  /** Names that may stand where the text ends. */
  readonly "filter.complete": {
    readonly params: { readonly filter: string; readonly at: number };
    readonly result: {
      readonly from: number;
      readonly candidates: readonly { readonly name: string; readonly label: string; readonly type: string }[];
    };
  };

  /** Opens a shell on a host. What is typed is an input, so that a replay types it again. */
  readonly "terminal.open": {
    readonly params: { readonly host: string; readonly columns: number; readonly rows: number };
    readonly result: { readonly terminal: number };
  };
  /** @param text as an xterm sends it: letters, and control sequences for keys */
  readonly "terminal.input": {
    readonly params: { readonly terminal: number; readonly text: string };
    readonly result: Nothing;
  };
  readonly "terminal.resize": {
    readonly params: { readonly terminal: number; readonly columns: number; readonly rows: number };
    readonly result: Nothing;
  };
  readonly "terminal.close": { readonly params: { readonly terminal: number }; readonly result: Nothing };
  /** The terminals that are open, with what stands on them: for a watcher who comes later or again. */
  readonly "terminal.list": {
    readonly params: Nothing;
    readonly result: { readonly terminals: readonly OpenTerminal[] };
  };

  /** The document as it is. From then on the watcher is pushed it when it has changed. */
  readonly "document.get": { readonly params: Nothing; readonly result: DocumentState };
  /**
   * Does commands one after the other, all or none, as one step that can be undone; the network that runs changes with it. What
   * cannot change while it runs (seed, date at the beginning) is refused as `begins-anew`, unless that is wanted.
   * @property version the one that was seen; another is refused as `document-version`
   */
  readonly "document.edit": {
    readonly params: {
      readonly version: number;
      readonly commands: readonly DocumentCommand[];
      readonly anew?: boolean;
    };
    readonly result: DocumentAnswer;
  };
  /** The whole text anew, as a step. */
  readonly "document.replace": {
    readonly params: { readonly version: number; readonly text: string; readonly anew?: boolean };
    readonly result: DocumentAnswer;
  };
  /** Refused as `nothing-to-undo` and `nothing-to-redo` where there is nothing. */
  readonly "document.undo": {
    readonly params: { readonly version: number; readonly anew?: boolean };
    readonly result: DocumentAnswer;
  };
  readonly "document.redo": {
    readonly params: { readonly version: number; readonly anew?: boolean };
    readonly result: DocumentAnswer;
  };
  /** Says what a text would be as a document, and does nothing. */
  readonly "document.check": { readonly params: { readonly text: string }; readonly result: DocumentCheck };
  /** Says that the document of that version is kept somewhere. */
  readonly "document.saved": { readonly params: { readonly version: number }; readonly result: Nothing };
  /** Copies devices, and the cables between them. */
  readonly "document.copy": {
    readonly params: { readonly devices: readonly string[] };
    readonly result: { readonly fragment: Fragment };
  };
  /**
   * Runs another network in place of this one, from its beginning: of a text, or of an example by its name. It asks for nothing, and
   * what was done cannot be undone.
   * @property play whether time goes on; it stands unless told
   */
  readonly "document.open": {
    readonly params: {
      readonly text?: string;
      readonly file?: string;
      readonly example?: string;
      readonly play?: boolean;
    };
    readonly result: DocumentAnswer;
  };
  readonly "document.examples": {
    readonly params: Nothing;
    readonly result: { readonly examples: readonly ExampleInfo[] };
  };

  /**
   * Runs a script on a host: the text of an ES module in TypeScript or JavaScript. It is an input, so that a replay runs it again,
   * and begins when time goes on. @param name as its log and errors name it: `"time-server.ts"`
   */
  readonly "program.run": {
    readonly params: { readonly host: string; readonly name: string; readonly source: string };
    readonly result: { readonly run: number };
  };
  /** Asks any program to stop, by its name in the network: `"pc1/time-server.ts"`. */
  readonly "program.stop": { readonly params: { readonly program: string }; readonly result: Nothing };
  /** The programs that a document can name. */
  readonly "program.kinds": { readonly params: Nothing; readonly result: { readonly kinds: readonly ProgramKind[] } };
  /** The last hundred of those that were started by `program.run`, once they have begun. */
  readonly "program.list": { readonly params: Nothing; readonly result: { readonly programs: readonly ProgramInfo[] } };

  /**
   * Does something to a frame that is on its way over a cable, at once: it is lost, arrives twice, or is held back so that others pass.
   * One that has arrived or was lost already is refused as `not-under-way`.
   * @property event that of its leaving @property by for how long it is held back, in nanoseconds
   */
  readonly "packet.fault": {
    readonly params: { readonly event: number; readonly do: "drop" | "duplicate" | "delay"; readonly by?: number };
    readonly result: Nothing;
  };

  /** Lines that programs have logged, from a number on. */
  readonly "log.lines": {
    readonly params: { readonly from: number; readonly count: number };
    readonly result: { readonly from: number; readonly lines: readonly LogEntry[] };
  };
}

export type Method = keyof Methods;

export interface OpenTerminal {
  readonly terminal: number;
  readonly host: string;
  /** What shows all that stands on it on an empty terminal. */
  readonly shown: string;
}

export interface ProgramInfo {
  /** What `program.run` answered. */
  readonly run: number;
  /** Its name in the network, as lines of the log have it. */
  readonly name: string;
  readonly host: string;
  readonly program: string;
  readonly state: "waiting" | "running" | "done" | "failed" | "stopped" | "killed";
}

export interface LogEntry {
  readonly n: number;
  readonly at: number;
  readonly host: string;
  readonly program: string;
  /** The program's name in the network, such as `"pc1/time-server.ts#2"`; none of a published port. */
  readonly run?: string;
  readonly code: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A program that a document can name, and what it takes. */
export interface ProgramKind {
  readonly name: string;
  /** One line for people. */
  readonly summary: string;
  readonly parameters: readonly {
    readonly name: string;
    /** As `ParameterSpec` of programs has it: `"port"`, `"endpoint"`, `"duration"`, … */
    readonly type: string;
    readonly summary: string;
    /** As a document writes it; without it the parameter has to be given. */
    readonly default?: unknown;
  }[];
}
