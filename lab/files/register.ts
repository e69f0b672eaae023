import { useDocument } from "../edit/document.ts";
import { type Action, registerActions } from "../frame/actions.ts";
import { registerPanel } from "../frame/panels.ts";
import { text } from "../i18n/index.ts";
import { FilesMenu } from "./files-menu.tsx";
import { begin, chooseFile, copyLink, NEW_NETWORK, open, saveFile, showExamples } from "./store.ts";

registerPanel({ id: "files", place: "top", title: "edit.files", order: 1, Component: FilesMenu });

const enabled = (): boolean => useDocument.getState().document !== undefined;
const action = (id: string, textKey: Action["text"], run: () => void, shortcut?: string): Action => ({
  ...{ id: `files.${id}`, group: "edit", text: textKey, run, enabled },
  ...(shortcut !== undefined && { shortcut }),
});

registerActions([
  action("new", "edit.fileNew", () => open({ text: NEW_NETWORK, file: text("edit.fileNewName") })),
  action("open", "edit.fileOpen", chooseFile, "Mod+O"),
  action("examples", "edit.fileExamples", () => void showExamples()),
  action("save", "edit.fileSave", () => void saveFile(), "Mod+S"),
  action("link", "edit.fileLink", () => void copyLink()),
]);
begin();
