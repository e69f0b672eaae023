/**
 * Every view of the page, one after the other, as somebody comes to them in whatever language: actions are found by their ids, the
 * rest by what it is. What only a long run or a fault would bring is put into what the engine says.
 */
import type { Page, WebSocketRoute } from "playwright-core";
import type { EngineState, FromEngine, NetworkInfo } from "../../src/engine/protocol/index.ts";

export interface View {
  readonly name: string;
  /** Goes there, from where the view before left the page, and waits until it stands. */
  readonly show: (page: Page) => Promise<void>;
}

/** Does an action of the palette by its id. */
export async function act(page: Page, id: string): Promise<void> {
  await page.keyboard.press("Control+k");
  const field = page.locator("dialog [role=combobox]");
  await field.fill(id);
  await page.locator("dialog [role=option]").first().click();
  await field.waitFor({ state: "detached" });
}

const dialog = (id: string): View["show"] => {
  return async (page) => {
    await leaveDialog(page);
    await act(page, id);
    await page.getByRole("dialog").waitFor();
  };
};
const leaveDialog = async (page: Page): Promise<void> => {
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
};
const seen = (page: Page, selector: string): Promise<void> => page.locator(selector).first().waitFor();

/** The host that the views are about, and one that commands can be typed to. */
const HOST = "alice";

const NETWORK: readonly View[] = [
  { name: "at first", show: (page) => seen(page, ".device") },
  ...["link", "internet", "transport", "application", "all"].map((layer) => ({
    name: `layer ${layer}`,
    show: async (page: Page) => {
      await act(page, `canvas.layer.${layer}`);
      await seen(page, ".device");
    },
  })),
  {
    name: "what can be done with a device",
    show: async (page) => {
      await page.locator(`.react-flow__node[data-id="${HOST}"]`).click({ button: "right" });
      await seen(page, "[role=menuitem]");
    },
  },
];

/** What is edited, and with what. */
const EDITING: readonly View[] = [
  {
    name: "the palette of devices",
    show: async (page) => {
      await page.keyboard.press("Escape");
      await act(page, "edit.toggle");
      await seen(page, ".device-palette");
    },
  },
  ...[HOST, "router", "switch"].map((device) => ({
    name: `settings of ${device}`,
    show: async (page: Page) => {
      await act(page, `host.show.${device}`);
      await page.getByRole("heading", { name: device, exact: true }).waitFor();
      await seen(page, ".edit-section");
    },
  })),
  {
    name: "what is asked for a cable",
    show: async (page) => {
      await act(page, "edit.connect");
      await seen(page, "dialog select");
    },
  },
  {
    name: "what is asked for a published port",
    show: async (page) => {
      await leaveDialog(page);
      await act(page, "edit.add.outside");
      await seen(page, "dialog select");
    },
  },
  {
    name: "the text",
    show: async (page) => {
      await leaveDialog(page);
      await act(page, "go.text");
      await seen(page, ".cm-content");
    },
  },
  {
    name: "watching again",
    show: async (page) => {
      await act(page, "edit.toggle");
      await page.locator(".device-palette").waitFor({ state: "detached" });
    },
  },
];

const HOSTS: readonly View[] = [
  {
    name: "no host",
    show: async (page) => {
      await page.keyboard.press("Escape");
      await act(page, "go.host");
      await seen(page, ".host-choices");
    },
  },
  ...[HOST, "router", "switch"].map((device) => ({
    name: `host ${device}`,
    show: async (page: Page) => {
      await act(page, `host.show.${device}`);
      await page.getByRole("heading", { name: device, exact: true }).waitFor();
      await seen(page, ".host-section");
    },
  })),
  {
    name: "a cable",
    show: async (page) => {
      await page.locator(".host table button.plain").first().click();
      await seen(page, ".host-section");
    },
  },
];

const TERMINALS: readonly View[] = [
  {
    name: "no terminal",
    show: async (page) => {
      await act(page, "go.terminal");
      await seen(page, ".terminal-hosts");
    },
  },
  {
    name: "a terminal",
    show: async (page) => {
      await act(page, `terminal.open.${HOST}`);
      await page.locator(".xterm-rows", { hasText: `${HOST}$` }).waitFor();
      await page.keyboard.press("Shift+Tab");
    },
  },
  {
    name: "the log",
    show: async (page) => {
      await act(page, "go.log");
      await seen(page, ".log-lines li, .log-panel .empty");
    },
  },
];

const filtered = async (page: Page, text: string): Promise<void> => {
  await page.locator("#packet-filter").fill(text);
  await seen(
    page,
    `[data-state=${text.includes("nonsense") ? "invalid" : "valid"}], [data-state=applied], [data-state=empty]`,
  );
};
const apply = async (page: Page): Promise<void> => {
  await page.keyboard.press("Enter");
  await seen(page, "[data-state=applied], [data-state=empty]");
};

const PACKETS: readonly View[] = [
  {
    name: "the packets",
    show: async (page) => {
      await act(page, "go.packets");
      await seen(page, ".packet-row[data-index]");
    },
  },
  { name: "a filter that is wrong", show: (page) => filtered(page, "tcp && nonsense") },
  {
    name: "a filter that nothing passes",
    show: async (page) => {
      await filtered(page, "udp.port == 9");
      await apply(page);
      await seen(page, ".packets .empty button");
    },
  },
  {
    name: "a packet",
    show: async (page) => {
      await filtered(page, "tcp.len > 0");
      await apply(page);
      await page.locator(".packet-row[data-index]").first().click();
      await seen(page, "[role=treeitem]");
    },
  },
  {
    name: "what can be done with a packet",
    show: async (page) => {
      await page.locator("[role=treeitem]").nth(1).focus();
      await page.keyboard.press("Shift+F10");
      await seen(page, "[role=menuitem]");
    },
  },
  {
    name: "a stream",
    show: async (page) => {
      await page.keyboard.press("Escape");
      await act(page, "packets.follow");
      await seen(page, ".said");
    },
  },
  {
    name: "a sequence diagram",
    show: async (page) => {
      await act(page, "packets.sequence");
      await seen(page, "[role=listbox] [role=option]");
    },
  },
  ...["packets.find", "packets.goTo"].map((id) => ({
    name: id,
    show: async (page: Page) => {
      await act(page, id);
      await seen(page, ".find-bar");
    },
  })),
  { name: "Wireshark", show: dialog("packets.wireshark") },
];

const DIALOGS: readonly View[] = [
  {
    name: "the palette",
    show: async (page) => {
      await leaveDialog(page);
      await page.keyboard.press("Control+k");
      await seen(page, "dialog");
    },
  },
  { name: "shortcuts", show: dialog("help.shortcuts") },
  { name: "help", show: dialog("help.open") },
];

const TIME: readonly View[] = [
  {
    name: "a time that is none",
    show: async (page) => {
      await leaveDialog(page);
      await act(page, "time.runUntil");
      await seen(page, "#time-run-until:focus"); // on a narrow screen it is drawn first
      await page.keyboard.type("soon");
      await page.keyboard.press("Enter");
      await seen(page, ".run-until-wrong");
    },
  },
  {
    name: "looking back",
    show: async (page) => {
      await page.keyboard.press("Escape");
      const line = page.locator(".time-line [role=slider]").last();
      await line.focus();
      await line.press("ArrowLeft");
      await seen(page, ".time-notice-past");
    },
  },
  { name: "going on from there", show: dialog("time.goOn") },
];

/** Every view of the chat room. */
export const VIEWS: readonly View[] = [...NETWORK, ...HOSTS, ...EDITING, ...TERMINALS, ...PACKETS, ...DIALOGS, ...TIME];

/** What an engine might say, put into all that it says from then on. */
export class Story {
  #socket: WebSocketRoute | undefined;
  #state: EngineState | undefined;
  #told: Partial<EngineState> = {};
  #network: NetworkInfo | undefined;

  /** Puts itself between a page and its engine: before the page is opened. */
  async stage(page: Page): Promise<void> {
    await page.routeWebSocket(/\/engine$/, (socket) => {
      this.#socket = socket;
      const engine = socket.connectToServer();
      engine.onMessage((message) => socket.send(JSON.stringify(this.#retold(JSON.parse(String(message))))));
    });
  }

  /** Says of the engine's state what is not so. */
  tell(state: Partial<EngineState>): void {
    this.#told = state;
    if (this.#state !== undefined) this.#say({ type: "state", state: { ...this.#state, ...state } });
  }

  /** Says of a door that its port is in use. */
  shut(door: string): void {
    const doors = (this.#network as NetworkInfo).doors.map((each) =>
      each.name === door
        ? { ...each, problem: { code: "port-in-use", params: { address: "127.0.0.1", port: 8888 }, text: "" } }
        : each,
    );
    this.#say({ type: "network", network: { ...(this.#network as NetworkInfo), doors } });
  }

  /** Refuses the page when it comes again. */
  refuse(code: "version" | "token" | "busy"): void {
    this.#say({ type: "refusal", code, version: 2 });
  }

  #say(message: FromEngine): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #retold(message: FromEngine): FromEngine {
    if (message.type === "welcome") {
      this.#network = message.network;
      this.#state = message.state;
    } else if (message.type === "state") this.#state = message.state;
    else return message;
    return { ...message, state: { ...message.state, ...this.#told } };
  }
}
