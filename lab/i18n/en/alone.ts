/** What is said where the engine runs in the page, without a server. */
export const alone = {
  here: "This lab runs in this tab alone, without a server.",
  shut: { one: "{count} door to the outside is shut.", other: "{count} doors to the outside are shut." },
  waits: "It waits: programs in it need what only Node has. Play it without, or run it there.",
  more: "What is missing here",
  title: "What this lab cannot do in a browser",
  intro:
    "All that happens on virtual hosts and cables happens here as anywhere. Only this needs a program of your machine, Node:",
  nothing: "This network needs nothing that is missing here.",
  always:
    "Never here: published ports, tunnels and streams to real programs, TLS, and programs that run in Node itself.",
  how: "To have it, save the network as a file and open the lab on your machine, which needs Node 20 or newer:",
  tab: "The network lives in this tab. Close the tab or load it anew, and it begins again from its file: its time, its connections and the packets that it kept are gone.",
  save: "Save the network's file",
  begunAnew:
    "The page was loaded anew, and its network began again with it: what it had come to is gone. Its file is kept.",
} as const;
