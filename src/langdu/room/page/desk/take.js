// Taking away: every format of `langdu read`, the corrected text, words and a deck; the same bytes as the command line's.
import { articlePath, post } from "../api.js";
import { attempt, button, make } from "../dom.js";
import { say } from "../reading/language.js";

const DECK = { name: "anki", about: "a deck of the words to learn, with sound" };

/** The menu of what can be taken away. */
export class TakeAway {
  #rows = new Map(); // by the name of their format
  #wanted = new Set(); // exports that were asked for in this tab
  #latest = new Map(); // what was told last of an export: the event of a quick one comes before the answer to its request

  constructor(element) {
    this.element = element;
  }

  /** Offers everything of an article that the room makes. */
  show(open, room) {
    this.open = open;
    this.#rows = new Map();
    const formats = room.formats.map((format) => this.#row(format));
    const file = (text, path) => make("a", { href: `/api/${articlePath(open.id, path)}`, download: "" }, text);
    const texts = room.styles.map((style) => file(say(style), `/text?style=${style}`));
    this.element.replaceChildren(
      make("h2", {}, say("The corrected text")), make("p", { className: "row" }, file(say("as it was annotated"), "/text"), ...texts),
      make("h2", {}, say("Words")), make("ul", {}, this.#row(DECK)), make("p", { className: "row" }, file("CSV", "/words?format=csv"), file("JSON", "/words?format=json")),
      make("h2", {}, say("Sound, subtitles, books")), make("ul", {}, ...formats),
    );
  }

  #row({ name, about }) {
    const state = make("span", { className: "state", role: "status" });
    this.#rows.set(name, state);
    return make("li", {}, button(name, () => this.#make(name)), " ", make("span", {}, say(about)), " ", state);
  }

  async #make(name) {
    const made = await attempt(() => post(articlePath(this.open.id, "/exports"), { format: name }));
    if (!made) return;
    this.#wanted.add(made.export);
    this.update(this.#latest.get(made.export) ?? made);
  }

  /** Takes what the room says of an export. */
  update(made) {
    this.#latest.set(made.export, made);
    const state = this.#rows.get(made.format);
    if (!state) return;
    const says = {
      speaking: () => say("speaking {done} of {of}", made),
      words: () => say("word {done} of {of}", made),
      writing: () => say("writing …"),
      failed: () => made.error,
      done: () => make("a", { href: made.url, download: made.name }, made.name),
    };
    state.replaceChildren(says[made.state]?.() ?? made.state);
    if (made.state === "done" && this.#wanted.delete(made.export)) state.querySelector("a").click();
  }
}
