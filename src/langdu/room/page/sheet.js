// The sheet at the bottom of the window, for what belongs to one place of the text. The text stays in use above it.
import { button, make } from "./dom.js";

/** One sheet; what opens replaces what was open. */
export class Sheet {
  #from = null; // what the focus returns to
  #marked = null; // what it is about

  constructor(element, { closed = () => {} } = {}) {
    this.element = element;
    this.closed = closed;
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.close({ back: true });
    });
  }

  /** Shows content about an element of the text, and goes to its first control. */
  open(name, content, from, { focus = true, mark = from } = {}) {
    this.#marked?.classList.remove("asked");
    [this.#from, this.#marked] = [from, mark];
    mark?.classList.add("asked");
    document.documentElement.dataset.sheet = "open";
    this.element.setAttribute("aria-label", name);
    const close = button("×", () => this.close({ back: true }), { className: "close", "aria-label": "Close" });
    this.element.replaceChildren(make("div", { className: "inner" }, content, close));
    this.element.hidden = false;
    document.documentElement.style.setProperty("--sheet", `${this.element.offsetHeight}px`);
    if (focus) (this.element.querySelector("input:checked") ?? this.element.querySelector("button, input")).focus();
    const place = from?.getBoundingClientRect();
    if (place && place.bottom > innerHeight - this.element.offsetHeight) from.scrollIntoView({ block: "center" });
  }

  get shown() {
    return !this.element.hidden;
  }

  /** Closes; with `back` the focus returns to the text. */
  close({ back = false } = {}) {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.element.replaceChildren();
    document.documentElement.style.removeProperty("--sheet");
    delete document.documentElement.dataset.sheet;
    this.#marked?.classList.remove("asked");
    if (back) this.#from?.focus();
    [this.#from, this.#marked] = [null, null];
    this.closed();
  }
}
