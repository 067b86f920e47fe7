// What the reader copies is the article as it is written: without pinyin, signs of findings and what they say.

/** Makes what is copied out of a text plain. */
export function copyPlain(text) {
  text.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (selection.isCollapsed || event.target.closest?.("input, textarea")) return;
    // A selection inside what a finding says is copied as it is.
    const inside = selection.getRangeAt(0).commonAncestorContainer;
    if ((inside.nodeType === Node.ELEMENT_NODE ? inside : inside.parentElement).closest(".findings, [popover]")) return;
    event.clipboardData.setData("text/plain", plain(selection.getRangeAt(0).cloneContents()));
    event.preventDefault();
  });
}

function plain(copied) {
  for (const each of copied.querySelectorAll("rt, rp, .place, .findings, button")) each.remove();
  const blocks = [...copied.querySelectorAll("p, h1, h2")];
  return (blocks.length ? blocks : [copied])
    .map((block) => block.textContent)
    .filter((block) => block.trim())
    .join("\n\n");
}
