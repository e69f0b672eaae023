/**
 * The 106 rules that the study "http-conformance" (cispa) tries servers by: which concern what we read and send, and how each
 * exchange of rules-scene.ts is judged by them.
 */
import type { Exchange } from "./exchange.ts";

export interface Rule {
  /** As the study names it. */
  readonly name: string;
  readonly clause: string;
  /** Whether the exchange keeps it; undefined where it says nothing about it. */
  readonly check?: (exchange: Exchange) => boolean | undefined;
  /** Why it is nobody's here, or a handler's. */
  readonly why?: string;
}

type Check = NonNullable<Rule["check"]>;

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const DATE =
  "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \\d{4} \\d\\d:\\d\\d:\\d\\d GMT";
const listOf = (item: string): RegExp => new RegExp(`^(?:${item})(?:[ \\t]*,[ \\t]*(?:${item}))*$`);
const whole = (text: string): RegExp => new RegExp(`^(?:${text})$`);
const QUOTED = '"[^"\\\\\\x00-\\x1f]*"';
const PARAMETERS = `(?:[ \\t]*;[ \\t]*${TOKEN}=(?:${TOKEN}|${QUOTED}))*`;

/** The grammar of a field, wherever it is sent. */
const grammar =
  (name: string, pattern: RegExp): Check =>
  ({ fields }) =>
    fields.has(name) ? fields.getAll(name).every((value) => pattern.test(value)) : undefined;
/** What a status has to come with. */
const withStatus =
  (status: number, check: (exchange: Exchange) => boolean): Check =>
  (exchange) =>
    exchange.status === status ? check(exchange) : undefined;
const hasField = (name: string) => (exchange: Exchange) => exchange.fields.has(name);
/** The status that something tried is answered by. */
const answered =
  (pattern: RegExp, ...statuses: number[]): Check =>
  ({ what, status }) =>
    pattern.test(what) ? statuses.includes(status) : undefined;
const without =
  (...names: string[]) =>
  (exchange: Exchange) =>
    !names.some((name) => exchange.fields.has(name));
const hasNoContent = ({ body, fields }: Exchange): boolean =>
  body === "" && (fields.get("content-length") ?? "0") === "0";

const HANDLERS =
  "a handler's: the server and its middleware send no such field, and write those of a handler as it gave them";
const NOT_SENT = "no answer of ours has this status; a handler that gives it gives its fields";
const HTTP2 = "HTTP/2 is not spoken here";
/** Of which a message may have several lines, or has one list over several. */
const SEVERAL = new Set(["set-cookie", "vary", "allow", "cache-control", "www-authenticate", "via", "connection"]);

const of9110 = (section: string): string => `RFC 9110 §${section}`;
const of9112 = (section: string): string => `RFC 9112 §${section}`;
const rule = (name: string, clause: string, check: Check): Rule => ({ name, clause, check });
const left = (name: string, clause: string, why: string): Rule => ({ name, clause, why });

/** Rules of what is read. */
const READING: readonly Rule[] = [
  rule("continue_before_upgrade", of9110("7.8"), ({ what, interim, status }) =>
    what === "an upgrade after 100" ? interim.join() === "100" && status === 101 : undefined,
  ),
  rule("reject_fields_contaning_cr_lf_nul", of9110("5.5"), answered(/^(?:CR|LF|NUL) in a value/, 400)),
  rule("code_400_after_bad_host_request", of9112("3.2"), answered(/host(?:s)?$/, 400)),
  rule("code_501_unknown_methods", of9110("9.1"), answered(/^an unknown method/, 501)),
  rule("code_405_blocked_methods", of9110("9.1"), answered(/^a method not allowed/, 405)),
  rule("allow_crlf_start", of9112("2.2"), answered(/^an empty line first/, 200)),
  rule(
    "reject_msgs_with_whitespace_between_startline_and_first_header_field",
    of9112("2.2"),
    answered(/^space before fields/, 400),
  ),
  rule(
    "code_400_if_msg_with_whitespace_between_header_field_and_colon",
    of9112("5.1"),
    answered(/^space before a colon/, 400),
  ),
];

/** Rules of framing and of the connection. */
const FRAMING: readonly Rule[] = [
  rule("content_head_request", of9110("9.3.2"), ({ method, body }) => (method === "HEAD" ? body === "" : undefined)),
  rule("content_length_2XX_connect", of9110("8.6"), (exchange) =>
    exchange.method === "CONNECT" && exchange.status < 300 ? without("content-length")(exchange) : undefined,
  ),
  rule("transfer_encoding_2XX_connect", of9112("6.1"), (exchange) =>
    exchange.method === "CONNECT" && exchange.status < 300 ? without("transfer-encoding")(exchange) : undefined,
  ),
  rule("content_length_1XX_204", of9110("8.6"), (exchange) =>
    exchange.status < 200 || exchange.status === 204 ? without("content-length")(exchange) : undefined,
  ),
  rule("no_transfer_encoding_1xx_204", of9112("6.1"), (exchange) =>
    exchange.status < 200 || exchange.status === 204 ? without("transfer-encoding")(exchange) : undefined,
  ),
  rule("transfer_encoding_http11", of9112("6.1"), (exchange) =>
    exchange.minor === 0 ? without("transfer-encoding")(exchange) : undefined,
  ),
  rule("transfer_encoding_grammar", of9112("6.1"), grammar("transfer-encoding", listOf(TOKEN))),
  rule("content_length_grammar", of9110("8.6"), grammar("content-length", /^\d+$/)),
  rule("connection_grammar", of9110("7.6.1"), grammar("connection", listOf(TOKEN))),
  rule("close_option_in_final_response", of9112("9.6"), ({ asked, fields, closed }) =>
    asked.get("connection") === "close" ? closed && fields.get("connection") === "close" : undefined,
  ),
  rule("no_bare_cr", of9112("2.2"), ({ head }) => !/\r(?!\n)|(?<!\r)\n/.test(head)),
  rule("duplicate_fields", of9110("5.3"), ({ fields }) => {
    const names = [...fields].map(([name]) => name.toLowerCase()).filter((name) => !SEVERAL.has(name));
    return new Set(names).size === names.length;
  }),
  rule("send_upgrade_101", of9110("7.8"), withStatus(101, hasField("upgrade"))),
  rule("switch_protocol_without_client", of9110("7.8"), ({ what, status, asked }) =>
    status === 101 ? asked.has("upgrade") : what === "an upgrade that nobody asked for" ? true : undefined,
  ),
  left("send_upgrade_426", of9110("7.8"), NOT_SENT),
  left("code_101_not_allowed_in_http2", "RFC 9113 §8.6", HTTP2),
  left("field_name_nonvisible_asciichars", "RFC 9113 §8.2.1", HTTP2),
  left("field_name_colon_except_for_pseudo_header_fields", "RFC 9113 §8.2.1", HTTP2),
  left("field_value_zero_value_lf_cr", "RFC 9113 §8.2.1", `${HTTP2}; of HTTP/1.1, serialiser.test.ts shows it`),
  left("field_value_start_or_end_with_whitespace", "RFC 9113 §8.2.1", `${HTTP2}; of HTTP/1.1, fields.test.ts shows it`),
];

/** Rules of statuses. */
const STATUSES: readonly Rule[] = [
  ...[301, 302, 303, 307, 308].map((status) =>
    rule(`code_${status}_location`, of9110(`15.4.${status - 299}`), withStatus(status, hasField("location"))),
  ),
  left("code_300_location", of9110("15.4.1"), NOT_SENT),
  left("code_300_metadata", of9110("15.4.1"), NOT_SENT),
  left("code_413_retry_after", of9110("15.5.14"), "how much content is too much does not pass with time"),
  rule("code_415_unsupported_media_type", of9110("15.5.16"), withStatus(415, hasField("accept"))),
  rule("code_416_content_range", of9110("15.5.17"), withStatus(416, hasField("content-range"))),
  rule("code_204_no_additional_content", of9110("15.3.5"), withStatus(204, hasNoContent)),
  rule("code_205_no_content_allowed", of9110("15.3.6"), withStatus(205, hasNoContent)),
  rule(
    "code_304_no_content",
    of9110("15.4.5"),
    withStatus(304, ({ body }) => body === ""),
  ),
  rule("code_206_content_range", of9110("15.3.7.1"), withStatus(206, isOnePartOrSeveral)),
  rule("code_206_content_range_of_multiple_part_response", of9110("15.3.7.2"), withStatus(206, isOnePartOrSeveral)),
  rule("code_401_www_authenticate", of9110("15.5.2"), withStatus(401, hasField("www-authenticate"))),
  rule("code_405_allow", of9110("15.5.6"), withStatus(405, hasField("allow"))),
  left("code_407_proxy_authenticate", of9110("15.5.8"), NOT_SENT),
  rule("post_invalid_response_codes", of9110("9.3.3"), ({ method, status }) =>
    method === "POST" ? ![206, 304, 416].includes(status) : undefined,
  ),
];

function isOnePartOrSeveral({ fields }: Exchange): boolean {
  const several = /^multipart\/byteranges;/i.test(fields.get("content-type") ?? "");
  return fields.has("content-range") !== several;
}

/** Rules of fields, each by its grammar. */
const FIELDS: readonly Rule[] = [
  rule("date_grammar", of9110("6.6.1"), grammar("date", whole(DATE))),
  rule("date_header_required", of9110("6.6.1"), (exchange) =>
    exchange.status >= 200 && exchange.status < 500 ? hasField("date")(exchange) : undefined,
  ),
  rule("last_modified_grammar", of9110("8.8.2"), grammar("last-modified", whole(DATE))),
  rule("etag_grammar", of9110("8.8.3"), grammar("etag", /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/)),
  rule("content_type_grammar", of9110("8.3"), grammar("content-type", whole(`${TOKEN}/${TOKEN}${PARAMETERS}`))),
  rule("content_type_header_required", of9110("8.3"), ({ body, fields, what }) =>
    body === "" || /stream/.test(what) ? undefined : fields.has("content-type"),
  ),
  rule("range_grammar", of9110("14.4"), grammar("content-range", /^bytes (?:\d+-\d+\/(?:\d+|\*)|\*\/\d+)$/)),
  rule(
    "content_language_grammar",
    of9110("8.5"),
    grammar("content-language", listOf("[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")),
  ),
  rule("content_encoding_grammar", of9110("8.4"), grammar("content-encoding", listOf(TOKEN))),
  rule("allow_grammar", of9110("10.2.1"), grammar("allow", listOf(TOKEN))),
  rule("accept_ranges_grammar", of9110("14.3"), grammar("accept-ranges", listOf(TOKEN))),
  rule("vary_grammar", of9110("12.5.5"), grammar("vary", listOf(`\\*|${TOKEN}`))),
  rule("location_header_grammar", of9110("10.2.2"), grammar("location", /^[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/)),
  rule("retry_after_grammar", of9110("10.2.3"), grammar("retry-after", whole(`\\d+|${DATE}`))),
  rule(
    "cache_control_grammar",
    "RFC 9111 §5.2",
    grammar("cache-control", listOf(`${TOKEN}(?:=(?:${TOKEN}|${QUOTED}))?`)),
  ),
  rule("response_directive_max_age", "RFC 9111 §5.2.2.1", ({ fields }) => {
    const value = fields.get("cache-control") ?? "";
    return value.includes("max-age") ? /max-age=\d+(?:,|$)/.test(value) : undefined;
  }),
  left("response_directive_no_cache", "RFC 9111 §5.2.2.4", "ours names no fields; others are a handler's"),
  left("response_directive_private", "RFC 9111 §5.2.2.7", "ours names no fields; others are a handler's"),
  left("response_directive_s_maxage", "RFC 9111 §5.2.2.10", HANDLERS),
  left("age_grammar", "RFC 9111 §5.1", "caches send it, and there is none here"),
  left("expires_grammar", "RFC 9111 §5.3", HANDLERS),
  left("server_grammar", of9110("10.2.4"), "no Server is sent"),
  left("server_header_long", of9110("10.2.4"), "no Server is sent"),
  left("accept_encoding_grammar", of9110("12.5.3"), HANDLERS),
  left("accept_patch_grammar", "RFC 5789 §3.1", HANDLERS),
  left("accept_patch_presence", "RFC 5789 §3.1", "which types a PATCH takes only its handler knows"),
  left("proxy_authorization_grammar", of9110("11.7.2"), "a field of requests; our client sends what it is given"),
];

const COOKIE = `${TOKEN}=[\\x21\\x23-\\x2b\\x2d-\\x3a\\x3c-\\x5b\\x5d-\\x7e]*(?:; [^;\\x00-\\x1f\\x7f]+)*`;
const eachCookie =
  (check: (value: string) => boolean): Check =>
  ({ fields }) =>
    fields.has("set-cookie") ? fields.getAll("set-cookie").every(check) : undefined;

/** Rules of cookies and of other origins. */
const COOKIES: readonly Rule[] = [
  rule("cookie_grammar", "RFC 6265 §4.1.1", grammar("set-cookie", whole(COOKIE))),
  rule(
    "cookie_IMF_fixdate",
    "RFC 6265 §4.1.1",
    eachCookie((value) => new RegExp(`Expires=${DATE}(?:;|$)`).test(value) || !/Expires/i.test(value)),
  ),
  rule(
    "duplicate_cookie_attribute",
    "RFC 6265 §4.1.1",
    eachCookie((value) => {
      const names = value
        .split("; ")
        .slice(1)
        .map((part) => part.split("=")[0]?.toLowerCase());
      return new Set(names).size === names.length;
    }),
  ),
  rule("duplicate_cookies", "RFC 6265 §4.1.1", ({ fields }) => {
    const names = fields.getAll("set-cookie").map((value) => value.split("=")[0]);
    return names.length > 0 ? new Set(names).size === names.length : undefined;
  }),
  rule(
    "access_control_allow_origin_grammar",
    "Fetch §3.3.3",
    grammar("access-control-allow-origin", /^(?:\*|null|https?:\/\/[^/\s]+)$/),
  ),
  rule(
    "access_control_allow_credentials_grammar",
    "Fetch §3.3.3",
    grammar("access-control-allow-credentials", /^true$/),
  ),
  rule(
    "access_control_expose_headers_grammar",
    "Fetch §3.3.3",
    grammar("access-control-expose-headers", listOf(TOKEN)),
  ),
  rule("access_control_max_age_grammar", "Fetch §3.3.3", grammar("access-control-max-age", /^\d+$/)),
  rule("access_control_allow_methods_grammar", "Fetch §3.3.3", grammar("access-control-allow-methods", listOf(TOKEN))),
  rule("access_control_allow_headers_grammar", "Fetch §3.3.3", grammar("access-control-allow-headers", listOf(TOKEN))),
  rule("xcto_grammar", "Fetch §3.6", grammar("x-content-type-options", /^nosniff$/i)),
  rule(
    "csp_grammar",
    "CSP3 §3.1",
    grammar("content-security-policy", /^[a-z-]+(?: [^\s;,]+)*(?:; [a-z-]+(?: [^\s;,]+)*)*$/),
  ),
  rule("duplicate_csp", "CSP3 §3.1", ({ fields }) =>
    fields.has("content-security-policy") ? fields.getAll("content-security-policy").length === 1 : undefined,
  ),
  left("csp_ro_grammar", "CSP3 §3.2", HANDLERS),
  left("duplicate_csp_ro", "CSP3 §3.2", HANDLERS),
  left("coep_grammar", "HTML §7.1.4", HANDLERS),
  left("coop_grammar", "HTML §7.1.3", HANDLERS),
  left("corp_grammar", "Fetch §3.7", HANDLERS),
  left("permissions_policy_grammar", "Permissions Policy §5.2", HANDLERS),
  left("xfo_grammar", "HTML §7.7", HANDLERS),
];

/** Rules of Strict-Transport-Security and of the way to HTTPS. */
const TRANSPORT: readonly Rule[] = [
  rule("sts_grammar", "RFC 6797 §6.1", grammar("strict-transport-security", /^max-age=\d+(?:; includeSubDomains)?$/)),
  rule("sts_max_age", "RFC 6797 §6.1.1", grammar("strict-transport-security", /max-age=\d+/)),
  rule(
    "sts_directives_only_allowed_once",
    "RFC 6797 §6.1",
    grammar("strict-transport-security", /^(?!.*max-age.*max-age)/),
  ),
  rule("only_one_sts_header_allowed", "RFC 6797 §7.1", ({ fields, what }) =>
    what === "HSTS over TLS" ? fields.getAll("strict-transport-security").length === 1 : undefined,
  ),
  rule("sts_header_http", "RFC 6797 §7.2", (exchange) =>
    exchange.tls ? undefined : without("strict-transport-security")(exchange),
  ),
  rule("redirect_after_upgrade_insecure_requests", "Upgrade Insecure Requests §3.2", ({ what, status, fields }) =>
    what === "a browser that would rather have HTTPS"
      ? status === 308 && fields.get("location")?.startsWith("https:") === true
      : undefined,
  ),
  rule("STS_header_after_upgrade_insecure_requests", "Upgrade Insecure Requests §3.2", ({ tls, fields }) =>
    tls ? fields.has("strict-transport-security") : undefined,
  ),
];

/** What has to be the same in two exchanges: those of the names. */
export interface PairRule {
  readonly name: string;
  readonly clause: string;
  readonly pair: readonly [string, string];
  readonly fields: readonly string[];
}

const KEPT = ["content-location", "date", "etag", "vary", "cache-control", "expires"];

/** Rules that compare two answers. Of Date only that there is one is looked at. */
export const PAIR_RULES: readonly PairRule[] = [
  {
    name: "content_length_same_head_get",
    clause: of9110("8.6"),
    pair: ["a page", "the head of a page"],
    fields: ["content-length"],
  },
  {
    name: "head_get_headers",
    clause: of9110("9.3.2"),
    pair: ["a page", "the head of a page"],
    fields: [...KEPT, "content-type", "last-modified", "accept-ranges"],
  },
  { name: "code_206_headers", clause: of9110("15.3.7"), pair: ["a page", "a part"], fields: KEPT },
  { name: "code_304_headers", clause: of9110("15.4.5"), pair: ["a page", "what is known"], fields: KEPT },
];

/** A rule about a field that the other answer need not have. */
const OPTIONAL: readonly Rule[] = [left("content_length_same_304_200", of9110("8.6"), "no 304 has a Content-Length")];

export const RULES: readonly Rule[] = [
  ...READING,
  ...FRAMING,
  ...STATUSES,
  ...FIELDS,
  ...COOKIES,
  ...TRANSPORT,
  ...OPTIONAL,
];
