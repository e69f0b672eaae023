import type { Fields } from "./fields.ts";

/** How the end of a message's content is known (RFC 9112 §6.3). */
export type Framing = "none" | "length" | "chunked" | "until-close";

/** The forms of a request target (RFC 9112 §3.2). */
export type TargetForm = "origin" | "absolute" | "authority" | "asterisk";

/** What an Expect field asks for (RFC 9110 §10.1.1): "other" a server may answer 417. */
export type Expectation = "none" | "100-continue" | "other";

const NONE: readonly string[] = [];

/** The head of a message: its start line, its fields, and what they mean for the connection. */
export class MessageHead {
  /** Of a request; "" in a response. Methods have case. */
  method = "";
  /** As written; "" in a response. */
  target = "";
  form: TargetForm = "origin";
  /** The version is HTTP/1.`minor`. */
  minor = 1;
  /** Of a response; 0 in a request. */
  status = 0;
  reason = "";
  readonly fields: Fields;
  framing: Framing = "none";
  /** Octets of content with the framing "length"; else 0. */
  contentLength = 0;
  /**
   * Transfer codings of a response that are not yet taken away, in the order they were applied: whoever does not know one of
   * them cannot read the content. A request has none: they are refused.
   */
  codings: readonly string[] = NONE;
  /** Whether the sender would have the connection go on afterwards (RFC 9112 §9.3). */
  keepAlive = true;
  /** The protocols of Upgrade, when Connection names it and the version is 1.1 (RFC 9110 §7.8). */
  upgrade: string | undefined = undefined;
  expectation: Expectation = "none";

  constructor(fields: Fields) {
    this.fields = fields;
  }

  /** Whether the client waits for 100 before it sends the content; HTTP/1.0 clients never do. */
  get expectContinue(): boolean {
    return this.expectation === "100-continue";
  }
}
