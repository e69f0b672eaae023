import type { Expert } from "../../../capture/dissect/dissector.ts";
import type { FieldDefinition, FieldType } from "../../../capture/dissect/field.ts";

const all: FieldDefinition[] = [];

function field(name: string, label: string, type: FieldType, more: Partial<FieldDefinition> = {}): FieldDefinition {
  const definition = { name, label, type, ...more };
  all.push(definition);
  return definition;
}

const text = (name: string, label: string): FieldDefinition => field(name, label, "string");

export const HTTP = field("http", "Hypertext Transfer Protocol", "protocol");
export const REQUEST_METHOD = text("http.request.method", "Request Method");
export const REQUEST_URI = text("http.request.uri", "Request URI");
export const URI_PATH = text("http.request.uri.path", "Request URI Path");
export const URI_QUERY = text("http.request.uri.query", "Request URI Query");
export const URI_PARAMETER = text("http.request.uri.query.parameter", "Request URI Query Parameter");
export const REQUEST_VERSION = text("http.request.version", "Request Version");
export const RESPONSE_VERSION = text("http.response.version", "Response Version");
export const RESPONSE_CODE = field("http.response.code", "Status Code", "uint", { width: 2 });
export const RESPONSE_MEANING = text("http.response.code.desc", "Status Code Description");
export const RESPONSE_PHRASE = text("http.response.phrase", "Response Phrase");
export const REQUEST_LINE = text("http.request.line", "Request line");
export const RESPONSE_LINE = text("http.response.line", "Response line");

/** Fields of a head that have a name of their own, by their name in small letters. */
export const NAMED_FIELDS: ReadonlyMap<string, FieldDefinition> = new Map(
  [
    ...["Authorization", "Proxy-Authorization", "Proxy-Authenticate", "WWW-Authenticate", "Content-Type"],
    ...["Content-Encoding", "Transfer-Encoding", "Upgrade", "User-Agent", "Host", "Connection", "Cookie", "Accept"],
    ...["Referer", "Accept-Language", "Date", "Cache-Control", "Server", "Location", "Sec-WebSocket-Accept"],
    ...["Sec-WebSocket-Extensions", "Sec-WebSocket-Key", "Sec-WebSocket-Protocol", "Sec-WebSocket-Version"],
    ...["Set-Cookie", "Last-Modified", "X-Forwarded-For"],
  ].map((label) => [label.toLowerCase(), text(`http.${label.toLowerCase().replaceAll("-", "_")}`, label)] as const),
);
export const ACCEPT_ENCODING = text("http.accept_encoding", "Accept Encoding");
export const LENGTH_FIELD = text("http.content_length_header", "Content-Length");
export const CONTENT_LENGTH = field("http.content_length", "Content length", "uint64", { width: 8 });
export const COOKIE_PAIR = text("http.cookie_pair", "Cookie pair");
export const CREDENTIALS = text("http.authbasic", "Credentials");

export const FULL_URI = text("http.request.full_uri", "Full request URI");
export const IS_REQUEST = field("http.request", "Request", "boolean");
export const IS_RESPONSE = field("http.response", "Response", "boolean");
export const REQUEST_NUMBER = field("http.request_number", "Request number", "uint", { width: 4 });
export const RESPONSE_NUMBER = field("http.response_number", "Response number", "uint", { width: 4 });
export const TIME = field("http.time", "Time since request", "duration");
export const REQUEST_IN = field("http.request_in", "Request in frame", "frame");
export const RESPONSE_IN = field("http.response_in", "Response in frame", "frame");
export const NEXT_REQUEST_IN = field("http.next_request_in", "Next request in frame", "frame");
export const NEXT_RESPONSE_IN = field("http.next_response_in", "Next response in frame", "frame");
export const PREVIOUS_REQUEST_IN = field("http.prev_request_in", "Prev request in frame", "frame");
export const PREVIOUS_RESPONSE_IN = field("http.prev_response_in", "Prev response in frame", "frame");
export const RESPONSE_FOR = text("http.response_for.uri", "Request URI");

export const CHUNK_SIZE = field("http.chunk_size", "Chunk size", "uint", { width: 4, unit: " octets" });
export const CHUNK_DATA = field("http.chunk_data", "Chunk data", "bytes");
export const CHUNK_END = field("http.chunk_boundary", "Chunk boundary", "bytes");
export const TRAILER = text("http.chunked_trailer_part", "trailer-part");
export const FILE_DATA = text("http.file_data", "File Data");

export const CHAT: Expert = {
  definition: field("http.chat", "Formatted text", "none"),
  severity: "Chat",
  group: "Sequence",
  message: "Formatted text",
};
export const NOT_DECOMPRESSED: Expert = {
  definition: field("http.decompression_failed", "Decompression failed", "none"),
  severity: "Warning",
  group: "Undecoded",
  message: "Decompression failed",
};
export const BAD_NAME: Expert = {
  definition: field("http.bad_header_name", "Illegal characters found in header name", "none"),
  severity: "Warning",
  group: "Protocol",
  message: "Illegal characters found in header name",
};

/** Every field of a message's head and framing; those of bodies stand with their media. */
export const HTTP_FIELDS: readonly FieldDefinition[] = all;
