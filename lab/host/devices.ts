import type { DeviceSnapshot } from "../../src/device/device.ts";
import type { HostSnapshot } from "../../src/device/host.ts";
import type { SwitchSnapshot } from "../../src/device/switch.ts";

/** Whether a device has a TCP/IP stack: hosts and routers. */
export const isHost = (device: DeviceSnapshot): device is HostSnapshot => "ipv4" in device;

export const isSwitch = (device: DeviceSnapshot): device is SwitchSnapshot => "table" in device;
