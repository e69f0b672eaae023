import assert from "node:assert/strict";
import { test } from "node:test";
import { type BrowserPlace, browserCommand, openBrowser } from "./open-browser.ts";

const URL = "http://127.0.0.1:4680/#token=a-b";
const place = (over: Partial<BrowserPlace>): BrowserPlace => ({
  platform: "linux",
  env: {},
  launch: () => {},
  ...over,
});

test("a browser is opened where somebody has a screen", () => {
  assert.deepEqual(browserCommand(place({ env: { DISPLAY: ":0" } })), ["xdg-open"]);
  assert.deepEqual(browserCommand(place({ env: { WAYLAND_DISPLAY: "wayland-0" } })), ["xdg-open"]);
  assert.deepEqual(browserCommand(place({ platform: "darwin" })), ["open"]);
  assert.deepEqual(browserCommand(place({ platform: "win32" })), ["cmd", "/c", "start", ""]);
});

test("none is opened without a screen, over ssh, or under CI", () => {
  for (const env of [{}, { DISPLAY: "" }, { DISPLAY: ":10", SSH_CONNECTION: "a b" }, { DISPLAY: ":0", CI: "true" }]) {
    assert.equal(browserCommand(place({ env })), undefined, JSON.stringify(env));
  }
  assert.equal(browserCommand(place({ platform: "darwin", env: { CI: "1" } })), undefined);
});

test("a browser that cannot be started is no failure", () => {
  const started: string[][] = [];
  const env = { DISPLAY: ":0" };
  const launch: BrowserPlace["launch"] = (command, args, onError) => {
    started.push([command, ...args]);
    onError();
  };
  assert.ok(openBrowser(URL, place({ env, launch })));
  assert.deepEqual(started, [["xdg-open", URL]]);
  const fails = (): void => {
    throw new Error("no such program");
  };
  assert.ok(!openBrowser(URL, place({ env, launch: fails })));
});
