// The page in one file: its sound is inside it. Without this script the page still shows everything and plays.
import { copyPlain } from "./reading/copying.js";
import { spread } from "./reading/grid.js";
import { Stops } from "./reading/keys.js";
import { translate } from "./reading/language.js";
import { keep, recall, rememberControls } from "./reading/memory.js";
import { Player } from "./reading/player.js";
import { Timeline } from "./reading/timeline.js";

const audio = document.querySelector("audio");
const text = document.querySelector("article");
const position = document.getElementById("position");
const length = Number(position.max);

/** The sound of the whole page. */
class Whole extends EventTarget {
  part = 0;

  constructor() {
    super();
    const told = { play: "play", pause: "pause", timeupdate: "time", seeked: "seeked", ended: "ended" };
    for (const [event, ours] of Object.entries(told)) audio.addEventListener(event, () => this.dispatchEvent(new Event(ours)));
    audio.addEventListener("error", complain);
  }

  get time() { return audio.currentTime; }
  get paused() { return audio.paused; }
  get ended() { return audio.ended; }
  get rate() { return audio.playbackRate; }
  set rate(rate) { audio.playbackRate = rate; }

  go(word) { audio.currentTime = timeline.words[word].start; }
  pause() { audio.pause(); }
  play() {
    audio.play().catch((error) => {
      // A pause before the sound has begun is not a fault.
      if (error.name !== "AbortError") complain();
    });
  }
}

function complain() {
  document.getElementById("fault").hidden = false;
}

/** Browsers limit the length of data URLs, and some cannot seek in one; a blob has neither problem. */
function unpack() {
  const [, base64] = audio.getAttribute("src").split(",");
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  audio.preload = "auto";
  audio.src = URL.createObjectURL(new Blob([bytes], { type: "audio/mp4" }));
  audio.preservesPitch = true;
  audio.controls = false;
}

const timeline = new Timeline();
timeline.set(
  [...text.querySelectorAll("[data-start]")].map((element) => ({
    element,
    sentence: element.closest(".sentence"),
    part: 0,
    start: Number(element.dataset.start),
    end: Number(element.dataset.end),
  })),
);
const { words } = timeline;
const scale = {
  length,
  get now() { return audio.currentTime; },
  to(seconds) { audio.currentTime = seconds; },
};

translate(document.body, "article, script, style");
unpack();
const player = new Player(timeline, new Whole(), scale, text);
const stops = new Stops(text, {
  all: () => words.map((word) => word.element),
  sentenceOf: (element) => timeline.sentenceOf(timeline.numberOf(element)),
  find: (target) => words[timeline.numberOf(target)]?.element,
  act: (element) => player.hear(timeline.numberOf(element)),
});
player.stops = stops;
player.along.onlit = (word) => {
  if (!text.contains(document.activeElement)) stops.reach(words[word].element);
};

document.getElementById("player").hidden = false;
document.getElementById("keys").hidden = false;
player.announce(document.title, `langdu ${document.getElementById("voice").textContent}`);
if (words.length) stops.reach(words[0].element);
else for (const id of ["back", "next", "repeat"]) document.getElementById(id).disabled = true;

// The contents lead to a paragraph, in the text and in the sound.
const contents = document.getElementById("contents");
contents?.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link) return;
  contents.open = false;
  const word = timeline.numberOf(document.querySelector(link.hash)?.querySelector(".word"));
  if (word !== undefined) player.seek(word);
});

// The reader goes on where he stopped, if there is something before that place and something after it.
const place = `place ${document.title} ${position.max}`;
const remember = () => {
  const { currentTime } = audio;
  keep(place, currentTime > 3 && currentTime < length - 3 ? currentTime : null);
};
for (const event of ["pause", "seeked"]) audio.addEventListener(event, remember);
addEventListener("pagehide", remember);
const stopped = recall(place);
if (stopped !== null && stopped < length) {
  audio.currentTime = stopped;
  player.show();
  words[timeline.begun(0, stopped)]?.element.scrollIntoView({ block: "center", behavior: "instant" });
}

rememberControls(document.querySelector("header"));
spread(text);
document.fonts?.ready.then(() => spread(text));
copyPlain(text);
player.tell();
