// The bar: play and pause, a sentence back or forward, repeat, position, speed, sleep; Space and the media keys.
import { Along } from "./along.js";
import { say } from "./language.js";

// Seconds of the pause after a sentence that are heard before the sentence is repeated.
const BREATH = 0.25;
const one = (id) => document.getElementById(id);
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/**
 * Plays a timeline. `sound` is an EventTarget (play, pause, time, seeked, ended) with `part`, `time`, `paused`, `ended`,
 * `rate`, `go(word)`, `play()` and `pause()`. `scale` has `length`, `now` and `to(seconds)`: the seconds of the whole.
 */
export class Player {
  repeated = -1; // the sentence that is repeated
  #frame = 0;
  #told = "";
  #place = "";
  #sleep = 0;

  constructor(timeline, sound, scale, text) {
    Object.assign(this, { timeline, sound, scale });
    this.along = new Along(timeline, sound, { text, button: one("follow") });
    sound.addEventListener("play", () => {
      one("play").firstChild.data = one("play").dataset.pause;
      this.along.catchUp();
      this.show();
      this.#run();
    });
    sound.addEventListener("pause", () => {
      one("play").firstChild.data = one("play").dataset.play;
      this.#run();
    });
    // While the page is hidden there are no animation frames, but these events still arrive.
    for (const event of ["time", "ended"])
      sound.addEventListener(event, () => {
        this.show();
        this.#again();
      });
    sound.addEventListener("seeked", () => this.show());
    this.#controls();
    this.#mediaKeys();
    addEventListener("keydown", (event) => this.#key(event));
  }

  show() {
    this.along.show();
    this.tell();
  }

  /** Goes to a word; plays on if it plays. */
  seek(word) {
    this.along.moved();
    this.sound.go(word);
    if (this.repeated >= 0) this.repeated = this.timeline.sentenceOf(word);
    this.show();
  }

  /** Plays from a word on. */
  hear(word) {
    this.seek(word);
    this.sound.play();
  }

  /** Goes to a second of the whole. */
  #to(seconds) {
    this.along.moved();
    this.scale.to(seconds);
    this.show();
    if (this.repeated >= 0 && this.along.heard >= 0) this.repeated = this.along.heard;
  }

  toggle() {
    if (this.sound.paused) this.sound.play();
    else this.sound.pause();
  }

  /** The sentence that is heard, or that is waited for; -1 before the first. */
  get here() {
    return this.along.heard >= 0 ? this.along.heard : this.timeline.sentenceOf(this.sound.word);
  }

  back() {
    const heard = this.here;
    // As in every player: first to the beginning of this sentence, then to the sentence before.
    const first = this.timeline.words[this.timeline.sentences[heard]?.first];
    const late = first && (first.part !== this.sound.part || this.sound.time > first.start + 1);
    this.#sentence(late ? heard : heard - 1);
  }

  next() {
    this.#sentence(this.here + 1);
  }

  #sentence(number) {
    const { sentences } = this.timeline;
    this.hear(sentences[Math.min(Math.max(number, 0), sentences.length - 1)].first);
  }

  /** Shows in every frame where the sound is, until it stops and what has been said is no longer lit. */
  #run() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.along.frame();
      this.tell();
      this.#again();
      if (!this.sound.paused || !this.along.settled) this.#run();
    });
  }

  /** Repeats the sentence if it has ended. */
  #again() {
    const sentence = this.timeline.sentences[this.repeated];
    if (!sentence || (this.sound.paused && !this.sound.ended)) return;
    const last = this.timeline.words[sentence.last];
    const after = this.timeline.words[sentence.last + 1];
    const end = Math.min(last.end + BREATH, after?.part === last.part ? after.start : Infinity);
    const over = this.sound.part === last.part ? this.sound.time >= end : this.sound.part === after?.part;
    if (!over && !this.sound.ended) return;
    this.sound.go(sentence.first);
    this.sound.play();
  }

  tell() {
    const { now, length } = this.scale;
    const position = one("position");
    // Four times a second: each move of the slider costs a layout and a painting of the whole page.
    const place = `${Math.round(now * 4) / 4} ${length}`;
    if (place === this.#place) return;
    this.#place = place;
    if (position.max !== String(length)) position.max = length;
    position.value = now;
    const told = `${clock(now)} / ${clock(length)}`;
    if (told === this.#told) return;
    this.#told = told;
    // Changes only the letters: a new node would make the browser evaluate every :has() again, 100 ms on a long page.
    one("time").firstChild.data = told;
    position.setAttribute("aria-valuetext", say("{now} of {length}", { now: clock(now), length: clock(length) }));
    if (length > 0) navigator.mediaSession?.setPositionState?.({ duration: length, position: Math.min(now, length), playbackRate: this.sound.rate });
  }

  #controls() {
    // After a click of the mouse Space plays and pauses, and does not press the same button again.
    one("player").addEventListener("click", (event) => {
      if (event.detail) event.target.closest("button")?.blur();
    });
    one("play").addEventListener("click", () => this.toggle());
    one("back").addEventListener("click", () => this.back());
    one("next").addEventListener("click", () => this.next());
    one("position").addEventListener("input", (event) => {
      this.#to(Number(event.target.value));
    });
    one("speed").addEventListener("input", (event) => {
      this.sound.rate = Number(event.target.value);
      document.querySelector("output[for=speed]").firstChild.data = `${this.sound.rate.toFixed(1)}×`;
    });
    one("repeat").addEventListener("click", () => {
      this.repeated = this.repeated < 0 ? Math.max(this.here, 0) : -1;
      one("repeat").setAttribute("aria-pressed", String(this.repeated >= 0));
    });
    one("sleep").addEventListener("change", (event) => {
      clearTimeout(this.#sleep);
      const minutes = Number(event.target.value);
      if (!minutes) return;
      this.#sleep = setTimeout(() => {
        this.sound.pause();
        one("sleep").value = "0";
      }, minutes * 60_000);
    });
  }

  #mediaKeys() {
    const keys = {
      play: () => this.sound.play(),
      pause: () => this.sound.pause(),
      previoustrack: () => this.back(),
      nexttrack: () => this.next(),
      seekbackward: () => this.back(),
      seekforward: () => this.next(),
      seekto: ({ seekTime }) => this.#to(seekTime),
    };
    for (const [name, act] of Object.entries(keys)) {
      try {
        navigator.mediaSession?.setActionHandler(name, act);
      } catch {
        // a key that this browser does not know
      }
    }
  }

  /** What the system shows of the sound. */
  announce(title, artist) {
    if (navigator.mediaSession) navigator.mediaSession.metadata = new MediaMetadata({ title, artist });
  }

  #key(event) {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    const types = "input:not([type=range], [type=radio]:checked), textarea, select";
    if (event.target.matches?.(types)) return;
    if (event.key === "Escape") this.sound.pause();
    if (event.key !== " " || event.target.matches?.("button, summary, a")) return;
    event.preventDefault();
    // A word that the reader has gone to by arrow keys is a button, and Space presses it.
    if (this.sound.paused && this.stops?.chosen) this.stops.act(this.stops.stop);
    else this.toggle();
  }
}
