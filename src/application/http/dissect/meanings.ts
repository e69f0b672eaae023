import { reasonOf } from "../reasons.ts";

/** Statuses that Wireshark words otherwise than the phrases that are sent. */
const MEANINGS: Readonly<Record<number, string>> = {
  102: "Processing",
  199: "Informational - Others",
  203: "Non-authoritative Information",
  299: "Success - Others",
  399: "Redirection - Others",
  408: "Request Time-out",
  413: "Request Entity Too Large",
  414: "Request-URI Too Long",
  416: "Requested Range Not Satisfiable",
  418: "I'm a teapot",
  422: "Unprocessable Entity",
  499: "Client Error - Others",
  504: "Gateway Time-out",
  505: "HTTP Version not supported",
  510: "Not Extended",
  599: "Server Error - Others",
};

export const meaningOf = (code: number): string => MEANINGS[code] ?? (reasonOf(code) || `Unknown (${code})`);
