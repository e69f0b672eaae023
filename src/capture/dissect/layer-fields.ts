import { ARP_FIELDS } from "./arp-layer.ts";
import { DATA_FIELDS } from "./data-layer.ts";
import { ETHERNET_FIELDS } from "./ethernet-layer.ts";
import { EXPERT_FIELDS } from "./expert.ts";
import type { FieldDefinition } from "./field.ts";
import { FRAME_FIELDS } from "./frame-layer.ts";
import { ICMP_FIELDS } from "./icmp-layer.ts";
import { IPV4_FIELDS } from "./ipv4-layer.ts";
import { TCP_FIELDS } from "./tcp-layer.ts";
import { UDP_FIELDS } from "./udp-layer.ts";

/** Every field of layers 2 to 4. */
export const layerFields: readonly FieldDefinition[] = [
  ...[FRAME_FIELDS, ETHERNET_FIELDS, ARP_FIELDS, IPV4_FIELDS, ICMP_FIELDS],
  ...[UDP_FIELDS, TCP_FIELDS, DATA_FIELDS, EXPERT_FIELDS],
].flat();
