import { create } from "zustand";

/**
 * What is selected in the page: one for all panels, so that a packet that is clicked anywhere is the same packet
 * everywhere.
 */
export interface Selection {
  /** The name of a device: the one that panels are about. */
  readonly device: string | undefined;
  /** All devices that are selected, the last of them {@link device}: what is moved, copied and deleted together. */
  readonly devices: readonly string[];
  /** The index of a cable. */
  readonly cable: number | undefined;
  /** The number of an event: a packet as one Nic saw it. */
  readonly event: number | undefined;
  /** The virtual time that is looked at, in nanoseconds; undefined while the page shows what happens now. */
  readonly time: number | undefined;
  /** The display filter of the packet list, as it was last accepted. */
  readonly filter: string;
}

const NONE: readonly string[] = [];

export const useSelection = create<Selection>(() => ({
  device: undefined,
  devices: NONE,
  cable: undefined,
  event: undefined,
  time: undefined,
  filter: "",
}));

/** A device is selected, or none: a cable no longer is. */
export const selectDevice = (device: string | undefined): void =>
  useSelection.setState({ device, devices: device === undefined ? NONE : [device], cable: undefined });

/** Several are selected; panels are about the last. */
export const selectDevices = (devices: readonly string[]): void =>
  useSelection.setState({ device: devices.at(-1), devices, cable: undefined });

export const selectCable = (cable: number | undefined): void =>
  useSelection.setState({ cable, device: undefined, devices: NONE });

export const selectEvent = (event: number | undefined): void => useSelection.setState({ event });

/** Looks at a time that is past, or at the present again (undefined). */
export const lookAt = (time: number | undefined): void => useSelection.setState({ time });

export const setFilter = (filter: string): void => useSelection.setState({ filter });
