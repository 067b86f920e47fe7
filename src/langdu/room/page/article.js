// The open article: its paragraphs as text with readings, and what was left out of it.
import { articlePath, get, post } from "./api.js";
import { attempt, button, make, one } from "./dom.js";
import { spread } from "./reading/grid.js";
import { say } from "./reading/language.js";

const UNSURE = 0.9;
const SAID = /[\p{L}\p{N}]/u;
const FIRST = 4; // paragraphs that are asked for first: what is seen
const SHEET = 16; // paragraphs that are asked for at a time afterwards

/** An article as the room gives it, and its elements. */
export class Open {
  /** For each paragraph: `{index, title, text, sound, words, element}`, in order. */
  paragraphs = [];
  version = 0;

  constructor(article, text) {
    this.text = text;
    this.#take(article);
  }

  get id() {
    return this.article.id;
  }

  #take(article) {
    this.article = article;
    this.version = article.version;
    this.paragraphs = article.paragraphs.map((paragraph) => ({ sound: null, words: null, ...paragraph }));
    const titled = this.paragraphs[0]?.title;
    // A title that is only the beginning of the text is not shown twice.
    const made = (this.paragraphs[0]?.text ?? "").startsWith(article.title.replace(/…$/, ""));
    const heading = titled ? [] : [make("h1", { dir: "auto", className: made ? "unseen" : "" }, article.title)];
    this.text.lang = article.language;
    this.text.replaceChildren(...heading, ...this.#leftOut(-2));
    for (const paragraph of this.paragraphs) {
      const tag = !paragraph.title ? "p" : paragraph.index < 0 ? "h1" : "h2";
      paragraph.element = make(tag, { id: `p${paragraph.index}`, dir: "auto", className: "unread" }, paragraph.text);
      this.text.append(paragraph.element, ...this.#leftOut(paragraph.index));
    }
    this.text.append(...this.#putBack());
  }

  /** Fetches the words of all paragraphs, those around `first` before the others; tells `shown` after each step. */
  async load(first, shown) {
    const from = this.paragraphs[0]?.index ?? 0;
    const last = this.paragraphs.at(-1)?.index ?? -1;
    const steps = [[Math.max(from, first - 1), FIRST]];
    for (let at = from; at <= last; at += SHEET) steps.push([at, SHEET]);
    for (const [at, count] of steps) {
      const { paragraphs } = await get(articlePath(this.id, `/paragraphs?from=${at}&count=${count}`));
      this.put(paragraphs);
      shown();
    }
  }

  /** Puts what the room says of these paragraphs into the text. Returns those that sound different now. */
  put(paragraphs) {
    const [changed, filled] = [[], []];
    for (const given of paragraphs) {
      const paragraph = this.paragraphs.find((each) => each.index === given.index);
      if (!paragraph) continue;
      if (paragraph.words && same(paragraph, given)) continue; // its elements stay as they are
      if (paragraph.sound !== null && paragraph.sound !== given.sound) changed.push(paragraph);
      Object.assign(paragraph, given);
      fill(paragraph);
      filled.push(paragraph.element);
    }
    this.spread(filled);
    return changed;
  }

  /** Takes a Change. Returns the paragraphs that sound different now, or null if the whole article is another one. */
  change(change) {
    Object.assign(this.article, { undo: change.undo, redo: change.redo });
    if (change.version <= this.version) return [];
    this.version = change.version;
    if (change.article) {
      this.#take(change.article);
      return null;
    }
    return this.put(change.paragraphs);
  }

  /** Writes the readings again, as pinyin or as zhuyin. */
  rewrite() {
    for (const { words } of this.paragraphs)
      for (const word of words ?? [])
        for (const char of word.chars ?? []) if (char.rt) char.rt.firstChild.data = written(char);
    this.spread();
  }

  /** Puts the hanzi of all elements, or of some, on the grid. */
  spread(elements = [this.text]) {
    spread(this.text, { above: !one("zhuyin").checked, within: elements });
  }

  /** The paragraph with an index. */
  paragraph(index) {
    return this.paragraphs.find((each) => each.index === index);
  }

  /** The element of the hanzi at a place, or of the word there. */
  elementAt(index, at, selector = "ruby") {
    const found = [...(this.paragraph(index)?.element.querySelectorAll(selector) ?? [])];
    return found.findLast((each) => Number(each.dataset.at) <= at) ?? found[0];
  }

  #leftOut(after) {
    const lines = this.article.left_out.filter((line) => (line.after ?? -2) === after);
    const count = say(lines.length === 1 ? "1 line left out" : "{n} lines left out", { n: lines.length });
    const act = (line) => line.can_keep && button("Put back", () => this.keep(line.line, true));
    return this.#folded(count, lines.map((line) => [line.text, say(line.reason), act(line)]));
  }

  #putBack() {
    const { kept = [] } = this.article;
    return this.#folded(say("Lines put back ({n})", { n: kept.length }), kept.map((line) => [line.text, "", button("Leave out", () => this.keep(line.line, false))]));
  }

  /** A list that is shown when it is asked for; nothing for no rows of a text, a note and a button. */
  #folded(name, rows) {
    if (!rows.length) return [];
    const items = rows.map(([text, note, act]) =>
      make("li", {}, make("span", { lang: this.article.language }, text), " ", make("small", {}, note), " ", act || ""),
    );
    const { lang } = document.documentElement;
    return [make("details", { className: "leftout", lang }, make("summary", {}, name), make("ul", {}, ...items))];
  }

  /** Puts a line back that was left out, or leaves it out again. */
  async keep(line, keep) {
    const change = await attempt(() => post(articlePath(this.id, "/keep"), { line, keep }));
    if (change) this.onchange(change);
  }
}

const plainly = ({ text, sound, words }) =>
  JSON.stringify([text, sound, words], (name, value) => (name === "rt" || name === "element" ? undefined : value));
const same = (one, other) => plainly(one) === plainly(other);
const written = (char) => (one("zhuyin").checked ? char.zhuyin : char.pinyin);

/** Fills the element of a paragraph with its sentences and words. */
function fill(paragraph) {
  const { element, words } = paragraph;
  const heading = element.tagName !== "P";
  const sentences = [];
  for (const word of words) {
    const sentence = (sentences[word.sentence] ??= make("span", { className: "sentence" }));
    const shown = word.chars ? hanzi(word, paragraph) : [wide(word.text)];
    if (!word.chars && !SAID.test(word.text)) {
      sentence.append(...shown);
      continue;
    }
    word.element = make("span", { className: "word", "data-at": word.at }, ...shown);
    if (word.chars?.some((char) => char.source === "annotation")) word.element.classList.add("annotated");
    if (word.spoken) word.element.title = word.reads ? `${word.spoken} ${word.reads}` : word.spoken;
    if (heading) sentence.append(document.createElement("wbr"));
    sentence.append(word.element);
  }
  element.classList.remove("unread");
  element.replaceChildren(...sentences.filter(Boolean));
}

function hanzi(word, paragraph) {
  const shown = [];
  let at = word.at;
  word.chars.forEach((char, i) => {
    const size = [...char.text].length;
    const here = at;
    at += size;
    if (char.syllable === null || char.syllable === undefined) {
      const before = shown.at(-1);
      // The 儿 of an erhua stands under the reading of the hanzi before it.
      if (i > 0 && before?.nodeName === "RUBY" && /r\d$/.test(word.chars[i - 1].syllable ?? "") && /[儿兒]/.test(char.text)) {
        before.firstChild.data += char.text;
        before.classList.add("two");
      } else shown.push(wide(char.text));
      return;
    }
    char.rt = make("rt", { lang: "zh-Latn" }, written(char));
    const ruby = make("ruby", { "data-at": here, "data-tone": char.tone }, char.text, make("rp", {}, "("), char.rt, make("rp", {}, ")"));
    if (char.sure < UNSURE && char.source !== "annotation") ruby.classList.add("unsure");
    ruby.paragraph = paragraph.index;
    shown.push(ruby);
  });
  return shown;
}

/** Marks of Chinese texts take a place of the grid each; letters and digits stay together. */
function wide(text) {
  const parts = text.split(/([\p{sc=Han}\u2014\u2018\u2019\u201c\u201d\u2026\u3000-\u303f\uff00-\uff60])/u).filter(Boolean);
  const made = document.createDocumentFragment();
  for (const part of parts) made.append(/[A-Za-z0-9\s]/.test(part) || part.length > 2 ? part : make("span", { className: "cell" }, part));
  return made;
}
