import type { Errno } from "../../base/errno.ts";
import { ICMP_PARAMETER_PROBLEM, ICMP_TIME_EXCEEDED, ICMP_UNREACHABLE } from "../../wire/icmpv4.ts";
import type { DeliveryFailure } from "../internet.ts";

/** What an ICMP error means to a transport. */
export type Meaning = Pick<DeliveryFailure, "kind" | "errno" | "hard">;

const meaning = (kind: Meaning["kind"], errno: Errno, hard: boolean): Meaning => ({ kind, errno, hard });

/** Destination unreachable by code, errno and hardness as Linux (`icmp_err_convert`). Its EOPNOTSUPP is ENOTSUP here. */
const UNREACHABLE: readonly Meaning[] = [
  meaning("network-unreachable", "ENETUNREACH", false),
  meaning("host-unreachable", "EHOSTUNREACH", false),
  meaning("protocol-unreachable", "ENOPROTOOPT", true),
  meaning("port-unreachable", "ECONNREFUSED", true),
  meaning("packet-too-big", "EMSGSIZE", false),
  meaning("source-route-failed", "ENOTSUP", false),
  meaning("network-unreachable", "ENETUNREACH", true), // network unknown
  meaning("host-unreachable", "EHOSTDOWN", true), // host unknown
  meaning("host-unreachable", "ENONET", true), // host isolated
  meaning("prohibited", "ENETUNREACH", true), // network prohibited
  meaning("prohibited", "EHOSTUNREACH", true), // host prohibited
  meaning("network-unreachable", "ENETUNREACH", false), // network unreachable for type of service
  meaning("host-unreachable", "EHOSTUNREACH", false), // host unreachable for type of service
  meaning("prohibited", "EHOSTUNREACH", true), // communication prohibited
  meaning("prohibited", "EHOSTUNREACH", true), // precedence violation
  meaning("prohibited", "EHOSTUNREACH", true), // precedence cutoff
];

const EXCEEDED: readonly Meaning[] = [
  meaning("hop-limit-exceeded", "EHOSTUNREACH", false),
  meaning("reassembly-timeout", "EHOSTUNREACH", false),
];

const PARAMETER_PROBLEM = meaning("parameter-problem", "EPROTO", true);

/** No answer came from the next hop (RFC 1122 §2.4: to the transport it is as a host unreachable). */
export const NEIGHBOR_UNRESOLVED = meaning("neighbor-unresolved", "EHOSTUNREACH", false);

/** @returns undefined for a message that reports nothing to transports */
export function meaningOf(type: number, code: number): Meaning | undefined {
  switch (type) {
    case ICMP_UNREACHABLE:
      return UNREACHABLE[code];
    case ICMP_TIME_EXCEEDED:
      return EXCEEDED[code];
    case ICMP_PARAMETER_PROBLEM:
      return PARAMETER_PROBLEM;
    default:
      return undefined;
  }
}
