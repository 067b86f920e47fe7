// The menus of the bar: one at a time; Escape closes it, and so does whatever is done elsewhere.
import { one } from "./dom.js";

const menus = [...document.querySelectorAll(".menus details")];

/** Closes what is open. */
export function closeMenus() {
  for (const menu of menus) menu.open = false;
}

for (const each of [one("text"), one("player"), one("sheet")]) each.addEventListener("pointerdown", closeMenus);
for (const menu of menus)
  menu.addEventListener("toggle", () => {
    if (menu.open) for (const other of menus) if (other !== menu) other.open = false;
  });
addEventListener(
  "keydown",
  (event) => {
    const menu = event.key === "Escape" && menus.find((each) => each.open);
    if (!menu) return;
    event.preventDefault();
    menu.open = false;
    menu.querySelector("summary").focus();
  },
  { capture: true },
);
