// Reading along: lights the word that is heard, tints its sentence, and lets the text follow.

// Seconds. A word stays lit a little after its end, so that nothing flickers between two words in a row.
const LINGER = 0.03;
const SCROLLING = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"]);

/** Shows where the sound is. `sound` has `part`, `time` and `paused`. */
export class Along {
  spoken = -1; // the word that is lit
  heard = -1; // the sentence that is tinted
  following = true;
  #before = null; // the word that was lit before; null if the reader has just chosen another place
  #lit = null;
  #tinted = null;

  constructor(timeline, sound, { text, button, onlit = () => {} }) {
    Object.assign(this, { timeline, sound, text, button, onlit });
    const away = () => {
      if (!sound.paused) this.follow(false);
    };
    addEventListener("wheel", away, { passive: true });
    addEventListener("touchmove", away, { passive: true });
    addEventListener("keydown", (event) => {
      if (SCROLLING.has(event.key) && !event.defaultPrevented && !event.target.matches("input, select, textarea")) away();
    });
    button.addEventListener("click", () => this.return());
  }

  /** Follows from now on, or waits until the reader asks for it. */
  follow(on) {
    this.following = on;
    this.button.hidden = on;
  }

  /** Follows again, and shows the word that is heard. */
  return() {
    this.follow(true);
    this.#before = null;
    this.#lit?.scrollIntoView({ block: "center" });
  }

  /** The reader has chosen another place: follow there, wherever the text stands now. */
  moved() {
    this.#before = null;
    this.follow(true);
  }

  show() {
    const { part, time } = this.sound;
    // A browser rounds the time it is set to, perhaps to just before the word.
    const word = this.timeline.begun(part, time + 0.001);
    const lit = word >= 0 && time + 0.001 < this.timeline.words[word].end + LINGER ? word : -1;
    this.#tint(this.timeline.sentenceOf(word));
    this.#light(lit);
  }

  /** Brings the lit word into the window if it has left it. */
  catchUp() {
    this.#before = null;
    if (this.#lit) this.#scroll(this.#lit);
  }

  #light(word) {
    const element = this.timeline.words[word]?.element ?? null;
    this.spoken = word;
    if (element === this.#lit) return;
    this.#lit?.classList.remove("spoken");
    element?.classList.add("spoken");
    this.#lit = element;
    if (!element) return;
    this.onlit(word);
    if (!this.sound.paused) this.#scroll(element);
  }

  #tint(sentence) {
    const element = this.timeline.sentences[sentence]?.element ?? null;
    this.heard = sentence;
    if (element === this.#tinted) return;
    this.#tinted?.classList.remove("heard");
    element?.classList.add("heard");
    this.#tinted = element;
  }

  /** Scrolls to a word that is not in the window, unless the reader has scrolled away from the one before it. */
  #scroll(element) {
    if (!this.following) return;
    const place = element.getBoundingClientRect();
    const bar = document.querySelector("header").getBoundingClientRect();
    const inside = place.top >= Math.max(bar.bottom, 0) && place.bottom <= innerHeight;
    const left = this.#before?.isConnected ? this.#before.getBoundingClientRect() : null;
    this.#before = element;
    if (inside) return;
    if (left && (left.bottom < 0 || left.top > innerHeight)) this.follow(false);
    else element.scrollIntoView({ block: "center" });
  }
}
