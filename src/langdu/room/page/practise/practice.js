// Shadowing: hear a sentence, record yourself, hear both, see both pitch curves. No marks are given, and the recording
// stays in this page unless it is saved.
import { attempt, button, make, tell } from "../dom.js";
import { contour, draw } from "./pitch.js";
import { say } from "../reading/language.js";

const MARGIN = 0.08; // seconds around the sentence

/** Practises the sentences of a timeline. */
export class Practice {
  #context = null;
  #source = null;
  #recorder = null;
  #take = null; // the recording: {blob, buffer}
  #model = null;
  #generation = 0;

  constructor(sheet, sound, timeline) {
    Object.assign(this, { sheet, sound, timeline });
  }

  /** Begins with a sentence, and plays it. */
  async show(number) {
    const sentence = this.timeline.sentences[number];
    if (!sentence) return;
    this.stop();
    this.sound.pause();
    Object.assign(this, { number, sentence });
    [this.#take, this.#model] = [null, null];
    const generation = (this.#generation += 1);
    this.#build();
    this.#model = await attempt(() => this.#cut(sentence, generation));
    if (generation !== this.#generation || !this.#model) return;
    this.#refresh();
    this.#play([this.#model]);
  }

  /** Ends what plays and what is recorded. */
  stop() {
    this.#source?.stop();
    this.#source = null;
    if (this.#recorder?.state === "recording") this.#recorder.stop();
  }

  /** Begins with nothing again: the sheet was closed. */
  end() {
    this.#generation += 1;
    this.stop();
    this.#take = null;
  }

  #build() {
    const text = make("p", { className: "sentence-text", lang: "zh-CN" }, this.sentence.element.cloneNode(true));
    for (const each of text.querySelectorAll("[tabindex]")) each.removeAttribute("tabindex");
    for (const each of text.querySelectorAll("[role]")) each.removeAttribute("role");
    for (const each of text.querySelectorAll("[class]")) each.classList.remove("heard", "spoken", "asked");
    this.canvas = make("canvas", { className: "curves", role: "img", hidden: true });
    this.buttons = {
      hear: button("Hear", () => this.#play([this.#model]), { disabled: true }),
      record: button("Record", () => this.#record(), { disabled: true }),
      both: button("Hear both", () => this.#play([this.#model, this.#take.buffer]), { disabled: true }),
      save: button("Save", () => this.#save(), { disabled: true }),
    };
    this.lines = [make("span", { className: "model" }, say("the voice")), make("span", { className: "own" }, say("you"))];
    this.legend = make("p", { className: "hint legend", hidden: true }, ...this.lines);
    const content = make("div", { className: "practice" }, text,
      make("div", { className: "row" },
        button("‹", () => this.show(Math.max(0, this.number - 1)), { "aria-label": say("Sentence before") }),
        ...Object.values(this.buttons),
        button("›", () => this.show(Math.min(this.timeline.sentences.length - 1, this.number + 1)), { "aria-label": say("Next sentence") })),
      this.canvas, this.legend);
    this.sheet.open(say("Practise a sentence"), content, this.timeline.words[this.sentence.first].element, { focus: false, mark: this.sentence.element });
    this.buttons.hear.focus();
  }

  /** The sound of a sentence, when it has been spoken. */
  async #cut(sentence, generation) {
    while (!this.sound.pieceOf(sentence.first)) {
      this.sound.ask(this.timeline.words[sentence.first].paragraph);
      tell(say("Speaking …"));
      await new Promise((done) => this.sound.addEventListener("seeked", done, { once: true }));
      if (generation !== this.#generation) return null;
      sentence = this.timeline.sentences[this.number];
    }
    this.sentence = sentence;
    const piece = this.sound.pieceOf(sentence.first);
    const whole = await this.#audio().decodeAudioData(await (await fetch(piece.url)).arrayBuffer());
    const words = this.timeline.words.slice(sentence.first, sentence.last + 1).filter((word) => word.part);
    const from = Math.max(0, words[0].start - MARGIN);
    const to = Math.min(whole.duration, words.at(-1).end + MARGIN);
    this.words = words.map(({ element, start, end }) => ({
      text: hanziOf(element), from: start - from, to: end - from,
    }));
    return this.#slice(whole, from, to);
  }

  #slice(whole, from, to) {
    const [first, last] = [Math.floor(from * whole.sampleRate), Math.ceil(to * whole.sampleRate)];
    const cut = this.#audio().createBuffer(1, Math.max(1, last - first), whole.sampleRate);
    cut.copyToChannel(whole.getChannelData(0).subarray(first, last), 0);
    return cut;
  }

  #audio() {
    this.#context ??= new AudioContext();
    if (this.#context.state === "suspended") this.#context.resume();
    return this.#context;
  }

  /** Plays buffers one after the other. */
  #play([buffer, ...others]) {
    this.#source?.stop();
    this.sound.pause();
    const context = this.#audio();
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(context.destination);
    source.onended = () => {
      if (this.#source === source && others.length) this.#play(others);
    };
    source.start();
    this.#source = source;
  }

  async #record() {
    if (this.#recorder?.state === "recording") {
      this.#recorder.stop();
      return;
    }
    const stream = await attempt(async () => {
      try {
        return await navigator.mediaDevices.getUserMedia({ audio: true });
      } catch (error) {
        throw new Error(say("No microphone: {message}. Allow it for this page and try again.", { message: error.message }));
      }
    });
    if (!stream) return;
    this.#source?.stop();
    const chunks = [];
    const generation = this.#generation;
    const recorder = new MediaRecorder(stream);
    this.#recorder = recorder;
    recorder.ondataavailable = ({ data }) => chunks.push(data);
    recorder.onstop = async () => {
      for (const track of stream.getTracks()) track.stop();
      if (generation !== this.#generation) return;
      this.buttons.record.firstChild.data = say("Record again");
      const blob = new Blob(chunks, { type: recorder.mimeType });
      const buffer = await attempt(() => this.#decoded(blob));
      if (!buffer || generation !== this.#generation) return;
      this.#take = { blob, buffer };
      this.#refresh();
      this.#play([this.#model, buffer]);
    };
    recorder.start();
    this.buttons.record.firstChild.data = say("Stop");
    this.buttons.record.setAttribute("aria-pressed", "true");
  }

  async #decoded(blob) {
    try {
      return await this.#audio().decodeAudioData(await blob.arrayBuffer());
    } catch {
      throw new Error(say("Nothing was recorded. Record again, and speak before you stop."));
    }
  }

  async #refresh() {
    const { hear, record, both, save } = this.buttons;
    [hear.disabled, record.disabled] = [!this.#model, !this.#model];
    [both.disabled, save.disabled] = [!this.#take, !this.#take];
    record.removeAttribute("aria-pressed");
    const curves = [{ ...(await contour(this.#model)), like: this.lines[0] }];
    if (this.#take) curves.push({ ...(await contour(this.#take.buffer)), like: this.lines[1], dash: [1, 6] });
    this.canvas.hidden = false;
    this.legend.hidden = false;
    this.canvas.setAttribute("aria-label", say(this.#take ? "The pitch of the voice and yours" : "The pitch of the voice"));
    draw(this.canvas, curves, this.words, this.#model.duration);
    document.documentElement.style.setProperty("--sheet", `${this.sheet.element.offsetHeight}px`);
  }

  #save() {
    const link = make("a", { href: URL.createObjectURL(this.#take.blob), download: `langdu-${this.number + 1}.webm` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
}

function hanziOf(element) {
  const copy = element.cloneNode(true);
  for (const each of copy.querySelectorAll("rt, rp")) each.remove();
  return copy.textContent;
}
