import type { Random } from "../../../base/random.ts";
import type { Clock } from "../../../socket/clock.ts";
import { minutes, seconds } from "../../../time/instant.ts";
import type { AnyResponse, Handler, RequestInfo } from "../../http/handler.ts";
import type { Request } from "../../http/request.ts";
import { Response } from "../../http/response.ts";
import { formatSetCookie, parseCookies } from "../../http/web/cookie.ts";
import { type EventWriter, eventStream, lastEventId } from "../../http/web/event-stream.ts";
import { FlushTurn } from "../../websocket/flush-turn.ts";
import { upgradeWebSocket } from "../../websocket/server.ts";
import type { WebSocket } from "../../websocket/websocket.ts";
import type { Chat } from "../chat.ts";
import { cleanName } from "../name.ts";
import { type AccountRefusal, Accounts } from "./accounts.ts";
import { ASKED_BYTES, type Asked, askedOf, readAsked } from "./asked.ts";
import { Attempts } from "./attempts.ts";
import { isOwnOrigin, isSecure, SECURITY_HEADERS } from "./guard.ts";
import { readJson, textOf } from "./json-body.ts";
import { PAGE_FILES } from "./page-files.ts";
import type { Passwords } from "./passwords.ts";
import { type Ear, type Pace, People, type Reply } from "./people.ts";
import { type Session, type SessionLimits, Sessions } from "./sessions.ts";

/** Bytes that may wait for a page that reads slowly; past it the page is let go, comes back and asks for what it missed. */
const QUEUE_BYTES = 262_144;
const HEARTBEAT = { interval: seconds(25), timeout: seconds(20) } as const;
/** Guests from one address in a quarter of an hour. */
const GUESTS = { most: 1_000, window: 900_000 } as const;
/** Closes a page whose session has ended; of the range for programs' own (RFC 6455 §7.4.2). */
const SESSION_ENDED = 4001;
/** Sessions that have ended are forgotten so often. */
const EXPIRE_EVERY = minutes(10);

export interface ChatWebOptions {
  readonly chat: Chat;
  readonly clock: Clock;
  /** Of the cookies: good enough for keys, where there is something to protect. */
  readonly random: Random;
  /** Waits for passwords; see {@link ProgramContext.work}. */
  readonly work: <T>(promise: Promise<T>, name: string) => Promise<T>;
  /** Without, nobody registers a name. */
  readonly passwords?: Passwords | undefined;
  /** Where the chat is reached, when that is not where it is served (behind a proxy): `https://chat.example`. */
  readonly origins?: readonly string[] | undefined;
  readonly sessions?: SessionLimits | undefined;
  readonly pace?: Pace | undefined;
}

/** The chat by pages: files, sessions, WebSocket, server-sent events. */
export class ChatWeb {
  readonly handler: Handler = (request, info) => this.#answer(request, info);
  readonly #options: ChatWebOptions;
  readonly #origins: readonly string[];
  readonly #people: People;
  readonly #sessions: Sessions;
  readonly #accounts: Accounts;
  readonly #turn: FlushTurn;
  readonly #sockets = new Set<WebSocket>();
  /** The pages that are open, and the token of the session under which each was opened. */
  readonly #ears = new Map<Ear, string>();
  readonly #guests: Attempts;
  readonly #closing = new AbortController();
  #cancelExpiry: () => void = () => {};

  constructor(options: ChatWebOptions) {
    const { chat, clock, random, passwords, origins = [], sessions, pace } = options;
    const now = () => clock.date().getTime();
    this.#options = options;
    this.#origins = origins;
    this.#people = new People(chat, clock, pace);
    this.#sessions = new Sessions(chat.store, random, now, sessions);
    this.#accounts = new Accounts(chat.store, passwords, now);
    this.#guests = new Attempts(GUESTS.most, GUESTS.window, now);
    this.#turn = new FlushTurn((run) => clock.after(seconds(0), run));
    this.#expire();
  }

  /** Says goodbye to all pages; they come back when somebody serves them again. */
  close(): void {
    this.#cancelExpiry();
    this.#people.close();
    this.#closing.abort();
    for (const socket of [...this.#sockets]) socket.closeAsServer(1012, "the chat restarts");
  }

  async #answer(request: Request, info: RequestInfo): Promise<AnyResponse> {
    const response = await this.#route(request, info, new URL(request.url));
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.headers.set(name, value);
    if (!response.headers.has("cache-control")) response.headers.set("Cache-Control", "no-store");
    return response;
  }

  #route(request: Request, info: RequestInfo, url: URL): Response | Promise<Response> {
    const { method } = request;
    const file = PAGE_FILES.get(url.pathname);
    if (method === "GET" || method === "HEAD") {
      if (file !== undefined) return page(file, method === "HEAD");
      if (url.pathname === "/session") return this.#who(request, info);
      if (url.pathname === "/events") return this.#events(request, info, url);
      if (url.pathname === "/socket") return this.#socket(request, info);
    }
    if (file !== undefined || GETS.includes(url.pathname)) {
      if (method !== "POST" || url.pathname !== "/session") return refuse(405, "method", { Allow: "GET, HEAD" });
    }
    if (!POSTS.includes(url.pathname)) return refuse(404, "not-found");
    if (method !== "POST") return refuse(405, "method", { Allow: "POST" });
    if (!isOwnOrigin(request, info, this.#origins)) return refuse(403, "origin");
    return this.#post(request, info, url.pathname);
  }

  async #post(request: Request, info: RequestInfo, path: string): Promise<Response> {
    const body = await readJson(request, ASKED_BYTES);
    if (body === undefined) return refuse(400, "no-json");
    switch (path) {
      case "/session":
        return this.#begin(request, info, textOf(body, "name", 100) ?? "");
      case "/register":
      case "/sign-in":
        return this.#signIn(request, info, path, body);
      case "/sign-out":
        return this.#signOut(request, info);
      default:
        return this.#ask(request, info, askedOf(body));
    }
  }

  #cookieName(info: RequestInfo): string {
    return isSecure(info, this.#origins) ? "__Host-chat" : "chat";
  }

  #session(request: Request, info: RequestInfo): Session | undefined {
    return this.#sessions.find(parseCookies(request.headers).get(this.#cookieName(info)));
  }

  #setCookie(response: Response, info: RequestInfo, token: string | undefined): Response {
    const secure = isSecure(info, this.#origins);
    const maxAge = token === undefined ? 0 : Math.floor(this.#sessions.limits.absolute / 1000);
    const cookie = formatSetCookie(this.#cookieName(info), token ?? "", { path: "/", secure, maxAge, sameSite: "Lax" });
    response.headers.append("Set-Cookie", cookie);
    return response;
  }

  #who(request: Request, info: RequestInfo): Response {
    const session = this.#session(request, info);
    return Response.json({ you: youOf(session), registration: this.#accounts.available });
  }

  /** A guest comes; who has a session already keeps it. */
  #begin(request: Request, info: RequestInfo, wish: string): Response {
    const before = this.#session(request, info);
    if (before !== undefined) return Response.json({ you: youOf(before) });
    const name = cleanName(wish);
    if (name === undefined) return refuse(400, "no-name");
    const wait = this.#guests.take(info.remote.address);
    if (wait > 0) return refuse(429, "too-often", { "Retry-After": `${wait}` });
    const session = this.#sessions.guest(name);
    return this.#setCookie(Response.json({ you: youOf(session) }), info, session.token);
  }

  async #signIn(request: Request, info: RequestInfo, path: "/register" | "/sign-in", body: unknown): Promise<Response> {
    const name = textOf(body, "name", 100) ?? "";
    const password = textOf(body, "password", 1_000) ?? "";
    const { chat, work } = this.#options;
    const before = this.#session(request, info);
    const mine = before === undefined ? undefined : this.#people.find(before.user)?.member;
    const taken = (wanted: string): boolean => ![undefined, mine].includes(chat.holder(wanted));
    const { address } = info.remote;
    const asked =
      path === "/sign-in"
        ? this.#accounts.signIn(name, password, address)
        : this.#accounts.register(name, password, address, taken);
    const answer = await work(asked, "password");
    if ("refused" in answer) return refuseAccount(answer);
    const session = this.#sessions.signIn(answer.user, answer.name, before?.token);
    if (before !== undefined) this.#end(before);
    return this.#setCookie(Response.json({ you: youOf(session) }), info, session.token);
  }

  #signOut(request: Request, info: RequestInfo): Response {
    const session = this.#session(request, info);
    if (session !== undefined) {
      this.#sessions.drop(session.token);
      this.#end(session);
    }
    return this.#setCookie(Response.json({ you: null }), info, undefined);
  }

  /** A session means nothing any more: its pages are let go, and a guest is gone with it. */
  #end({ token, user, registered }: Session): void {
    for (const [ear, of] of this.#ears) if (of === token) ear.end();
    const person = this.#people.find(user);
    if (person !== undefined && !registered) this.#people.leave(person);
  }

  /** What a page without WebSocket asks, one by one; the answer is the reply. */
  async #ask(request: Request, info: RequestInfo, asked: Asked | undefined): Promise<Response> {
    const session = this.#session(request, info);
    if (session === undefined) return refuse(401, "no-session");
    if (asked === undefined || asked.type === "join") return refuse(400, "not-understood");
    const reply = await new Promise<Reply>((resolve) => {
      const ear: Ear = { hear: () => {}, reply: resolve, end: () => {} };
      this.#people.of(session).do(ear, asked, this.#renames(session));
    });
    return Response.json(reply, { status: reply.type !== "refused" ? 200 : reply.why === "too-fast" ? 429 : 409 });
  }

  #socket(request: Request, info: RequestInfo): Response {
    const session = this.#session(request, info);
    const allows = (): boolean => isOwnOrigin(request, info, this.#origins);
    const { clock } = this.#options;
    const limits = { messageBytes: ASKED_BYTES, queueBytes: QUEUE_BYTES, fragments: 100 };
    if (allows() && session === undefined) return refuse(401, "no-session");
    if (this.#people.full) return refuse(503, "full");
    const options = { clock, allows, limits, heartbeat: HEARTBEAT, turn: this.#turn };
    return upgradeWebSocket(request, info, options, (socket) => {
      if (session !== undefined) this.#talk(socket, session);
    });
  }

  #talk(socket: WebSocket, session: Session): void {
    const person = this.#people.of(session);
    const ear: Ear = {
      hear: (spoken) => socket.sendFrame(spoken.frame),
      reply: (reply) => socket.send(JSON.stringify(reply)),
      end: () => socket.close(SESSION_ENDED, "the session has ended"),
    };
    this.#ears.set(ear, session.token);
    this.#sockets.add(socket);
    socket.onmessage = ({ data }) => {
      const current = this.#sessions.find(session.token);
      if (current === undefined) ear.end();
      else person.do(ear, typeof data === "string" ? readAsked(data) : undefined, this.#renames(current));
    };
    socket.onclose = () => {
      this.#sockets.delete(socket);
      this.#ears.delete(ear);
      person.remove(ear);
    };
    person.add(ear);
  }

  #renames(session: Session): (name: string) => void {
    return (name) => this.#sessions.rename(session, name);
  }

  /** One room by server-sent events, from the number on that the page saw last. */
  #events(request: Request, info: RequestInfo, url: URL): Response {
    const session = this.#session(request, info);
    const seen = Number(lastEventId(request) ?? url.searchParams.get("after") ?? "0");
    const asked = askedOf({ type: "join", room: url.searchParams.get("room") ?? "lobby", after: seen });
    if (session === undefined) return refuse(401, "no-session");
    if (asked?.type !== "join") return refuse(400, "not-understood");
    if (this.#people.full) return refuse(503, "full");
    return eventStream(this.#options, async (events) => {
      const over = AbortSignal.any([events.signal, info.signal, this.#closing.signal]);
      const person = this.#people.of(session);
      const done = new AbortController();
      const ear = streamedEar(events, () => done.abort());
      this.#ears.set(ear, session.token);
      person.add(ear);
      for (let from: number | undefined = asked.after; from !== undefined; from = ear.missing) {
        ear.missing = undefined;
        person.join(ear, { ...asked, after: from });
      }
      await aborted(AbortSignal.any([over, done.signal]));
      this.#ears.delete(ear);
      person.remove(ear);
    });
  }

  /** Also lets go of pages that only listen. */
  #expire(): void {
    this.#sessions.expire();
    for (const [ear, token] of this.#ears) if (!this.#sessions.lives(token)) ear.end();
    this.#cancelExpiry = this.#options.clock.after(EXPIRE_EVERY, () => this.#expire());
  }
}

const GETS = ["/session", "/events", "/socket"];
const POSTS = ["/session", "/register", "/sign-in", "/sign-out", "/ask"];

const youOf = (session: Session | undefined): { name: string; registered: boolean } | null =>
  session === undefined ? null : { name: session.name, registered: session.registered };

/** A page that hears by server-sent events. @param end called when the stream is to end */
function streamedEar(events: EventWriter, end: () => void): Ear & { missing: number | undefined } {
  let waiting = 0;
  const send = (data: string, id?: string): void => {
    waiting += data.length;
    if (waiting > QUEUE_BYTES) end();
    void events.send({ data, id }).then(() => {
      waiting -= data.length;
    });
  };
  return {
    missing: undefined,
    hear: ({ event, json }) => send(json, event.type === "message" ? `${event.seq}` : undefined),
    reply(reply) {
      const id = idOf(reply);
      if (reply.type === "room" && reply.missing) this.missing = Number(id);
      send(JSON.stringify(reply), id);
    },
    end,
  };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

/** The number from which on a page asks when it comes back. */
function idOf(reply: Reply): string | undefined {
  const last = reply.type === "room" ? reply.messages.at(-1) : undefined;
  return last?.type === "message" ? `${last.seq}` : undefined;
}

function page({ type, text }: { type: string; text: string }, headOnly: boolean): Response {
  const headers = { "Content-Type": type, "Cache-Control": "no-cache" };
  return new Response(headOnly ? null : text, { headers });
}

function refuse(status: number, why: string, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json({ type: "refused", why }, { status, headers });
}

function refuseAccount(answer: AccountRefusal): Response {
  if (answer.refused === "too-often") return refuse(429, "too-often", { "Retry-After": `${answer.seconds}` });
  const status = { "no-name": 400, "weak-password": 400, "name-taken": 409, wrong: 403, unavailable: 404 }[
    answer.refused
  ];
  return refuse(status, answer.refused);
}
