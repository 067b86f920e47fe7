// The sound of an article, in pieces that come while it is spoken. Where the next piece is not there yet, it waits.
import { articlePath, post } from "./api.js";
import { attempt, tell } from "./dom.js";
import { say } from "./reading/language.js";

const PACE = 0.27; // seconds for each character that is not spoken yet

const SOON = 300; // milliseconds

/** Plays the pieces of an article one after the other. */
export class Pieces extends EventTarget {
  part = null; // the piece that plays, null while it waits
  #pieces = new Map(); // by the sound of their paragraph
  #waiting = null; // the place of the word that is waited for: numbers change while an article comes
  #playing = false;
  #soon = null;
  #turn = 0; // counts the places that were gone to
  #rate = 1;
  #spans = new Map(); // for each part the seconds of the whole at which it starts
  #begins = []; // for each word the seconds of the whole at which it starts

  constructor(timeline, audio) {
    super();
    Object.assign(this, { timeline, audio, length: 0, open: null });
    audio.preservesPitch = true;
    audio.addEventListener("timeupdate", () => this.#tell("time"));
    audio.addEventListener("seeked", () => this.#tell("seeked"));
    audio.addEventListener("ended", () => this.#next());
    // The system paused it, such as for a call.
    audio.addEventListener("pause", () => {
      if (this.#playing && !audio.ended && this.part !== null && !this.#waiting && !audio.seeking && audio.readyState > 2) this.pause();
    });
    audio.addEventListener("error", () => {
      if (this.part !== null && audio.getAttribute("src")) this.#lost();
    });
  }

  get time() { return this.part === null ? 0 : this.audio.currentTime; }
  get paused() { return !this.#playing; }
  get ended() { return this.part !== null && this.audio.ended; }
  get rate() { return this.#rate; }
  set rate(rate) {
    this.#rate = rate;
    this.audio.defaultPlaybackRate = rate;
    this.audio.playbackRate = rate;
  }

  /** Begins with an article. */
  start(open) {
    this.pause();
    this.audio.removeAttribute("src");
    this.#pieces = new Map();
    this.open = open;
    this.part = null;
    this.#waiting = null;
    this.arrange();
  }

  /** Takes a piece that has been spoken. It may have come before. */
  take(piece) {
    const known = this.#pieces.get(piece.sound) ?? [];
    known[piece.piece] = piece;
    this.#pieces.set(piece.sound, known);
    if (this.#waiting !== null && this.#playing) this.arrange();
    else this.#soon ??= setTimeout(() => this.arrange(), SOON); // nobody waits for it, and many come at once
  }

  /** Gives every word its part and times, and goes on if the word that was waited for is there. */
  arrange() {
    clearTimeout(this.#soon);
    this.#soon = null;
    const words = [];
    let whole = 0;
    this.#spans = new Map();
    this.#begins = [];
    for (const paragraph of this.open?.paragraphs ?? []) {
      const pieces = (this.#pieces.get(paragraph.sound) ?? []).filter(Boolean);
      const timed = new Map();
      let reached = 0;
      let spent = 0;
      for (const piece of pieces) {
        spent += PACE * Math.max(0, piece.start - reached);
        const part = `${paragraph.index} ${piece.url}`;
        this.#spans.set(part, { whole: whole + spent, piece });
        for (const [from, , start, end] of piece.words) timed.set(from, { part, start, end, whole: whole + spent + start });
        reached = piece.end;
        spent += piece.seconds;
      }
      for (const word of paragraph.words ?? []) {
        if (!word.element) continue;
        const times = timed.get(word.at) ?? { part: null, start: 0, end: 0, whole: whole + (timed.size ? spent : PACE * word.at) };
        words.push({ element: word.element, sentence: word.element.parentElement, paragraph: paragraph.index, at: word.at, ...times });
        this.#begins.push(times.whole);
      }
      whole += spent + PACE * Math.max(0, [...paragraph.text].length - reached);
    }
    this.length = whole;
    this.timeline.set(words);
    if (this.#waiting !== null) this.#arrived();
    this.#tell("seeked");
  }

  // --- the seconds of the whole, partly guessed ---

  get now() {
    const span = this.#spans.get(this.part);
    return span ? span.whole + this.time : (this.#begins[Math.max(this.word, 0)] ?? 0);
  }

  to(seconds) {
    const word = this.#begins.findLastIndex((begin) => begin <= seconds);
    this.go(Math.max(word, 0));
  }

  // --- playing ---

  /** Goes to a word. */
  go(number) {
    const word = this.timeline.words[number];
    if (!word) return;
    this.#turn += 1;
    const span = this.#spans.get(word.part);
    if (!span) {
      this.#wait(number);
      return;
    }
    this.#waiting = null;
    this.part = word.part;
    if (this.audio.getAttribute("src") !== span.piece.url) {
      this.audio.src = span.piece.url;
      this.audio.defaultPlaybackRate = this.#rate;
      this.audio.playbackRate = this.#rate;
    }
    this.audio.currentTime = word.start;
    if (this.#playing) this.#run();
    this.#tell("seeked");
  }

  play() {
    if (!this.timeline.words.length) return;
    const was = this.#playing;
    this.#playing = true;
    if (this.part === null) this.go(Math.max(this.word, 0));
    else this.#run();
    if (!was) this.#tell("play");
  }

  pause() {
    const was = this.#playing;
    this.#playing = false;
    this.audio.pause();
    if (was) this.#tell("pause");
  }

  /** The word that is heard or waited for. */
  get word() {
    if (this.#waiting !== null) return this.#numberOf(this.#waiting);
    return this.part === null ? -1 : this.timeline.begun(this.part, this.time + 0.001);
  }

  /** The number of the first word at a place or after it in its paragraph, or -1. */
  #numberOf({ paragraph, at }) {
    return this.timeline.words.findIndex((word) => word.paragraph === paragraph && word.at >= at);
  }

  /** The sound of these paragraphs is another one: go on in them, at the same word, when they are spoken. */
  stale(paragraphs, place) {
    if (!place || !paragraphs.some((each) => each.index === place.paragraph)) return;
    this.audio.pause();
    const number = this.#numberOf(place);
    if (number >= 0) this.go(number);
  }

  #run() {
    this.audio.play().catch((error) => {
      // A pause, or another source, before the sound has begun is not a fault.
      if (error.name === "NotAllowedError") this.pause();
    });
  }

  #wait(number) {
    this.audio.pause();
    this.part = null;
    const { paragraph, at } = this.timeline.words[number];
    this.#waiting = { paragraph, at };
    if (this.#playing) tell(say("Speaking …"), { stays: true });
    this.ask(paragraph);
    this.#tell("seeked");
  }

  #arrived() {
    const number = this.#numberOf(this.#waiting);
    if ((this.timeline.words[number]?.part ?? null) === null) return;
    tell("");
    this.go(number);
  }

  #next() {
    const next = this.timeline.words.findLastIndex((word) => word.part === this.part) + 1;
    const turn = this.#turn;
    this.#tell("ended");
    if (this.#turn !== turn || !this.#playing) return; // a sentence is repeated
    if (next > 0 && this.timeline.words[next]) this.go(next);
    else {
      this.pause();
      this.part = null;
      this.#waiting = this.timeline.words[0] ?? null;
    }
  }

  #lost() {
    const number = this.word;
    this.part = null;
    this.audio.removeAttribute("src");
    if (number >= 0) this.#wait(number);
  }

  /** Asks the room to speak from a paragraph on. */
  ask(from) {
    if (this.open) attempt(() => post(articlePath(this.open.id, "/speak"), { from }));
  }

  /** The piece in which a word is, or undefined. */
  pieceOf(number) {
    return this.#spans.get(this.timeline.words[number]?.part)?.piece;
  }

  #tell(event) {
    this.dispatchEvent(new Event(event));
  }
}
