import type { TreeBuilder } from "../../../capture/dissect/dissector.ts";
import { formatIpv6 } from "../ipv6-text.ts";
import * as fields from "./fields.ts";
import { OPTIONS } from "./names.ts";

const CLIENT_COOKIE_LENGTH = 8;

/** Shows the options of an OPT record (RFC 6891 §6.1.2). @returns false when they are longer than the message */
export function dissectOptions(
  bytes: Uint8Array,
  view: DataView,
  from: number,
  to: number,
  tree: TreeBuilder,
): boolean {
  for (let at = from; at < to; ) {
    if (at + 4 > bytes.length) return false;
    const code = view.getUint16(at);
    const length = view.getUint16(at + 2);
    tree.open(
      fields.OPTION,
      at,
      Math.min(4 + length, bytes.length - at),
      undefined,
      `Option: ${OPTIONS[code] ?? `Unknown (${code})`}`,
    );
    tree.add(fields.OPTION_CODE, at, 2, code);
    tree.add(fields.OPTION_LENGTH, at + 2, 2, length);
    at += 4;
    if (at + length > bytes.length) return false;
    tree.add(fields.OPTION_DATA, at, length, bytes.subarray(at, at + length));
    dissectOption(code, bytes.subarray(at, at + length), at, tree);
    tree.close();
    at += length;
  }
  return true;
}

function dissectOption(code: number, data: Uint8Array, at: number, tree: TreeBuilder): void {
  if (code === 8 && data.length >= 4) {
    clientSubnet(data, at, tree);
  } else if (code === 10) {
    const client = data.subarray(0, CLIENT_COOKIE_LENGTH);
    const server = data.subarray(CLIENT_COOKIE_LENGTH);
    tree.add(fields.CLIENT_COOKIE, at, client.length, client);
    tree.add(fields.SERVER_COOKIE, at + client.length, server.length, server);
  } else if (code === 11 && data.length === 2) {
    tree.add(fields.KEEPALIVE, at, 2, ((data[0] as number) << 8) | (data[1] as number));
  } else if (code === 12) {
    tree.add(fields.PADDING, at, data.length, data);
  } else if (code === 15 && data.length >= 2) {
    tree.add(fields.ERROR_CODE, at, 2, ((data[0] as number) << 8) | (data[1] as number));
    const text = data.subarray(2);
    if (text.length > 0) tree.add(fields.ERROR_TEXT, at + 2, text.length, new TextDecoder().decode(text));
  }
}

/** RFC 7871 §6: as much of the address as the mask needs. */
function clientSubnet(data: Uint8Array, at: number, tree: TreeBuilder): void {
  const family = ((data[0] as number) << 8) | (data[1] as number);
  const address = data.subarray(4);
  tree.add(fields.CLIENT_FAMILY, at, 2, family);
  tree.add(fields.CLIENT_MASK, at + 2, 1, data[2] as number);
  tree.add(fields.CLIENT_SCOPE, at + 3, 1, data[3] as number);
  const whole = new Uint8Array(16);
  whole.set(address.subarray(0, 16));
  if (family === 1 && address.length <= 4) {
    tree.add(fields.CLIENT_IPV4, at + 4, address.length, new DataView(whole.buffer).getInt32(0));
  } else if (family === 2 && address.length <= 16) {
    tree.add(fields.CLIENT_IPV6, at + 4, address.length, formatIpv6(whole));
  } else {
    tree.add(fields.CLIENT_ADDRESS, at + 4, address.length, address);
  }
}
