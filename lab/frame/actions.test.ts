import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { type Action, actionOf, registerActions, runAction, searchActions, useActions } from "./actions.ts";

let done: string[] = [];
const action = (id: string, text: Action["text"], more: Partial<Action> = {}): Action => ({
  ...{ id, group: "help", text, run: () => done.push(id) },
  ...more,
});
const field = { closest: (selector: string) => (selector.includes("textarea") ? {} : null) } as unknown as EventTarget;
const key = (name: string, ctrlKey = false) => ({ key: name, ctrlKey, metaKey: false, altKey: false, shiftKey: false });

beforeEach(() => {
  done = [];
  useActions.setState({ actions: [] });
});

test("an action is found by words of its text, in any order and case", () => {
  const actions = [action("help.palette", "frame.palette"), action("help.shortcuts", "frame.shortcuts")];
  assert.deepEqual(
    searchActions(actions, "ACTION find").map(({ id }) => id),
    ["help.palette"],
  );
  assert.equal(searchActions(actions, "").length, 2);
  assert.deepEqual(
    searchActions(
      [action("packets.newest", "packets.liveHint"), action("packets.follow", "packets.follow")],
      "Follow",
    ).map(({ id }) => id),
    ["packets.follow", "packets.newest"],
    "what begins with the word comes first",
  );
  assert.equal(searchActions(actions, "nothing").length, 0);
});

test("a key does its action, but where text is written only one with Ctrl or ⌘", () => {
  registerActions([
    action("help.shortcuts", "frame.shortcuts", { shortcut: "?" }),
    action("help.palette", "frame.palette", { shortcut: "Mod+K" }),
  ]);
  assert.equal(actionOf(key("?"), null)?.id, "help.shortcuts");
  assert.equal(actionOf(key("?"), field), undefined);
  assert.equal(actionOf(key("k", true), field)?.id, "help.palette");
});

test("an action replaces one of the same id, can be taken away, and is not done while it cannot be", () => {
  registerActions([action("a", "frame.help", { enabled: () => false })]);
  runAction("a");
  assert.deepEqual(done, []);
  const remove = registerActions([action("a", "frame.help")]);
  runAction("a");
  assert.deepEqual(done, ["a"]);
  remove();
  runAction("a");
  assert.deepEqual(done, ["a"]);
});
