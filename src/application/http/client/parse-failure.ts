import { FAILURES, type Failure, type FailureCode } from "../message/failures.ts";
import { HttpError, type HttpErrorCode, type Phase } from "./http-error.ts";

/** What Node's parser calls these faults. */
const CODES: Readonly<Partial<Record<FailureCode, HttpErrorCode>>> = {
  "bare-cr": "HPE_LF_EXPECTED",
  "bare-lf": "HPE_CR_EXPECTED",
  version: "HPE_INVALID_CONSTANT",
  "version-unsupported": "HPE_INVALID_VERSION",
  status: "HPE_INVALID_STATUS",
  "field-name": "HPE_INVALID_HEADER_TOKEN",
  "space-before-colon": "HPE_INVALID_HEADER_TOKEN",
  "space-before-fields": "HPE_INVALID_HEADER_TOKEN",
  "field-value": "HPE_INVALID_HEADER_TOKEN",
  "fields-too-large": "HPE_HEADER_OVERFLOW",
  "too-many-fields": "HPE_HEADER_OVERFLOW",
  "reason-too-long": "HPE_HEADER_OVERFLOW",
  "content-length": "HPE_INVALID_CONTENT_LENGTH",
  "content-length-twice": "HPE_UNEXPECTED_CONTENT_LENGTH",
  "transfer-coding-and-length": "HPE_INVALID_TRANSFER_ENCODING",
  "transfer-coding": "HPE_INVALID_TRANSFER_ENCODING",
  "transfer-coding-in-1.0": "HPE_INVALID_TRANSFER_ENCODING",
  "chunk-size": "HPE_INVALID_CHUNK_SIZE",
  "chunk-extensions-too-large": "HPE_CHUNK_EXTENSIONS_OVERFLOW",
  "chunk-end": "HPE_STRICT",
};

/** The error of a response that cannot be read. */
export function parseError(failure: Failure, phase: Phase): HttpError {
  const [, text, clause] = FAILURES[failure.code];
  if (failure.code === "truncated") {
    return new HttpError(
      "ECONNRESET",
      phase,
      `the server closed the connection before its answer was whole (${clause})`,
    );
  }
  return new HttpError(CODES[failure.code] ?? "HPE_STRICT", phase, `the answer is no HTTP: ${text} (${clause})`);
}
