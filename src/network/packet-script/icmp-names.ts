/** The types and codes of ICMP as scripts name them (RFC 792; RFC 1122 §3.2.2; RFC 1812 §5.2.7). */
export const ICMP_TYPES: Readonly<Record<string, number>> = {
  echo_reply: 0,
  unreachable: 3,
  destination_unreachable: 3,
  source_quench: 4,
  redirect: 5,
  echo_request: 8,
  time_exceeded: 11,
  parameter_problem: 12,
};

const UNREACHABLE = [
  ...["net_unreachable", "host_unreachable", "protocol_unreachable", "port_unreachable", "frag_needed"],
  ...["source_route_failed", "net_unknown", "host_unknown", "source_host_isolated", "net_prohibited"],
  ...["host_prohibited", "net_unreachable_for_tos", "host_unreachable_for_tos", "packet_filtered"],
  ...["host_precedence_violation", "precedence_cutoff"],
];

export const ICMP_CODES: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  3: {
    ...Object.fromEntries(UNREACHABLE.map((name, code) => [name, code])),
    net_unreachable_tos: 11,
    host_unreachable_tos: 12,
    admin_prohibited: 13,
    precedence_violation: 14,
  },
  5: { net: 0, host: 1, tos_net: 2, tos_host: 3 },
  11: { ttl_exceeded_in_transit: 0, fragment_reassembly_time_exceeded: 1, reassembly_time_exceeded: 1 },
  12: { pointer_indicates_error: 0, missing_required_option: 1, bad_length: 2 },
};
