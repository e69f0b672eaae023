import { isSame } from "../../../base/plain-data.ts";
import type { DocumentEdited, DocumentRead, NoDocument } from "../../../engine/document/tools.ts";
import type { DocumentCommand, DocumentProblem } from "../../../engine/protocol/document.ts";
import type { NetworkWritten } from "../../../engine/protocol/written.ts";
import type { Problem } from "../problem.ts";
import { readDocument } from "../read.ts";
import type { ReadOptions } from "../reading.ts";
import { applyChanges, inPlace } from "./apply.ts";
import { type Change, changed } from "./change.ts";
import { addDevice, rename, setDevice, setInterface, settings } from "./devices.ts";
import { paste } from "./fragment.ts";
import { addCable, addDoor, addProgram, setCable, setDoor, setFault, setLayout, setProgram } from "./parts.ts";
import { remove } from "./remove.ts";
import { done, type Outcome, type Situation } from "./situation.ts";

/** Reads a text as an editor needs it. */
export function readText(text: string, options: ReadOptions): DocumentRead | NoDocument {
  const { document, written: said, problems: found } = readDocument(text, options);
  const problems = found.map(told);
  if (document === undefined) return { problems };
  return { text, network: said as NetworkWritten, document, problems };
}

const told = ({ severity, line, column, message, hint }: Problem): DocumentProblem => ({
  code: "document",
  text: message,
  severity,
  line,
  column,
  ...(hint !== undefined && { hint }),
});

/**
 * Does commands on a document, one after the other, and reads what comes of it. What they do not touch of the text stays as it
 * stands.
 * @returns the document, or why it cannot be: a command that does not fit, or what would be wrong with the text
 */
export function editDocument(
  before: Pick<DocumentRead, "text" | "network">,
  commands: readonly DocumentCommand[],
  options: ReadOptions,
): DocumentEdited | NoDocument {
  // What was written in place nearly always says what was meant, and is read once, at the end.
  const quick = written(before, commands, options, inPlace);
  if ("problems" in quick) return quick;
  const read = readText(quick.text, options);
  if (read.document !== undefined && isSame(read.network, quick.network)) return { ...read, added: quick.added };
  const sure = written(before, commands, options, applyChanges);
  if ("problems" in sure) return sure;
  const anew = sure.text === quick.text ? read : readText(sure.text, options);
  if (anew.document !== undefined) return { ...anew, added: sure.added };
  if (commands.length > 1) return anew;
  return {
    problems: anew.problems.map((problem) => (problem.severity === "error" ? { ...problem, command: 0 } : problem)),
  };
}

type Write = (text: string, value: unknown, changes: readonly Change[]) => string;

/** What commands make of a document, unread. */
function written(
  before: Pick<DocumentRead, "text" | "network">,
  commands: readonly DocumentCommand[],
  { programs }: ReadOptions,
  write: Write,
): { readonly text: string; readonly network: NetworkWritten; readonly added: readonly string[] } | NoDocument {
  let { text, network } = before;
  const added: string[] = [];
  for (const [index, command] of commands.entries()) {
    const outcome = outcomeOf(command, { network, programs });
    if ("problem" in outcome) return { problems: [{ ...outcome.problem, severity: "error", command: index }] };
    const { changes } = outcome;
    if (changes.some(({ path }) => path.includes("__proto__"))) {
      const text = "__proto__ cannot be a name";
      return { problems: [{ code: "not-a-name", text, severity: "error", command: index }] };
    }
    if (changes.length > 0) text = write(text, network, changes);
    network = changed(network, changes) as NetworkWritten;
    added.push(...(outcome.added ?? []));
  }
  return { text, network, added: added.filter((name) => !Object.hasOwn(before.network.devices, name)) };
}

function outcomeOf(command: DocumentCommand, situation: Situation): Outcome {
  switch (command.do) {
    case "device.add":
      return addDevice(situation, command.name, command.device, command.at);
    case "device.rename":
      return rename(situation, command.name, command.to);
    case "device.set":
      return setDevice(situation, command.name, command.set);
    case "interface.set":
      return setInterface(situation, command.device, command.interface, command.set);
    case "layout.set":
      return setLayout(situation, command.positions);
    case "remove":
      return remove(situation, command.devices ?? [], command.cables ?? []);
    case "cable.add":
      return addCable(situation, command.cable);
    case "cable.set":
      return setCable(situation, command.cable, command.set, command.from);
    case "program.add":
      return addProgram(situation, command.host, command.program);
    case "program.set":
      return setProgram(situation, command.host, command.index, command.program);
    case "program.remove":
      return setProgram(situation, command.host, command.index);
    case "door.add":
      return addDoor(situation, command.name, command.door, command.at);
    case "door.set":
      return setDoor(situation, command.name, command.door);
    case "fault.add":
      return done([{ do: "append", path: ["faults"], value: command.fault }]);
    case "fault.set":
      return setFault(situation, command.index, command.fault);
    case "fault.remove":
      return setFault(situation, command.index);
    case "network.set":
      return done(settings([], situation.network, command.set));
    case "paste":
      return paste(situation, command.fragment, command.addresses, command.by);
  }
}
