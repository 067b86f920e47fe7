// Findings of the check, at their place: what is wrong, the rule, what is suggested; accept, ignore, explain.
import { articlePath, get, post } from "../api.js";
import { attempt, button, make } from "../dom.js";
import { say } from "../reading/language.js";
import "./rules.js";

const SIGNS = { error: "✗", warning: "!", info: "i" };
const SAID = { accept: "Corrected", ignore: "Finding ignored", restore: "Finding restored" };
const WORST = ["info", "warning", "error"];
const says = ({ message, wording }) => (wording ? say(wording.text, wording.values) : message);

/** The findings of the open article. */
export class Findings {
  constructor(beneath, { change }) {
    Object.assign(this, { beneath, change });
  }

  /** Fetches the findings and shows them. */
  async show(open) {
    const { findings, accepted } = await get(articlePath(open.id, "/findings"));
    this.open = open;
    for (const old of open.text.querySelectorAll("ul.findings")) old.remove();
    for (const old of open.text.querySelectorAll(".found")) old.classList.remove("found", ...WORST);
    const rows = new Map();
    for (const finding of findings) {
      this.#mark(finding);
      if (!rows.has(finding.paragraph)) rows.set(finding.paragraph, []);
      rows.get(finding.paragraph).push(this.#row(finding));
    }
    for (const [index, items] of rows)
      open.paragraph(index)?.element.after(
        make("ul", { className: "findings", lang: document.documentElement.lang, "aria-label": say("Findings in this paragraph") }, ...items),
      );
    this.#ignored(accepted);
    return findings.length;
  }

  /** Underlines the hanzi that a finding is about. */
  #mark({ paragraph, start, end, severity }) {
    for (const ruby of this.open.paragraph(paragraph)?.element.querySelectorAll("ruby, .word") ?? []) {
      const at = Number(ruby.dataset.at);
      if (at < start || at >= end || (ruby.matches(".word") && ruby.querySelector("ruby"))) continue;
      const before = WORST.findIndex((each) => ruby.classList.contains(each));
      if (before > WORST.indexOf(severity)) continue;
      ruby.classList.remove(...WORST);
      ruby.classList.add("found", severity);
    }
  }

  #row(finding) {
    const written = finding.written ? `(${finding.written})` : "";
    const about = make("div", { className: "about", hidden: true });
    const explain = button("Explain", () => this.#explain(finding, about, explain), { "aria-expanded": "false" });
    return make("li", { "data-finding": finding.id },
      make("b", { className: finding.severity }, `${SIGNS[finding.severity]} ${say(finding.severity)}`), " ",
      make("span", { lang: "zh-CN" }, `${finding.text}${written}`), ": ",
      make("span", {}, says(finding), finding.suggestion ? ` → ${finding.suggestion}` : ""), " ",
      make("code", { title: finding.rule }, say(finding.rule)),
      make("span", { className: "row" },
        finding.suggestion && button("Accept", () => this.#do(finding, "accept"), { "aria-label": say("Accept {suggestion}", finding) }),
        button("Ignore", () => this.#do(finding, "ignore")),
        explain),
      about);
  }

  #ignored(accepted) {
    this.beneath.replaceChildren();
    this.beneath.hidden = !accepted.length;
    if (!accepted.length) return;
    const rows = accepted.map((finding) =>
      make("li", {}, make("span", { lang: "zh-CN" }, finding.text, finding.written ? `(${finding.written})` : ""), " ",
        make("span", {}, says(finding)), " ", button("Restore", () => this.#do(finding, "restore"))),
    );
    this.beneath.append(
      make("details", { className: "leftout" }, make("summary", {}, say("Ignored findings ({n})", { n: accepted.length })), make("ul", {}, ...rows)),
    );
  }

  async #do(finding, what) {
    const change = await attempt(() => post(articlePath(this.open.id, "/findings"), { finding: finding.id, do: what }));
    if (change) this.change({ ...change, findings_changed: true }, { paragraph: finding.paragraph, at: finding.start }, SAID[what]);
  }

  async #explain(finding, about, toggle) {
    const shown = about.hidden;
    toggle.setAttribute("aria-expanded", String(shown));
    about.hidden = !shown;
    if (!shown || about.childNodes.length) return;
    const rule = await attempt(() => get(`rules/${encodeURIComponent(finding.rule)}`));
    if (!rule) return;
    const examples = (name, list) => list?.length > 0 && make("p", {}, say(name), " ", make("span", { lang: "zh-CN" }, list.join(" · ")));
    // What is only told is not wrong.
    const [bad, good] = finding.severity === "info" ? ["Told:", "Not told:"] : ["Wrong:", "Right:"];
    about.append(make("p", {}, say(rule.summary)), ...[examples(bad, rule.bad), examples(good, rule.good)].filter(Boolean));
  }
}
