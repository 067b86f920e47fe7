// The text by mouse and keyboard. Only one thing at a time is a button that Tab reaches: for screen readers the text
// stays text, with one stop.

/** Lets the reader go through the text by arrow keys. */
export class Stops {
  /** The stop was reached by arrow keys, and nothing was played since. */
  chosen = false;
  #stop = null;

  /**
   * `all()` gives the elements to stop at, `find(target)` the one at a click; `sentenceOf(element)` is the number of its
   * sentence; `act(element)` is what Enter and a click do.
   */
  constructor(text, { all, sentenceOf, find, act }) {
    Object.assign(this, { text, all, sentenceOf, find, act });
    text.addEventListener("click", (event) => {
      const element = find(event.target);
      if (!element || event.target.closest("a, button") || !getSelection().isCollapsed) return; // selecting, to copy
      this.reach(element);
      act(element);
    });
    text.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Makes this the one that Tab reaches. */
  reach(element) {
    this.chosen = false;
    if (element === this.#stop) return;
    this.#stop?.removeAttribute("tabindex");
    this.#stop?.removeAttribute("role");
    element?.setAttribute("tabindex", "0");
    element?.setAttribute("role", "button");
    this.#stop = element;
  }

  get stop() {
    return this.#stop;
  }

  #go(number) {
    const all = this.all();
    const to = all[Math.min(Math.max(number, 0), all.length - 1)];
    this.reach(to);
    to.focus();
    this.chosen = true;
  }

  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== this.#stop) return;
    const all = this.all();
    const at = all.indexOf(this.#stop);
    const sentence = this.sentenceOf(this.#stop);
    const first = (wanted) => {
      const found = all.findIndex((element) => this.sentenceOf(element) === wanted);
      return found < 0 ? (wanted < 0 ? 0 : all.length - 1) : found;
    };
    const keys = {
      ArrowRight: () => this.#go(at + 1),
      ArrowLeft: () => this.#go(at - 1),
      ArrowDown: () => this.#go(first(sentence + 1)),
      ArrowUp: () => this.#go(first(first(sentence) === at ? sentence - 1 : sentence)),
      Home: () => this.#go(0),
      End: () => this.#go(all.length - 1),
      Enter: () => this.act(this.#stop),
    };
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  }
}
