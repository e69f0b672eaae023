import type { Command } from "../shell/command.ts";
import { arp } from "./arp.ts";
import { hostname } from "./hostname.ts";
import { ifconfig } from "./ifconfig.ts";
import { netstat } from "./netstat.ts";
import { ping } from "./ping.ts";
import { route } from "./route.ts";
import { ss } from "./ss.ts";
import { tcpdump } from "./tcpdump/tcpdump.ts";
import { traceroute } from "./traceroute.ts";

/** The commands about a host's network: what Debian's iputils and net-tools are. */
export const TOOLS: readonly Command[] = [arp, hostname, ifconfig, netstat, ping, route, ss, tcpdump, traceroute];
