/** Why something could not be done, by the engine's codes; what has no text here is shown in the engine's English. */
export const problems = {
  "port-in-use": "port {port} of {address} is used by another program",
  "port-not-allowed": "this user may not open port {port} of {address}",
  "no-outside": "nothing can come in from outside here",
  disconnected: "the engine cannot be reached now",
  "not-ahead": "it is later already",
  replaying: "a rewind is under way: wait for it, or interrupt it",
  interrupted: "the rewind was interrupted: everything is as it was before",
  "not-reached": "the network has not come so far",
  "not-kept": "what came in from outside by then was too much to keep, so it cannot be repeated",
  "no-branch": "that branch is not remembered any more",
  speed: "a speed is {slowest} to {fastest}, or as fast as it can",
  livelock:
    "devices send without end, and time stands still: {owners}. Look for a loop of cables; go back to before it",
  "engine-failed":
    "Netarium has failed: {why}. What happened can still be looked at; go back to an earlier time to go on",
  "request-failed": "Netarium has failed to do this: {why}",
  "too-many-requests": "too much is asked at once",
  "too-many-views": "{limit} lists are open already: close one",
  "no-vantage": "there is no such device or interface",
  "no-view": "this list is not open any more",
  "no-export": "this file is not being written any more: begin again",
  "packet-gone": "this packet is not kept any more, or not yet gone through",
  "no-conversation": "this packet is of no conversation",
  "no-request": "no HTTP request ends in this packet",
  "terminal-refused": "no terminal can be opened on {host}: it is no host, or too many are open",
  "no-terminal": "this terminal is not open any more, or too much waits in it",
} as const;
