import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Busboy, type BusboyFileStream, type BusboyHeaders, type BusboyInstance } from "@fastify/busboy";
import { parseForm } from "../../application/http/form.ts";
import type { Request } from "../../application/http/request.ts";
import { StatusError } from "../../application/http/status-error.ts";

/** What one form may take. Lengths are in bytes; one that takes more is refused by 413. */
export interface UploadLimits {
  readonly files: number;
  readonly fileLength: number;
  /** Of all files together. */
  readonly filesLength: number;
  readonly fields: number;
  readonly fieldLength: number;
  /** Of a field's name. */
  readonly nameLength: number;
}

export const DEFAULT_UPLOAD_LIMITS: UploadLimits = {
  files: 20,
  fileLength: 100 * 2 ** 20,
  filesLength: 200 * 2 ** 20,
  fields: 1000,
  fieldLength: 2 ** 20,
  nameLength: 200,
};

export interface UploadOptions {
  /** Where the form's own folder is made; the system's for temporary files unless given. */
  readonly folder?: string | undefined;
  readonly limits?: Partial<UploadLimits> | undefined;
}

/** A file of a form, on disk. */
export interface Upload {
  /** The field's name. */
  readonly field: string;
  /** As the client calls it, without folders. It is not the name on disk, and never to be trusted as one. */
  readonly filename: string;
  /** As the client says. */
  readonly type: string;
  /** Where it is, under a name that is ours. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

export interface ReceivedForm {
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly files: readonly Upload[];
  /** Removes the files; what is to stay is moved away before. */
  remove(): Promise<void>;
}

/**
 * Receives a form, multipart or urlencoded, with its files written to disk as they come, no faster than that takes them.
 * When it is refused nothing is left.
 * @throws StatusError 413 past a limit, 415 for another type, 400 for a form that is broken; what the disk says
 */
export async function receiveForm(request: Request, options: UploadOptions = {}): Promise<ReceivedForm> {
  const limits = { ...DEFAULT_UPLOAD_LIMITS, ...options.limits };
  const type = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\s*(?:;|$)/i.test(type)) return receiveText(request, type, limits);
  const folder = await mkdtemp(join(options.folder ?? tmpdir(), "netarium-upload-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const receiver = new Receiver(folder, limits);
  try {
    await receiver.receive(request, type);
  } catch (error) {
    await receiver.settle();
    await remove();
    throw error;
  }
  return { fields: receiver.fields, files: receiver.files, remove };
}

/** An urlencoded form is no longer than its fields may be. */
async function receiveText(request: Request, type: string, limits: UploadLimits): Promise<ReceivedForm> {
  const most = limits.fieldLength;
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of request.pieces()) {
    length += piece.length;
    if (length > most) throw new StatusError(413, "That form is too large.");
    pieces.push(piece);
  }
  try {
    const fields = [...parseForm(type, Buffer.concat(pieces))].map(([name, value]) => [name, String(value)] as const);
    if (fields.length > limits.fields) throw new StatusError(413, "That form has too many fields.");
    return { fields, files: [], remove: async () => {} };
  } catch (error) {
    if (error instanceof TypeError) throw new StatusError(415, "A form is urlencoded or multipart.");
    throw error;
  }
}

class Receiver {
  readonly fields: (readonly [string, string])[] = [];
  readonly files: Upload[] = [];
  readonly #folder: string;
  readonly #limits: UploadLimits;
  readonly #writes: Promise<void>[] = [];
  readonly #streams: BusboyFileStream[] = [];
  #length = 0;
  #failed: unknown;
  #parser: BusboyInstance | undefined;

  constructor(folder: string, limits: UploadLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  async receive(request: Request, type: string): Promise<void> {
    const parser = this.#open(type);
    const done = new Promise<void>((resolve, reject) => {
      parser.once("finish", resolve);
      parser.on("error", (error) => reject(this.#failed ?? broken(error)));
    });
    done.catch(() => {}); // told below
    for await (const piece of request.pieces()) {
      if (this.#failed !== undefined) throw this.#failed;
      if (!parser.write(piece)) await Promise.race([drained(parser), done]);
    }
    parser.end();
    await done;
    if (this.#failed !== undefined) throw this.#failed;
    await Promise.all(this.#writes);
  }

  /** Waits until nothing is written any more. */
  async settle(): Promise<void> {
    this.#fail(new Error("the form is given up"));
    await Promise.allSettled(this.#writes);
  }

  #open(type: string): BusboyInstance {
    const { files, fields, fieldLength, fileLength, nameLength } = this.#limits;
    const limits = {
      ...{
        files,
        fields,
        parts: files + fields,
        fieldSize: fieldLength,
        fileSize: fileLength,
        fieldNameSize: nameLength,
      },
      ...{ headerPairs: 20, headerSize: 8192 },
    };
    let parser: BusboyInstance;
    try {
      parser = new Busboy({ headers: { "content-type": type } as BusboyHeaders, limits });
    } catch (error) {
      throw broken(error);
    }
    this.#parser = parser;
    parser.on("field", (name, value, _nameCut, cut) => {
      if (cut || (name?.length ?? 0) > nameLength) this.#fail(new StatusError(413, `The field ${name} is too long.`));
      else this.fields.push([name ?? "", value]);
    });
    parser.on("file", (field, stream, filename, _encoding, mime) => this.#file(field, stream, filename ?? "", mime));
    for (const [event, what] of [
      ["filesLimit", "files"],
      ["fieldsLimit", "fields"],
      ["partsLimit", "parts"],
    ] as const) {
      parser.on(event, () => this.#fail(new StatusError(413, `That form has too many ${what}.`)));
    }
    return parser;
  }

  #file(field: string, stream: BusboyFileStream, filename: string, type: string): void {
    const path = join(this.#folder, randomBytes(16).toString("hex"));
    let size = 0;
    this.#streams.push(stream);
    stream.on("limit", () => this.#fail(new StatusError(413, `The file ${filename} is too large.`)));
    const count = async function* (this: Receiver, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const piece of pieces) {
        size += piece.length;
        this.#length += piece.length;
        if (this.#length > this.#limits.filesLength) throw new StatusError(413, "The files are too large.");
        yield piece;
      }
    }.bind(this);
    const write = pipeline(stream, count, createWriteStream(path, { flags: "wx", mode: 0o600 })).then(
      () => void this.files.push({ field, filename, type, path, size }),
      (error) => this.#fail(error instanceof StatusError || isOfDisk(error) ? error : broken(error)),
    );
    this.#writes.push(write);
  }

  /** The first failure counts; it ends all. */
  #fail(error: unknown): void {
    if (this.#failed !== undefined) return;
    this.#failed = error;
    this.#parser?.destroy(error as Error);
    for (const stream of this.#streams) stream.destroy(error as Error);
  }
}

const drained = (parser: BusboyInstance): Promise<void> => new Promise((resolve) => parser.once("drain", resolve));

/** What the file system says has a number. */
const isOfDisk = (error: unknown): boolean => typeof (error as NodeJS.ErrnoException).errno === "number";

const broken = (error: unknown): StatusError =>
  new StatusError(400, `That form is broken: ${(error as Error).message}`);
