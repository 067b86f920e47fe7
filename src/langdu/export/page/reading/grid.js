// Hanzi stand on an even grid, as in a textbook. Long syllables reach over their neighbours; only where two would touch
// are their hanzi pushed apart. Style sheets cannot tell what stands next to what, so we measure the syllables here.

const GAP = 0.16; // ems of the hanzi between two syllables
const canvas = new OffscreenCanvas(1, 1).getContext("2d");
const widths = new Map();

/** How wide a syllable is, in ems of the hanzi. */
function width(syllable, font, ratio) {
  const key = `${font} ${syllable}`;
  if (!widths.has(key)) {
    canvas.font = `100px ${font}`;
    widths.set(key, (canvas.measureText(syllable).width / 100) * ratio);
  }
  return widths.get(key);
}

/**
 * Pushes hanzi apart whose syllables would touch, in all of a text or in some of its elements. Reads everything first,
 * then writes: one layout for all. With `above` false the readings do not stand above the hanzi, and nothing touches.
 */
export function spread(root, { above = true, within = [root] } = {}) {
  const all = within.flatMap((each) => [...each.querySelectorAll("ruby")]);
  const first = all.find((ruby) => ruby.lastElementChild?.matches("rt, rp") && ruby.querySelector("rt"));
  if (!first) return;
  const style = getComputedStyle(first.querySelector("rt"));
  const ratio = parseFloat(style.fontSize) / parseFloat(getComputedStyle(first).fontSize) || 0.5;
  const pitch = parseFloat(getComputedStyle(root).getPropertyValue("--pitch")) || 1.5;
  const sizes = all.map((ruby) => width(ruby.querySelector("rt")?.textContent ?? "", style.fontFamily, ratio));
  const pushes = all.map((ruby, i) => {
    const next = all[i + 1];
    if (!above || !next || !touches(ruby, next)) return 0;
    const between = (pitch * (hanzi(ruby) + hanzi(next))) / 2;
    return Math.max(0, (sizes[i] + sizes[i + 1]) / 2 + GAP - between);
  });
  all.forEach((ruby, i) => {
    const push = pushes[i] ? `${pushes[i].toFixed(2)}em` : "";
    if (ruby.style.marginInlineEnd !== push) ruby.style.marginInlineEnd = push;
  });
}

const hanzi = (ruby) => (ruby.classList.contains("two") ? 2 : 1);

/** Whether nothing stands between two rubies: the next one is the next sibling, or begins the next element. */
function touches(ruby, next) {
  let at = ruby;
  while (!at.nextSibling) {
    at = at.parentElement;
    if (!at || at.matches("p, h1, h2, article")) return false;
  }
  at = at.nextSibling;
  while (at.nodeName === "WBR") at = at.nextSibling;
  while (at && at !== next && at.nodeType === Node.ELEMENT_NODE) at = at.firstChild;
  return at === next;
}
