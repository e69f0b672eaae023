import { decodeLatin1 } from "../../../base/latin1.ts";
import type { MetCoding } from "../../compression.ts";
import type { WireResponse } from "../client/connection.ts";
import { decoded, expandable } from "../client/content-coding.ts";
import type { MessageHead } from "../message/head.ts";
import { CurlError, CurlExit } from "./curl-error.ts";
import type { Output } from "./output.ts";
import type { Session } from "./session.ts";

const encoder = new TextEncoder();

/** What came back in one transfer, over all its redirects, and where it goes. */
export class Answer {
  readonly #session: Session;
  readonly #output: Output;
  /** Heads that have come and are still to be written. */
  readonly #heads: Uint8Array[] = [];
  /** Bytes of all heads. */
  sizeHeader = 0;
  /** Bytes of the last body, as they came. */
  sizeDownload = 0;
  head: MessageHead | undefined;
  connectStatus = 0;

  constructor(session: Session, output: Output) {
    this.#session = session;
    this.#output = output;
  }

  /** Bytes of the body that are still to come, where that is known. */
  get remaining(): number | undefined {
    return this.head?.framing === "length" ? this.head.contentLength - this.sizeDownload : undefined;
  }

  /** A head has come; those of 1xx and of proxies too. */
  takeHead(head: MessageHead, bytes: Uint8Array): void {
    const { trace, config } = this.#session;
    const refused = config.fail && head.status >= 400;
    trace.received(decodeLatin1(bytes, 0, bytes.length), head.status >= 200 && !refused);
    this.#heads.push(bytes);
    this.sizeHeader += bytes.length;
    if (head.status < 200) return;
    this.head = head;
    this.sizeDownload = 0;
  }

  /** Writes the heads where they are wanted. */
  async flushHeads(): Promise<void> {
    const { config } = this.#session;
    for (const bytes of this.#heads.splice(0)) {
      await this.#session.dumpHeader(bytes);
      if (config.include || config.head) await this.#output.write(bytes);
    }
  }

  /** Writes a body. @throws CurlError 61, 63 */
  async takeBody(response: WireResponse): Promise<void> {
    const { config } = this.#session;
    const { maxFileSize } = config;
    if (maxFileSize !== undefined && response.head.contentLength > maxFileSize) {
      throw new CurlError(CurlExit.FILESIZE_EXCEEDED, "Maximum file size exceeded");
    }
    for await (const piece of this.#expanded(response)) await this.#output.write(piece);
    await this.#takeTrailers(response);
  }

  #expanded(response: WireResponse): AsyncIterable<Uint8Array> {
    const counted = this.#counted(response);
    const coding = response.head.fields.get("content-encoding");
    if (!this.#session.config.compressed || coding === undefined) return counted;
    const plain = decoded(counted, coding, this.#session.context);
    if (plain === undefined && coding.trim().toLowerCase() !== "identity") {
      const known = codingsOf(this.#session).join(", ");
      throw new CurlError(
        CurlExit.BAD_CONTENT_ENCODING,
        `Unrecognized content encoding type. libcurl understands ${known} content encodings.`,
      );
    }
    return plain ?? counted;
  }

  async *#counted({ body }: WireResponse): AsyncGenerator<Uint8Array, void, void> {
    const { maxFileSize = Number.POSITIVE_INFINITY } = this.#session.config;
    for await (const piece of body instanceof Uint8Array ? [body] : body) {
      this.sizeDownload += piece.length;
      if (this.sizeDownload > maxFileSize) {
        throw new CurlError(CurlExit.FILESIZE_EXCEEDED, "Exceeded the maximum allowed file size");
      }
      yield piece;
    }
  }

  /** Trailer fields are told as fields of a head, without an empty line. */
  async #takeTrailers({ head, trailers }: WireResponse): Promise<void> {
    if (head.framing !== "chunked") return;
    for (const [name, value] of trailers()) {
      const bytes = encoder.encode(`${name}: ${value}\r\n`);
      this.sizeHeader += bytes.length;
      this.#session.trace.received(`${name}: ${value}\r\n\r\n`, false);
      await this.#session.dumpHeader(bytes);
      if (this.#session.config.include) await this.#output.write(bytes);
    }
  }
}

/** In the order in which curl names them. */
export function codingsOf({ context }: Session): MetCoding[] {
  const here = expandable(context.compression);
  return (["deflate", "gzip", "br", "zstd"] as const).filter((coding) => here.includes(coding));
}
