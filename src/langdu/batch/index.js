"use strict";
const body = document.querySelector("tbody");
const heads = [...document.querySelectorAll("th")];
const value = (row, column) => row.cells[column].dataset.value ?? row.cells[column].textContent;
const order = new Intl.Collator(undefined, { numeric: true }).compare;

heads.forEach((head, column) => head.firstChild.addEventListener("click", () => {
  const down = head.getAttribute("aria-sort") === "ascending";
  for (const other of heads) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const rows = [...body.rows].sort((a, b) => order(value(a, column), value(b, column)));
  body.append(...(down ? rows.reverse() : rows));
}));

document.querySelector("input").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const row of body.rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  const found = [...body.rows].some((row) => !row.hidden);
  document.querySelector("[role=status]").textContent = found ? "" : "No article has this.";
});
