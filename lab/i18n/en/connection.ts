export const connection = {
  status: "Engine",
  seed: "seed {seed}",
  open: "connected",
  connecting: "connecting …",
  goneShort: "not connected",
  gone: "The engine cannot be reached.",
  goneRemedy:
    "Nothing is lost: this page asks again by itself, and shows what it last knew. If the lab was ended, start it again and open the address that it prints.",
  tries: { one: "tried {count} time", other: "tried {count} times" },
  again: "Try now",
  token: "This page may not watch the engine.",
  tokenRemedy:
    "Each start of the lab has a token of its own, and this page has none or that of an earlier start. Open the address that the lab prints in its terminal, all of it.",
  version: "The engine speaks version {theirs} of the lab's protocol, this page version {ours}.",
  versionRemedy:
    "Netarium was updated while the lab ran. End the lab, start it again, and open the address that it prints.",
  busy: "As many pages watch the engine as it has room for.",
  busyRemedy: "Close one of them, then try again.",
  changed: "Another engine answers than before: the network began anew.",
  tabs: { one: "{count} page", other: "{count} pages watch this network; what one does, all see" },
  alone: "runs in this tab",
  ended: "The engine has ended: {why}.",
  endedRemedy:
    "What ran in it is lost: its time, its connections and the packets that it kept. Start another: the network begins anew from its file.",
  endedAgain: "Start another engine",
} as const;
