// Elements, made without markup: whatever a text contains, it stays text.
import { say } from "./reading/language.js";

/** The element with this id. */
export const one = (id) => document.getElementById(id);

/** Makes an element; `false` and null leave a property or a child away. */
export function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === false || value === undefined) continue;
    if (name === "on") for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
    else if (name in made && !name.startsWith("aria")) made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** A button of the interface. */
export const button = (text, act, properties = {}) =>
  make("button", { type: "button", ...properties, on: { click: act } }, say(text));

let cleared = 0;
/** Says something in passing; it goes away by itself unless it `stays`. */
export function tell(message, { stays = false } = {}) {
  clearTimeout(cleared);
  one("status").textContent = message;
  if (!stays) cleared = setTimeout(() => { one("status").textContent = ""; }, 6_000);
}

let faults = 0; // that were shown so far
/** Shows a fault until the next one, or until something that was begun later succeeds. */
export function complain(error) {
  if (error) faults += 1;
  one("fault").textContent = error?.message ?? "";
  one("fault").hidden = !error;
}

/** Does something that may be refused; says so if it is. Returns null then. */
export async function attempt(act) {
  const before = faults;
  try {
    const result = await act();
    if (faults === before) complain(null);
    return result;
  } catch (error) {
    complain(error);
    return null;
  }
}
