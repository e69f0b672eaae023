/** What a view knows of a Nic, at its index in the network. */
export interface NicPlace {
  /** `"alice"` */
  readonly device: string;
  /** `"alice.eth0"` */
  readonly name: string;
  readonly mac: number;
  readonly isLoopback: boolean;
  /** The Nic at the other end of its cable, by its index; −1 for none. */
  readonly opposite: number;
}

/** Every Nic of a network, each at its index. More may come. */
export type NicPlaces = readonly NicPlace[];
