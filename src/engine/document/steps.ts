import type { DocumentCommand, DocumentStep, ExampleInfo } from "../protocol/document.ts";
import type { DocumentRead, NoDocument } from "./tools.ts";

/** Names of a step that are told. */
const NAMES_TOLD = 3;
/** Letters of what is said about an example. */
const ABOUT_LIMIT = 600;

/** What people are told of commands that can be undone together. */
export function stepOf(commands: readonly DocumentCommand[]): DocumentStep {
  const names = new Set(commands.flatMap(namesOf));
  return { what: commands[0]?.do ?? "replace", commands: commands.length, names: [...names].slice(0, NAMES_TOLD) };
}

function namesOf(command: DocumentCommand): readonly string[] {
  switch (command.do) {
    case "remove":
      return command.devices ?? [];
    case "cable.add":
      return command.cable.between;
    case "layout.set":
      return Object.keys(command.positions);
    case "interface.set":
      return [`${command.device}.${command.interface}`];
    case "paste":
      return Object.keys(command.fragment.devices);
    case "program.add":
    case "program.set":
    case "program.remove":
      return [command.host];
    default:
      return "name" in command ? [command.name] : [];
  }
}

/** What an example is, by its own words: those of the comment at its beginning. */
export function exampleInfo(name: string, text: string, read: DocumentRead | NoDocument): ExampleInfo {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("#"));
  const comment = lines.slice(0, Math.max(0, end)).map((line) => line.replace(/^# ?/, ""));
  const about = comment.filter((line) => !line.startsWith("yaml-language-server:")).join("\n");
  const title = read.document === undefined ? "" : read.document.name;
  return { name, title: title || name, about: about.trim().slice(0, ABOUT_LIMIT) };
}
