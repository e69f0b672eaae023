import type { FieldDefinition } from "./field.ts";
import { layerFields } from "./layer-fields.ts";
import { PLAIN_ARP, PLAIN_ETHERNET, PLAIN_FRAME, PLAIN_ICMP, PLAIN_IP, PLAIN_UDP } from "./plain-headers.ts";
import { Layer, type PlainField, type Readers } from "./plain-reading.ts";
import { PLAIN_TCP } from "./plain-tcp.ts";

const LAYERS: readonly (readonly [layer: number, readers: Readers])[] = [
  [Layer.frame, PLAIN_FRAME],
  [Layer.eth, PLAIN_ETHERNET],
  [Layer.arp, PLAIN_ARP],
  [Layer.ip, PLAIN_IP],
  [Layer.icmp, PLAIN_ICMP],
  [Layer.udp, PLAIN_UDP],
  [Layer.tcp, PLAIN_TCP],
];

const definitions = new Map<string, FieldDefinition>();
for (const definition of layerFields) {
  if (!definitions.has(definition.name)) definitions.set(definition.name, definition);
}

/** The fields that {@link PlainFrame} reads, by name. */
export const PLAIN_FIELDS: ReadonlyMap<string, PlainField> = new Map(
  LAYERS.flatMap(([layer, readers]) =>
    Object.entries(readers).map(([name, read]) => {
      const definition = definitions.get(name) as FieldDefinition;
      return [name, { definition, layer, read }] as const;
    }),
  ),
);
