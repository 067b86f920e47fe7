// Reading along: lights the word that is heard, tints its sentence, and lets the text follow.

// Seconds. A word stays lit a little after its end, so that nothing flickers between two words in a row.
const LINGER = 0.03;
// So many words can have passed between two looks at the clock if the sound just went on: a second, at twice the speed.
const PASSED = 8;
const SCROLLING = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"]);

/**
 * Shows where the sound is. `sound` has `part`, `time` and `paused`.
 *
 * Every word is lit, also one that begins and ends between two frames: it is lit together with the word that is heard
 * then, and goes out when it has been painted.
 */
export class Along {
  heard = -1; // the sentence that is tinted
  following = true;
  #before = null; // the word that was lit before; null if the reader has just chosen another place
  #now = null; // the word that is heard
  #next = null; // the word that begins next; null if the reader has just chosen another place
  #lit = new Map(); // what is lit, each with the frame in which it may go out
  #frames = 0;
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
    this.#now?.scrollIntoView({ block: "center" });
  }

  /** The reader has chosen another place: follow there, wherever the text stands now. */
  moved() {
    [this.#before, this.#next] = [null, null];
    this.#goOut(null);
    this.follow(true);
  }

  /** As `show`, in an animation frame. */
  frame() {
    this.#frames += 1;
    this.show(1);
  }

  /** Whether all that is lit is what is heard. */
  get settled() {
    return this.#lit.size <= (this.#now ? 1 : 0);
  }

  /** Lights what is heard now. It stays lit for so many frames at least, so that it is painted in one of them. */
  show(frames = 2) {
    const { part, time } = this.sound;
    // A browser rounds the time it is set to, perhaps to just before the word.
    const word = this.timeline.begun(part, time + 0.001);
    const lit = word >= 0 && time + 0.001 < this.timeline.words[word].end + LINGER ? word : -1;
    this.#tint(this.timeline.sentenceOf(word));
    this.#light(lit, word >= 0 ? this.#passed(word) : [], this.#frames + frames);
    const next = word >= 0 ? word + 1 : this.timeline.first(part);
    if (part !== null) this.#next = this.timeline.words[next]?.element ?? null;
  }

  /** Brings the lit word into the window if it has left it. */
  catchUp() {
    this.#before = null;
    if (this.#now) this.#scroll(this.#now);
  }

  /** Lights a word, and those that have begun since the last time, until a frame; -1 lights no more than those. */
  #light(word, passed, until) {
    const element = this.timeline.words[word]?.element ?? null;
    for (const each of element && !passed.includes(element) ? [...passed, element] : passed) {
      if (this.#lit.has(each)) continue;
      each.classList.add("spoken");
      this.#lit.set(each, until);
    }
    this.#goOut(element, document.hidden ? Infinity : this.#frames);
    if (element === this.#now) return;
    this.#now = element;
    if (!element) return;
    this.onlit(word);
    if (!this.sound.paused) this.#scroll(element);
  }

  /** Puts out what is lit until this frame, except one word. */
  #goOut(except, now = Infinity) {
    for (const [element, frame] of this.#lit) {
      if (element === except || now < frame) continue;
      element.classList.remove("spoken");
      this.#lit.delete(element);
    }
  }

  /** The words that have begun since the last time, up to this one, if the sound has just gone on. */
  #passed(word) {
    const first = this.#next ? (this.timeline.numberOf(this.#next) ?? Infinity) : Infinity;
    return word - first < PASSED ? this.timeline.words.slice(first, word + 1).map((each) => each.element) : [];
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
