/** What `netarium/socket` has besides for a program that runs on a host of a network: for editors that check types. */
import type { Clock, Names, Sockets } from "netarium/socket";

declare module "netarium/socket" {
  /** The sockets of the host on which the program runs. */
  export const sockets: Sockets;
  /** Its resolver. */
  export const names: Names;
  /** Its clock, in virtual time. */
  export const clock: Clock;
}
