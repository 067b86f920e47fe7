// Lights up the word that is heard, and adds the controls. Without it the page still shows everything and plays.
"use strict";
(() => {
  // Seconds. A word stays lit a little after its end, so that nothing flickers between two words in a row.
  const LINGER = 0.03;
  // Seconds of the pause after a sentence that are heard before the sentence is repeated.
  const BREATH = 0.25;

  const one = (id) => document.getElementById(id);
  const audio = document.querySelector("audio");
  const text = document.querySelector("article");
  const words = [...text.querySelectorAll("[data-start]")];
  const starts = words.map((word) => Number(word.dataset.start));
  const ends = words.map((word) => Number(word.dataset.end));
  const order = new Map(words.map((word, i) => [word, i]));
  const length = Number(one("position").max);

  // For each word the number of its sentence; for each sentence its element, its first word and its last.
  const sentences = [];
  const sentenceOf = words.map((word, i) => {
    const element = word.closest(".sentence");
    const last = sentences.at(-1);
    if (last?.element === element) last.last = i;
    else sentences.push({ element, first: i, last: i });
    return sentences.length - 1;
  });

  let spoken = -1; // the word that is lit
  let heard = -1; // the sentence that is tinted
  let stop = -1; // the one word that Tab reaches
  let repeated = -1; // the sentence that is repeated

  // --- time -> word --------------------------------------------------------------------------------------------

  /** The last word that has begun at a time, -1 before the first. */
  function begun(time) {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  function show() {
    // A browser rounds the time it is set to, perhaps to just before the word.
    const time = audio.currentTime + 0.001;
    const word = begun(time);
    light(word >= 0 && time < ends[word] + LINGER ? word : -1);
    tint(word >= 0 ? sentenceOf[word] : -1);
    tell(audio.currentTime);
  }

  function light(word) {
    if (word === spoken) return;
    words[spoken]?.classList.remove("spoken");
    words[word]?.classList.add("spoken");
    if (word >= 0) {
      if (!text.contains(document.activeElement)) reachable(word);
      if (!audio.paused) follow(words[word]);
    }
    spoken = word;
  }

  function tint(sentence) {
    if (sentence === heard) return;
    sentences[heard]?.element.classList.remove("heard");
    sentences[sentence]?.element.classList.add("heard");
    heard = sentence;
  }

  let before = null; // the word that was lit before; null if the reader has just chosen another place
  /** Scrolls to a word that is not in the window, unless the reader has scrolled away from the one before it. */
  function follow(word) {
    const place = word.getBoundingClientRect();
    const inside = place.top >= document.querySelector("header").offsetHeight && place.bottom <= innerHeight;
    const left = before?.getBoundingClientRect();
    const away = left && (left.bottom < 0 || left.top > innerHeight);
    if (!inside && !away) word.scrollIntoView({ block: "center" });
    before = word;
  }

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  let told = "";
  function tell(time) {
    one("position").value = time;
    const now = `${clock(time)} of ${clock(length)}`;
    if (now === told) return;
    told = now;
    // Changes only the letters: a new node would make the browser evaluate every :has() again, 100 ms on a long page.
    one("time").firstChild.data = `${clock(time)} / ${clock(length)}`;
    one("position").setAttribute("aria-valuetext", now);
  }

  // --- playing -------------------------------------------------------------------------------------------------

  function seek(word) {
    before = null;
    audio.currentTime = starts[word];
    if (repeated >= 0) repeated = sentenceOf[word];
    show();
  }

  function play() {
    audio.play().catch((error) => {
      // A pause before the sound has begun is not a fault.
      if (error.name !== "AbortError") complain();
    });
  }

  function complain() {
    one("fault").textContent = "The sound does not play: this browser may have no AAC. Open the page in another one.";
    one("fault").hidden = false;
  }

  function hear(word) {
    seek(word);
    play();
  }

  function again() {
    if (repeated < 0 || (audio.paused && !audio.ended)) return;
    const { first, last } = sentences[repeated];
    const end = Math.min(ends[last] + BREATH, starts[last + 1] ?? length, length);
    if (audio.currentTime >= end || audio.ended) hear(first);
  }

  let frame = 0;
  function step() {
    cancelAnimationFrame(frame); // left over if a pause and a new start happened within one frame
    again();
    show();
    if (!audio.paused) frame = requestAnimationFrame(step);
  }

  audio.addEventListener("play", () => {
    one("play").firstChild.data = one("play").dataset.pause;
    before = null;
    if (spoken >= 0) follow(words[spoken]);
    step();
  });
  audio.addEventListener("pause", () => {
    one("play").firstChild.data = one("play").dataset.play;
  });
  // While the page is hidden there are no animation frames, but this event still arrives.
  audio.addEventListener("timeupdate", () => {
    again();
    show();
  });
  audio.addEventListener("seeked", show);
  audio.addEventListener("ended", again);
  audio.addEventListener("error", complain);

  one("play").addEventListener("click", () => (audio.paused ? play() : audio.pause()));
  one("position").addEventListener("input", (event) => {
    before = null;
    audio.currentTime = Number(event.target.value);
    const word = begun(audio.currentTime);
    if (repeated >= 0 && word >= 0) repeated = sentenceOf[word];
    show();
  });
  one("speed").addEventListener("input", (event) => {
    audio.playbackRate = Number(event.target.value);
    document.querySelector("output").firstChild.data = `${audio.playbackRate.toFixed(1)}×`;
  });
  one("repeat").addEventListener("click", () => {
    repeated = repeated < 0 ? Math.max(heard, 0) : -1;
    one("repeat").setAttribute("aria-pressed", String(repeated >= 0));
  });
  one("back").addEventListener("click", () => {
    // As in every player: first to the beginning of this sentence, then to the sentence before.
    const late = heard >= 0 && audio.currentTime > starts[sentences[heard].first] + 1;
    hear(sentences[Math.max(late ? heard : heard - 1, 0)].first);
  });
  one("next").addEventListener("click", () => hear(sentences[Math.min(heard + 1, sentences.length - 1)].first));

  // --- the text by mouse and keyboard --------------------------------------------------------------------------

  /** Only one word at a time is a button that Tab reaches: for screen readers the text stays text, with one stop. */
  function reachable(word) {
    if (word === stop) return;
    words[stop]?.removeAttribute("tabindex");
    words[stop]?.removeAttribute("role");
    words[word].setAttribute("tabindex", "0");
    words[word].setAttribute("role", "button");
    stop = word;
  }

  function go(word) {
    const to = Math.min(Math.max(word, 0), words.length - 1);
    reachable(to);
    words[to].focus();
  }

  text.addEventListener("click", (event) => {
    const word = order.get(event.target.closest("[data-start]"));
    if (word === undefined || !getSelection().isCollapsed) return; // the reader is selecting text to copy
    reachable(word);
    hear(word);
  });

  text.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") audio.pause();
    const word = order.get(event.target);
    if (word === undefined) return;
    const sentence = sentenceOf[word];
    const keys = {
      ArrowRight: () => go(word + 1),
      ArrowLeft: () => go(word - 1),
      ArrowDown: () => go(sentences[sentence + 1]?.first ?? words.length - 1),
      ArrowUp: () => go(sentences[sentence].first === word ? (sentences[sentence - 1]?.first ?? 0) : sentences[sentence].first),
      Home: () => go(0),
      End: () => go(words.length - 1),
      Enter: () => hear(word),
      " ": () => hear(word),
    };
    if (!(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });

  // --- the sound -----------------------------------------------------------------------------------------------

  // Browsers limit the length of data URLs, and some cannot seek in one; a blob has neither problem.
  const [, base64] = audio.getAttribute("src").split(",");
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  audio.preload = "auto";
  audio.src = URL.createObjectURL(new Blob([bytes], { type: "audio/mp4" }));
  audio.preservesPitch = true;
  audio.controls = false;

  one("player").hidden = false;
  one("keys").hidden = false;
  tell(0);
  if (words.length) reachable(0);
  else for (const id of ["back", "next", "repeat"]) one(id).disabled = true;
})();
