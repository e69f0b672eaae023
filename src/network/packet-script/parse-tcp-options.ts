import type { Scanner } from "./scanner.ts";
import type { SackBlock, TcpOption } from "./tcp-option.ts";

/** Reads `<mss 1460,nop,wscale 7>` after its opening bracket. @returns undefined for `<...>`, which is not looked at */
export function parseTcpOptions(scanner: Scanner): TcpOption[] | undefined {
  if (scanner.take(/\.\.\.\s*>/) !== undefined) return undefined;
  const options: TcpOption[] = [];
  if (scanner.take(/>/) !== undefined) return options;
  do options.push(parseOne(scanner));
  while (scanner.take(/,/) !== undefined);
  scanner.need(/>/, '">" after the TCP options');
  return options;
}

function parseOne(scanner: Scanner): TcpOption {
  const [name] = scanner.need(/[A-Za-z]\w*/, "a TCP option");
  switch (name) {
    case "nop":
    case "eol":
    case "sackOK":
      return { kind: name };
    case "mss":
      return { kind: "mss", size: number(scanner) };
    case "wscale":
      return { kind: "wscale", shift: number(scanner) };
    case "sack":
      return { kind: "sack", blocks: parseBlocks(scanner) };
    case "TS":
      return parseTimestamps(scanner);
    case "FO":
      return { kind: "FO", cookie: parseBytes(scanner) };
    case "FOEXP": // RFC 7413, appendix A: kind 254 with the magic number 0xf989
      return { kind: "other", number: 254, data: [0xf9, 0x89, ...parseBytes(scanner)] };
    default:
      return scanner.fail(`the TCP option "${name}" is not known`);
  }
}

const number = (scanner: Scanner): number => Number(scanner.need(/0x[0-9a-fA-F]+|\d+/, "a number")[0]);

function parseBlocks(scanner: Scanner): SackBlock[] {
  const blocks: SackBlock[] = [];
  for (;;) {
    const [, left, right] = scanner.take(/(\d+):(\d+)/) ?? [];
    if (left === undefined) return blocks;
    blocks.push({ left: Number(left), right: Number(right) });
  }
}

function parseTimestamps(scanner: Scanner): TcpOption {
  scanner.need(/val\b/, '"val"');
  const value = number(scanner);
  scanner.need(/ecr\b/, '"ecr"');
  return { kind: "TS", value, echo: number(scanner) };
}

function parseBytes(scanner: Scanner): number[] {
  const [text = ""] = scanner.take(/(?:[0-9a-fA-F]{2})+/) ?? [];
  return Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(index * 2, index * 2 + 2), 16),
  );
}
