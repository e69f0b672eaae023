// What is seen. Everything that comes from people is set as textContent.
const by = (id) => document.getElementById(id);
/** Messages on the page; the oldest go. */
const SHOWN = 1000;

/** An element with a text. */
function make(tag, text, className) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className !== undefined) element.className = className;
  return element;
}

/** Each name has a colour of its own. */
function hueOf(name) {
  let hash = 0;
  for (const char of name) hash = (hash * 31 + char.codePointAt(0)) >>> 0;
  return (hash % 36) * 10;
}

function named(name) {
  const element = make("b", name);
  element.style.setProperty("--hue", hueOf(name));
  return element;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

export class View {
  onsay = () => {};
  onearlier = () => {};
  onroom = () => {};
  onenter = () => {};
  onme = () => {};
  registration = false;
  #here = [];
  #oldest = 0;
  #room = "";

  constructor() {
    by("say").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = by("text").value.trim();
      by("text").value = "";
      this.problem("");
      if (text !== "") this.onsay(text);
    });
    by("new-room").addEventListener("submit", (event) => {
      event.preventDefault();
      this.onroom(by("new-room-name").value);
      by("new-room-name").value = "";
      this.#menu(false);
    });
    by("earlier").addEventListener("click", () => this.onearlier(this.#oldest));
    by("me").addEventListener("click", () => this.onme());
    by("menu").addEventListener("click", () => this.#menu(!by("side").classList.contains("open")));
    this.#listenToDialog();
  }

  /** An empty room. */
  show(you, room) {
    by("app").hidden = false;
    this.#room = room;
    this.#oldest = 0;
    by("room").textContent = room;
    document.title = `#${room} – Chat`;
    by("messages").replaceChildren();
    by("earlier").hidden = true;
    this.people([]);
    this.you(you);
    for (const button of by("rooms").querySelectorAll("button")) this.#mark(button);
    this.#menu(false);
    by("text").focus();
  }

  you({ name, registered }) {
    by("me").textContent = registered ? `${name} ✓` : name;
    by("me").title = registered ? "Signed in" : "Change your name";
  }

  status(state) {
    by("status").dataset.state = state;
    by("status").textContent = state;
  }

  problem(text) {
    by("problem").textContent = text;
    by("problem").hidden = text === "";
  }

  rooms(rooms) {
    const items = rooms.map(({ name, people }) => {
      const button = make("button", "");
      button.type = "button";
      button.dataset.room = name;
      button.append(make("span", `#${name}`), make("span", people === 0 ? "" : people));
      button.addEventListener("click", () => {
        this.onroom(name);
        this.#menu(false);
      });
      this.#mark(button);
      const item = make("li", "");
      item.append(button);
      return item;
    });
    by("rooms").replaceChildren(...items);
  }

  people(names) {
    this.#here = [...names];
    by("count").textContent = names.length === 0 ? "" : `(${names.length})`;
    by("people").replaceChildren(...names.map((name) => make("li", name)));
    const here = by("rooms").querySelector("[aria-current] span:last-child");
    if (here !== null) here.textContent = names.length || "";
  }

  /** Somebody came, went, or is called something else. */
  moved({ type, name, before, why }) {
    if (type === "joined") this.people([...this.#here, name]);
    else if (type === "left") this.people(this.#here.filter((each) => each !== name));
    else this.people(this.#here.map((each) => (each === before ? name : each)));
    if (type === "renamed") this.event(`${before} is now ${name}`);
    else this.event(type === "joined" ? `${name} came in` : `${name} left${why === undefined ? "" : ` (${why})`}`);
  }

  event(text) {
    this.#add(make("li", text, "event"));
  }

  message(message, own) {
    this.#oldest ||= message.seq;
    this.#add(this.#messageOf(message, own));
  }

  /** Earlier messages, above the others. */
  before(messages, own, more) {
    const scroll = by("scroll");
    const below = scroll.scrollHeight - scroll.scrollTop;
    by("messages").prepend(...messages.map((each) => this.#messageOf(each, own)));
    scroll.scrollTop = scroll.scrollHeight - below;
    this.#oldest = messages[0]?.seq ?? this.#oldest;
    this.more(more);
  }

  more(more) {
    by("earlier").hidden = !more;
  }

  /** A message that is on its way. */
  waiting({ id, text }, own) {
    const item = make("li", "", "waiting");
    item.dataset.id = id;
    item.append(named(own), make("i", "sending"), make("p", text));
    by("pending").append(item);
    by("scroll").scrollTop = by("scroll").scrollHeight;
  }

  settled(id) {
    for (const item of by("pending").children) if (item.dataset.id === id) item.remove();
  }

  /** Asks who somebody is. @param you who they are now, or null */
  ask(name, you) {
    const registered = you?.registered === true;
    by("welcome-title").textContent = you === null ? "Join the chat" : registered ? "You are signed in" : "Your name";
    by("name").value = name;
    by("name").disabled = registered;
    by("as-guest").textContent = you === null ? "Join" : registered ? "Close" : "Change";
    by("with-password").hidden = !this.registration || registered;
    by("password-line").hidden = true;
    by("registered").hidden = true;
    by("sign-out").hidden = !registered;
    this.#refused("");
    if (!by("welcome").open) by("welcome").showModal();
  }

  #messageOf({ name, text, time }, own) {
    const item = make("li", "", name === own ? "message own" : "message");
    const at = make("time", clock.format(time));
    at.dateTime = new Date(time).toISOString();
    at.title = date.format(time);
    item.append(named(name), at, make("p", text));
    return item;
  }

  #add(item) {
    const scroll = by("scroll");
    const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
    const messages = by("messages");
    messages.append(item);
    if (messages.childElementCount > SHOWN) messages.firstElementChild.remove();
    if (atEnd) scroll.scrollTop = scroll.scrollHeight;
  }

  #mark(button) {
    if (button.dataset.room === this.#room) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }

  #menu(open) {
    by("side").classList.toggle("open", open);
    by("menu").setAttribute("aria-expanded", open);
  }

  #refused(text) {
    by("refused").textContent = text;
    by("refused").hidden = text === "";
  }

  #listenToDialog() {
    const enter = async (path) => {
      const body = { name: by("name").value, password: by("password").value };
      const refusal = await this.onenter(path, path === "/session" ? { name: body.name } : body);
      this.#refused(refusal ?? "");
      by("password").value = "";
      if (refusal === undefined && path !== "/sign-out") by("welcome").close();
    };
    by("enter").addEventListener("submit", (event) => {
      event.preventDefault();
      if (by("name").disabled) by("welcome").close();
      else void enter(by("password-line").hidden ? "/session" : "/sign-in");
    });
    by("with-password").addEventListener("click", () => {
      by("password-line").hidden = false;
      by("registered").hidden = false;
      by("as-guest").hidden = true;
      by("with-password").hidden = true;
      by("password").focus();
    });
    by("welcome").addEventListener("close", () => {
      by("as-guest").hidden = false;
    });
    for (const path of ["sign-in", "register", "sign-out"]) by(path).addEventListener("click", () => enter(`/${path}`));
    // There is nothing behind the dialog for who is nobody yet.
    by("welcome").addEventListener("cancel", (event) => {
      if (by("app").hidden) event.preventDefault();
    });
  }
}
