import { Response } from "../../../application/http/response.ts";
import type { Clock } from "../../../socket/clock.ts";
import { after, type Instant, START, seconds } from "../../../time/instant.ts";
import { isToken, makeToken } from "./guard.ts";

/** An invitation leads to the token within this, once. */
export const INVITATION_TIME = seconds(60);
/** Where invitations are, followed by their own secret. */
export const INVITATION_PATH = "/open/";

/**
 * An address that can be told where others listen, as among the arguments of a browser's command, which every user of the machine can
 * read as long as the browser runs: it leads to the token the first time that it is asked for, and then never again.
 */
export class Invitation {
  readonly #token: string;
  readonly #clock: Clock;
  #secret: string | undefined;
  #end: Instant = START;

  constructor(token: string, clock: Clock) {
    this.#token = token;
    this.#clock = clock;
  }

  /** Makes a new one; the one before leads nowhere from then on. @returns its path */
  make(): string {
    const secret = makeToken();
    this.#secret = secret;
    this.#end = after(this.#clock.now(), INVITATION_TIME);
    return `${INVITATION_PATH}${secret}`;
  }

  answer(method: string, path: string): Response {
    const plain = { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" };
    if (method !== "GET")
      return new Response("It is asked for, no more.\n", { status: 405, headers: { ...plain, Allow: "GET" } });
    const secret = this.#secret;
    const late = this.#clock.now() >= this.#end;
    if (secret === undefined || late || !isToken(path.slice(INVITATION_PATH.length), secret)) {
      return new Response("This address leads in once, soon after it was made. Open the one that the lab prints.\n", {
        status: 410,
        headers: plain,
      });
    }
    this.#secret = undefined;
    // RFC 9110 §10.2.2: the fragment of Location is the page's from then on.
    return new Response(null, { status: 303, headers: { ...plain, Location: `/#token=${this.#token}` } });
  }
}
