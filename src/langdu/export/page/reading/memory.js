// What the browser remembers for the reader. A browser that remembers nothing (a private window) is no fault.

/** What was kept under a name, or null. */
export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(`langdu:${name}`));
  } catch {
    return null;
  }
}

/** Keeps a value under a name; null forgets it. */
export function keep(name, value) {
  try {
    if (value === null) localStorage.removeItem(`langdu:${name}`);
    else localStorage.setItem(`langdu:${name}`, JSON.stringify(value));
  } catch {
    // full, or forbidden
  }
}

/** Makes the controls of a form remember what was chosen, by their ids; what comes back tells its listeners. */
export function rememberControls(form) {
  const controls = [...form.querySelectorAll("input[id], select[id]")].filter((each) => !each.matches("[data-forget]"));
  const kept = recall("view") ?? {};
  const chosen = (each) => (each.matches("[type=radio], [type=checkbox]") ? each.checked : each.value);
  for (const each of controls) {
    const before = kept[each.id];
    if (before === undefined || before === chosen(each)) continue;
    if (each.type === "radio" && !before) continue; // checking another one unchecks it
    if (typeof before === "boolean") each.checked = before;
    else each.value = before;
    each.dispatchEvent(new Event("input", { bubbles: true }));
    each.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.addEventListener("change", () => {
    keep("view", { ...recall("view"), ...Object.fromEntries(controls.map((each) => [each.id, chosen(each)])) });
  });
}
