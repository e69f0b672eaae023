import { HEADER_LENGTH, type Message } from "../../dns/message.ts";
import { formatName } from "../../dns/name.ts";
import { readMessage } from "../../dns/read-message.ts";
import type { ResourceRecord } from "../../dns/record.ts";
import { formatData } from "../../dns/record-text.ts";
import type { Piece } from "./describe.ts";

const RCODES: Readonly<Record<string, string>> = {
  NOERROR: "",
  FORMERR: " FormErr",
  SERVFAIL: " ServFail",
  NXDOMAIN: " NXDomain",
  NOTIMP: " NotImp",
  REFUSED: " Refused",
};

/** A message of DNS, as tcpdump words it: `"1+ A? a.test. (24)"`. */
export function describeDns({ view, at, end }: Piece, verbose: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, end - at);
  if (bytes.length < HEADER_LENGTH) return `domain [length ${bytes.length} < ${HEADER_LENGTH}] (invalid)`;
  const message = readMessage(bytes)?.message;
  if (message === undefined) return `${view.getUint16(at)} [|domain]`;
  return `${message.id}${message.response ? response(message, verbose) : query(message, verbose)} (${bytes.length})`;
}

const extra = ({ additionals, edns }: Message): number => additionals.length + (edns === undefined ? 0 : 1);

const asked = ({ questions }: Message): string =>
  questions.map(({ name, type, class: of }) => ` ${type}${of === "IN" ? "" : ` ${of}`}? ${formatName(name)}`).join("");

function query(message: Message, verbose: number): string {
  const { recursionDesired, checkingDisabled, answers, authorities, additionals, edns } = message;
  const counts = [
    ...(answers.length > 0 ? [` [${answers.length}a]`] : []),
    ...(authorities.length > 0 ? [` [${authorities.length}n]`] : []),
    ...(extra(message) > 0 ? [` [${extra(message)}au]`] : []),
  ];
  const flags = `${recursionDesired ? "+" : ""}${checkingDisabled ? "%" : ""}`;
  const shown = verbose > 1 && additionals.length + (edns === undefined ? 0 : 1) > 0 ? additional(message) : "";
  return `${flags}${counts.join("")}${asked(message)}${shown}`;
}

function response(message: Message, verbose: number): string {
  const { rcode, authoritative, recursionAvailable, truncated, authenticData, answers, authorities } = message;
  const flags =
    `${RCODES[rcode] ?? ` Resp${rcode}`}${authoritative ? "*" : ""}${recursionAvailable ? "" : "-"}` +
    `${truncated ? "|" : ""}${authenticData ? "$" : ""}`;
  const questions = verbose > 1 ? ` q:${asked(message)}` : "";
  const counts = ` ${answers.length}/${authorities.length}/${extra(message)}`;
  const found = answers.length > 0 ? ` ${answers.map((each) => record(each, verbose > 0)).join(", ")}` : "";
  const rest =
    verbose > 1
      ? `${authorities.length > 0 ? ` ns: ${authorities.map((each) => record(each, true)).join(", ")}` : ""}` +
        `${extra(message) > 0 ? additional(message) : ""}`
      : "";
  return `${flags}${questions}${counts}${found}${rest}`;
}

function additional({ additionals, edns }: Message): string {
  const records = additionals.map((each) => record(each, true));
  if (edns !== undefined) records.push(`. OPT UDPsize=${edns.udpSize}${edns.dnssecOk ? " DO" : ""}`);
  return ` ar: ${records.join(", ")}`;
}

function record(each: ResourceRecord, named: boolean): string {
  const name = named ? `${formatName(each.name)} ` : "";
  switch (each.type) {
    case "MX":
      return `${name}MX ${formatName(each.data.exchange)} ${each.data.preference}`;
    case "SRV": {
      const { target, port, priority, weight } = each.data;
      return `${name}SRV ${formatName(target)}:${port} ${priority} ${weight}`;
    }
    case "SOA":
      return named ? `${name}SOA ${formatData(each)}` : "SOA";
    default:
      return `${name}${each.type} ${formatData(each)}`;
  }
}
