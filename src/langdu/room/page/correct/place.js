// The readings of one hanzi: the present one and why, how sure it is; each can be heard, and chosen.
import { articlePath, bytes, get, post } from "../api.js";
import { attempt, button, make } from "../dom.js";
import { say } from "../reading/language.js";

const SOURCES = {
  annotation: "the article gives it",
  article: "the article gives it elsewhere",
  user: "your own lexicon gives it",
  lexicon: "the dictionaries give it",
  model: "langdu judges it from the sentence",
};

/** Shows a hanzi's readings in the sheet. */
export class Place {
  #heard = new Audio();

  constructor(sheet, sound, { change }) {
    Object.assign(this, { sheet, sound, change });
  }

  /** Shows the readings of the hanzi that is this element. */
  async show(open, ruby) {
    const [index, at] = [ruby.paragraph, Number(ruby.dataset.at)];
    const place = await attempt(() => get(articlePath(open.id, `/places/${index}/${at}`)));
    if (place) this.sheet.open(say("Readings of {char}", { char: place.char }), this.#content(open, place), ruby);
  }

  #content(open, place) {
    const form = make("form", { className: "readings" });
    const rows = place.readings.map((reading) =>
      make("li", {},
        make("label", {},
          make("input", { type: "radio", name: "reading", value: reading.syllable, checked: reading.present, "data-forget": true }), " ",
          make("b", { lang: "zh-Latn" }, reading.pinyin), " ",
          make("span", { className: "zhuyin", lang: "zh-TW" }, reading.zhuyin ?? ""), " ",
          make("span", { className: "examples", lang: "zh-CN" }, (reading.examples ?? []).slice(0, 3).join("、")), " ",
          reading.present && make("small", {}, say("now"))),
        button("Hear", () => this.#hear(open, place, reading.syllable), { "aria-label": say("Hear {pinyin}", { pinyin: reading.pinyin }) })),
    );
    const apply = (text, scope, values) =>
      make("button", { type: "button", className: "apply", on: { click: () => this.#apply(open, place, form, scope) } }, say(text, values));
    form.append(
      make("p", {},
        make("span", { className: "char", lang: "zh-CN" }, place.char), " ",
        place.word !== place.char && make("span", {}, say("in {word}.", { word: place.word }), " "),
        make("span", {}, this.#why(place))),
      make("ul", {}, ...rows),
      rows.length < 2 ? make("p", { className: "hint" }, say("It has no other reading.")) : make("div", { className: "row" },
        make("span", { className: "hint" }, say("Use the chosen reading:")),
        apply("Here", "here"),
        apply("In the whole article ({n})", "everywhere", { n: place.everywhere }),
        apply("Always", "always")),
    );
    form.addEventListener("submit", (event) => event.preventDefault());
    // Enter on a reading hears it: choosing for good is a button of its own.
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches("input")) return;
      event.preventDefault();
      this.#hear(open, place, event.target.value);
    });
    return form;
  }

  #why(place) {
    const chinese = document.documentElement.lang.startsWith("zh");
    const why = chinese || !place.why ? say(SOURCES[place.source] ?? place.why ?? "") : place.why;
    const sentence = why.charAt(0).toUpperCase() + why.slice(1);
    if (/\d ?%/.test(why) || place.source === "annotation") return say("{why}.", { why: sentence });
    return say("{why} · {sure} % sure", { why: sentence, sure: Math.floor((place.sure ?? 1) * 100) });
  }

  async #hear(open, place, syllable) {
    this.sound.pause();
    const path = `/hear/${place.paragraph}/${place.at}?syllable=${encodeURIComponent(syllable)}`;
    const wave = await attempt(() => bytes(articlePath(open.id, path)));
    if (!wave) return;
    URL.revokeObjectURL(this.#heard.src);
    this.#heard.src = URL.createObjectURL(wave);
    this.#heard.play().catch(() => {}); // another reading is heard already
  }

  async #apply(open, place, form, scope) {
    const syllable = new FormData(form).get("reading");
    const { paragraph, at } = place;
    const change = await attempt(() => post(articlePath(open.id, "/correct"), { paragraph, at, syllable, scope }));
    if (!change) return;
    this.sheet.close();
    this.change(change, { paragraph, at });
  }
}
