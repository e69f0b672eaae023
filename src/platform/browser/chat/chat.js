// The chat's page. What others write is only ever put on the page as text.
import { Connection } from "./chat-connection.js";
import { View } from "./chat-view.js";

const NAME = "chat-name";
const roomOf = () => decodeURIComponent(location.hash.slice(1)) || "lobby";

const view = new View();
/** The last number that was heard of each room. */
const heard = new Map();
let you = null;
let connection;

/** @returns what the server answers, with `ok`; undefined when it cannot be reached */
async function post(path, body) {
  try {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    return { ok: response.ok, ...(await response.json()) };
  } catch {
    return undefined;
  }
}

async function session() {
  try {
    return await (await fetch("/session")).json();
  } catch {
    return undefined;
  }
}

/** Somebody who has no session, or no longer: guests come back under the name that they had. */
async function begin() {
  const found = await session();
  if (found === undefined) return false;
  view.registration = found.registration;
  you = found.you;
  const name = localStorage.getItem(NAME);
  if (you === null && name !== null) you = (await post("/session", { name }))?.you ?? null;
  if (you === null) view.ask(name ?? "", null);
  return you !== null;
}

function start() {
  view.show(you, roomOf());
  connection?.close();
  connection = new Connection({ room: roomOf, heard: (room) => heard.get(room), event, state, begin });
  connection.open();
}

function state(name) {
  view.status(name);
}

/** Something that the server says. */
function event(message) {
  switch (message.type) {
    case "you":
      you = { name: message.name, registered: message.registered };
      if (!you.registered) localStorage.setItem(NAME, you.name);
      view.you(you);
      break;
    case "rooms":
      view.rooms(message.rooms, roomOf());
      break;
    case "room":
      if (message.room === roomOf()) {
        view.people(message.people);
        const first = !heard.has(message.room);
        for (const each of message.messages) hear(each);
        if (first) view.more(message.earlier);
      }
      break;
    case "earlier":
      if (message.room === roomOf()) view.before(message.messages, you.name, message.earlier);
      break;
    case "message":
      hear(message);
      break;
    case "joined":
    case "left":
    case "renamed":
      if (message.room === roomOf()) view.moved(message);
      break;
    case "notice":
      view.event(message.text);
      break;
    case "ack":
      connection.acknowledged(message.id);
      view.settled(message.id);
      break;
    case "refused":
      refused(message);
      break;
  }
}

/** A message, which is shown once however often it comes. */
function hear(message) {
  if (message.room !== roomOf() || message.seq <= (heard.get(message.room) ?? 0)) return;
  heard.set(message.room, message.seq);
  view.message(message, you.name);
}

const REFUSED = {
  "no-name": "A name needs at least one letter or digit.",
  "name-taken": "Somebody has that name.",
  "no-room": "A room's name needs at least one letter or digit.",
  "too-many-rooms": "There are too many rooms already.",
  "too-often": "That was tried too often. Wait a quarter of an hour.",
  "weak-password": "A password has at least 8 characters.",
  wrong: "That is not the password of that name.",
  "not-kept": "The message could not be kept. It will be sent again.",
  origin: "This page is not where the chat is served.",
};
const textOf = (why) => REFUSED[why] ?? "The server refused that.";

function refused({ why, id }) {
  if (id !== undefined && (why === "too-fast" || why === "not-kept")) {
    connection.later(id);
    return;
  }
  if (id !== undefined) {
    connection.acknowledged(id);
    view.settled(id);
  }
  if (why !== "empty") view.problem(textOf(why));
}

view.onsay = (text) => {
  const message = { type: "say", room: roomOf(), id: crypto.randomUUID(), text };
  view.waiting(message, you.name);
  connection.say(message);
};
view.onearlier = (before) => connection.ask({ type: "earlier", room: roomOf(), before });
view.onroom = (name) => {
  location.hash = encodeURIComponent(name.toLowerCase().replace(/[^\p{L}\p{N}\p{M}_.-]/gu, ""));
};
view.onenter = async (path, body) => {
  if (path === "/session" && you !== null && !you.registered) {
    connection.ask({ type: "nick", name: body.name });
    return undefined;
  }
  const leaves = path === "/sign-out";
  // Else it would ask who we are as well, in the middle of what is being written then.
  if (leaves) connection?.close();
  const answer = await post(path, body);
  if (!answer?.ok) {
    if (leaves) start();
    return answer === undefined ? "The server cannot be reached." : textOf(answer.why);
  }
  you = answer.you;
  if (leaves) localStorage.removeItem(NAME);
  if (you === null) view.ask("", null);
  else start();
  return undefined;
};
view.onme = () => view.ask(you.name, you);

addEventListener("hashchange", () => {
  heard.delete(roomOf());
  view.show(you, roomOf());
  connection?.join();
});

if (await begin()) start();
else if (you === null) {
  // Whoever joins by the dialog starts then; a server that is not there is tried again.
  const again = setInterval(async () => {
    if (you !== null || document.querySelector("dialog[open]")) clearInterval(again);
    else if (await begin()) {
      clearInterval(again);
      start();
    }
  }, 2000);
}
