// The desk: where an article comes in, by pasting, dropping, choosing a file or giving an address; and the shelf.
import { articlePath, get, post, remove, send } from "../api.js";
import { attempt, button, complain, make, one, tell } from "../dom.js";
import { say } from "../reading/language.js";

const ADDRESS = /^\s*(https?:\/\/|www\.)\S+\s*$/i;
const FILE = /^\s*("?([~/]|[A-Z]:\\|file:)[^\n]*)$/i;

/** Brings articles in; `opened` is told the article. */
export class Desk {
  limit = Infinity; // bytes of a file

  constructor({ opened }) {
    this.opened = opened;
    one("add").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#read();
    });
    one("source").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) one("add").requestSubmit();
    });
    one("file").addEventListener("change", (event) => this.#file(event.target.files[0]));
    addEventListener("dragover", (event) => {
      event.preventDefault();
      document.documentElement.classList.add("dropping");
    });
    for (const end of ["dragleave", "drop"]) addEventListener(end, () => document.documentElement.classList.remove("dropping"));
    addEventListener("drop", (event) => {
      event.preventDefault();
      const [file] = event.dataTransfer.files;
      if (file) this.#file(file);
      else this.#send(event.dataTransfer.getData("text/plain"));
    });
  }

  async #read() {
    if (await this.#send(one("source").value)) one("source").value = "";
  }

  #send(text) {
    if (!text.trim()) {
      complain(new Error(say("Nothing is pasted yet: paste an article or an address.")));
      return null;
    }
    if (ADDRESS.test(text)) {
      const address = text.trim().replace(/^www\./i, "https://$&");
      return this.#open(() => post("articles", { address }));
    }
    return this.#open(() => {
      if (FILE.test(text)) throw new Error(say("This is the name of a file: choose it with the button below."));
      if (!/\p{sc=Han}/u.test(text)) throw new Error(say("There are no Chinese characters in what you pasted."));
      return post("articles", { text });
    });
  }

  async #file(file) {
    if (!file) return;
    await this.#open(() => {
      if (file.size > this.limit) {
        throw new Error(say("{name} is too large: at most {n} MB.", { name: file.name, n: Math.floor(this.limit / 1e6) }));
      }
      return send(file.name, file);
    });
    one("file").value = "";
  }

  async #open(ask) {
    tell(say("Reading …"), { stays: true });
    const article = await attempt(ask);
    tell("");
    if (article) this.opened(article);
    return article;
  }

  /** Offers addresses for other devices. */
  invite() {
    one("invite").hidden = false;
    one("invite").querySelector("button").addEventListener("click", async () => {
      const invited = await attempt(() => post("invitations"));
      if (invited) one("invite").querySelector("output").textContent = say("Open this there, once: {address}", invited);
    });
  }

  /** Shows the shelf as it is now. */
  async show() {
    const shelf = await attempt(() => get("shelf"));
    if (!shelf) return;
    one("shelf").hidden = !shelf.articles.length;
    one("shelf").querySelector("ol").replaceChildren(...shelf.articles.map((each) => this.#row(each)));
    one("damaged").hidden = !shelf.damaged.length;
    one("damaged").querySelector("ul").replaceChildren(...shelf.damaged.map((folder) => make("li", {}, folder)));
    one("folder").textContent = say("All of it is plain files in {folder}", { folder: shelf.folder });
  }

  #row(article) {
    const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium" }).format(new Date(article.used));
    const notes = [
      say("{n} characters", { n: article.characters.toLocaleString() }),
      article.corrections ? say(article.corrections === 1 ? "1 correction" : "{n} corrections", { n: article.corrections }) : null,
      day,
    ];
    const row = make("li", {},
      make("a", { href: `#/${encodeURIComponent(article.id)}`, lang: "zh-CN" }, article.title || article.id),
      make("span", { className: "hint" }, notes.filter(Boolean).join(" · ")),
      make("progress", { value: article.progress ?? 0, max: 1, "aria-label": say("How far you are in {title}", article) }),
      button("Remove", (event) => this.#remove(article, row, event.target), { "aria-label": say("Remove {title}", article) }));
    return row;
  }

  /** The first press asks, the second removes. */
  async #remove(article, row, pressed) {
    if (!pressed.dataset.sure) {
      pressed.dataset.sure = "yes";
      pressed.textContent = say("Remove for good?");
      pressed.setAttribute("aria-label", say("Remove {title} for good, with its files?", article));
      pressed.addEventListener("blur", () => this.show(), { once: true });
      return;
    }
    await attempt(() => remove(articlePath(article.id), { confirm: article.title }));
    row.remove();
    this.show();
  }
}
