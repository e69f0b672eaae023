import type { NetworkDocument } from "../../network/document.ts";
import type { DocumentCommand, DocumentProblem } from "../protocol/document.ts";
import type { Fragment, NetworkWritten } from "../protocol/written.ts";

/** A document, read: its text, what that says, and the network of it. */
export interface DocumentRead {
  readonly text: string;
  readonly network: NetworkWritten;
  readonly document: NetworkDocument;
  /** Warnings. */
  readonly problems: readonly DocumentProblem[];
}

/** What is wrong with a text, or with what was to come of one. */
export interface NoDocument {
  readonly document?: undefined;
  readonly problems: readonly DocumentProblem[];
}

/** Another document than before, and what there was not before it. */
export interface DocumentEdited extends DocumentRead {
  readonly added: readonly string[];
}

/** A network that an engine was given to open by its name. */
export interface Example {
  readonly name: string;
  readonly text: string;
}

/** How documents are read and edited: their language is the platform's. */
export interface DocumentTools {
  /** @param isForeign it came by a link or the like: then it may name no files of this machine */
  read(text: string, isForeign: boolean): DocumentRead | NoDocument;
  /** Does commands on a document, all or none. */
  edit(
    before: Pick<DocumentRead, "text" | "network">,
    commands: readonly DocumentCommand[],
    isForeign: boolean,
  ): DocumentEdited | NoDocument;
  /** Copies devices with the cables between them. */
  copy(network: NetworkWritten, devices: readonly string[]): Fragment;
  readonly examples: readonly Example[];
}
