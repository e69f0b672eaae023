import type { Random } from "../../../base/random.ts";
import type { WireBody } from "../client/wire-body.ts";
import type { CurlConfig } from "./config.ts";
import { CurlError, CurlExit } from "./curl-error.ts";
import { dataOf } from "./data.ts";
import { multipart } from "./form.ts";
import type { CurlIo } from "./io.ts";

/** Bodies of more bytes ask first whether they are wanted. */
const EXPECT_ABOVE = 1024 * 1024;

const FORM = "multipart/form-data";

/** What a request carries, and how. */
export interface Upload {
  readonly kind: "post" | "put";
  /** Undefined when it is not known before it ends. */
  readonly length: number | undefined;
  readonly bodyFields: readonly string[];
  readonly expects: boolean;
  /** Makes it anew for each time that it is sent. */
  body(): WireBody;
}

/** The body that the options ask for; undefined where they ask for none. @throws CurlError 26 */
export async function uploadOf(
  config: CurlConfig,
  path: string | undefined,
  io: CurlIo,
  random: Random,
): Promise<Upload | undefined> {
  if (path !== undefined) return fileUpload(path, io, config.http10);
  if (config.form.length > 0) {
    const type = formType(config);
    const disposition = type === FORM ? "form-data" : "attachment";
    const { boundary, bytes } = await multipart(config.form, io, random, disposition);
    return post(bytes, [`Content-Type: ${type}; boundary=${boundary}`], config);
  }
  const data = config.get ? undefined : await dataOf(config.data, io);
  if (data === undefined) return undefined;
  const isJson = config.data.some(({ kind }) => kind === "json");
  return post(data, isJson ? [] : ["Content-Type: application/x-www-form-urlencoded"], config);
}

/** Another kind of multipart may be asked for by `-H`. */
function formType({ headers }: CurlConfig): string {
  const given = headers.find((line) => /^content-type:/i.test(line));
  return given === undefined ? FORM : given.slice(given.indexOf(":") + 1).trim();
}

function post(bytes: Uint8Array, fields: readonly string[], { headers, http10 }: CurlConfig): Upload {
  const chunked = headers.some((text) => /^transfer-encoding:.*chunked/i.test(text));
  const expects = !http10 && bytes.length > EXPECT_ABOVE;
  const length = chunked ? undefined : bytes.length;
  return {
    kind: "post",
    length,
    bodyFields: [
      ...(length === undefined ? [] : [`Content-Length: ${length}`]),
      ...fields,
      ...(expects ? ["Expect: 100-continue"] : []),
    ],
    expects,
    body: () => ({ content: bytes, length }),
  };
}

async function fileUpload(path: string, io: CurlIo, http10: boolean): Promise<Upload> {
  if (path === "-" || path === ".") {
    if (http10) throw new CurlError(CurlExit.UPLOAD_FAILED, "Chunky upload is not supported by HTTP 1.0");
    const body = (): WireBody => ({ content: io.stdin(), length: undefined });
    return { kind: "put", length: undefined, bodyFields: ["Expect: 100-continue"], expects: true, body };
  }
  const source = await io.files.open(path).catch(() => {
    throw new CurlError(CurlExit.READ_ERROR, `Can't open '${path}'!`);
  });
  const { size } = source;
  const expects = !http10 && size > 0;
  const bodyFields = [`Content-Length: ${size}`, ...(expects ? ["Expect: 100-continue"] : [])];
  return { kind: "put", length: size, bodyFields, expects, body: () => ({ content: source.pieces(), length: size }) };
}
