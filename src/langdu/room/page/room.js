// The reading room: which article is open, and how its parts work together.
import "./chinese.js";
import { articlePath, get, post, put } from "./api.js";
import { Open } from "./article.js";
import { Desk } from "./desk/desk.js";
import { attempt, complain, make, one, tell } from "./dom.js";
import { Findings } from "./correct/findings.js";
import { Place } from "./correct/place.js";
import { closeMenus } from "./menus.js";
import { Practice } from "./practise/practice.js";
import { copyPlain } from "./reading/copying.js";
import { Stops } from "./reading/keys.js";
import { say, translate } from "./reading/language.js";
import { rememberControls } from "./reading/memory.js";
import { Player } from "./reading/player.js";
import { Timeline } from "./reading/timeline.js";
import { Sheet } from "./sheet.js";
import { Pieces } from "./sound.js";
import { TakeAway } from "./desk/take.js";

const KEEP_EVERY = 10_000; // milliseconds between two notes of where the listener is

translate(document.body, "article, #shelf ol, textarea");

const text = document.querySelector("article");
const timeline = new Timeline();
const sound = new Pieces(timeline, one("sound"));
const player = new Player(timeline, sound, sound, text);
const sheet = new Sheet(one("sheet"), { closed: () => practice.end() });
const place = new Place(sheet, sound, { change: changed });
const findings = new Findings(one("beneath"), { change: changed });
const practice = new Practice(sheet, sound, timeline);
const takeAway = new TakeAway(one("takeaway"));
const known = attempt(() => get("room")); // what the room is; a form may be sent before this has come
const desk = new Desk({
  opened: (article) => {
    history.pushState(null, "", `#/${encodeURIComponent(article.id)}`);
    read(article);
  },
});
let open = null;
let events = null;

// --- what a click does -----------------------------------------------------------------------------------------------

const mode = () => document.querySelector("[name=mode]:checked").id;
const wordOf = (target) => timeline.words[timeline.numberOf(target)]?.element;
const stops = new Stops(text, {
  all: () => (mode() === "correct" ? [...text.querySelectorAll("ruby")] : timeline.words.map((word) => word.element)),
  sentenceOf: (element) => timeline.sentenceOf(timeline.numberOf(element)),
  find: (target) => (mode() === "correct" ? target.closest("ruby") : wordOf(target)),
  act: (element) => {
    const number = timeline.numberOf(element);
    const acts = {
      listen: () => player.hear(number),
      correct: () => place.show(open, element),
      practise: () => practice.show(timeline.sentenceOf(number)),
    };
    acts[mode()]();
  },
});
player.stops = stops;
player.along.onlit = (word) => {
  if (!kept) keepPlace(); // what is sent while a tab closes does not always arrive
  if (mode() !== "correct" && !text.contains(document.activeElement)) stops.reach(timeline.words[word].element);
};

/** The first stop of a text is what Tab reaches until the reader chooses another. */
function firstStop() {
  if (stops.stop?.isConnected && stops.stop.matches(mode() === "correct" ? "ruby" : ".word")) return;
  const here = whereabouts();
  const element = mode() === "correct" ? open?.elementAt(here.paragraph, here.at) : wordOf(open?.elementAt(here.paragraph, here.at, ".word"));
  stops.reach(element ?? text.querySelector(mode() === "correct" ? "ruby" : ".word"));
}

for (const each of document.querySelectorAll("[name=mode]"))
  each.addEventListener("change", () => {
    document.documentElement.dataset.mode = mode();
    closeMenus();
    sheet.close();
    firstStop();
  });

// --- an article ------------------------------------------------------------------------------------------------------

/** Where the listener is. */
function whereabouts() {
  const word = timeline.words[sound.word];
  return word ? { paragraph: word.paragraph, at: word.at } : (open?.article.place ?? { paragraph: -1, at: 0 });
}

async function read(article) {
  leave();
  open = new Open(article, text);
  kept = "";
  open.onchange = (change) => changed(change);
  const mine = open;
  document.documentElement.dataset.view = "article";
  document.title = article.title || article.id;
  [text.hidden, one("desk").hidden] = [false, true];
  scrollTo({ top: 0, behavior: "instant" });
  one("text").focus({ preventScroll: true }); // what had the focus is gone
  sound.start(open);
  known.then((room) => {
    if (!room || open !== mine) return;
    player.announce(article.title, `langdu ${room.voice}`);
    takeAway.show(open, room);
  });
  steps();
  listen(open);
  const start = article.place;
  let first = true;
  await attempt(() =>
    open.load(start?.paragraph ?? -1, () => {
      if (open !== mine) return;
      sound.arrange();
      if (first && start) resume(start);
      first = false;
      contents();
      firstStop();
      player.show();
    }),
  );
  if (open === mine) await attempt(() => findings.show(open));
}

/** Goes to where the listener stopped, without a sound. */
function resume({ paragraph, at }) {
  const number = timeline.words.findLastIndex((word) => word.paragraph === paragraph && word.at <= at);
  if (number <= 0) return;
  sound.go(number);
  timeline.words[number].element.scrollIntoView({ block: "center", behavior: "instant" });
}

function listen(article) {
  events = new EventSource(`/api/${articlePath(article.id, "/events")}`);
  const on = (name, act) => events.addEventListener(name, (event) => act(JSON.parse(event.data)));
  let noticed = false;
  on("piece", (piece) => {
    sound.take(piece);
    if (noticed) tell("");
    noticed = false;
  });
  on("change", (change) => {
    if (change.version > open.version) changed(change);
  });
  on("export", (made) => takeAway.update(made));
  on("notice", ({ message }) => {
    tell(message, { stays: true });
    noticed = true;
  });
  on("progress", ({ done, of, speaking }) => {
    one("time").title = speaking === null ? "" : say("{done} of {of} paragraphs are spoken", { done, of });
  });
  on("failed", ({ message }) => complain(new Error(message)));
  on("bye", () => {
    events.close();
    complain(new Error(say("The room was stopped. Start it again with langdu room.")));
  });
  sound.ask(article.article.place?.paragraph ?? article.paragraphs[0]?.index ?? null);
}

function leave() {
  keepPlace();
  events?.close();
  sheet.close();
  sound.pause();
  open = null;
}

/** Takes a Change, from this tab or another one; `at` is where the reader made it. */
function changed(change, at = null, done = "Corrected") {
  const before = whereabouts();
  const other = open.change(change); // nothing, if the event has told of it before the answer
  sound.arrange();
  if (other === null) {
    // Paragraphs came or went.
    attempt(() => open.load(before.paragraph, () => sound.arrange())).then(() => {
      contents();
      firstStop();
    });
  } else if (other.length) sound.stale(other, before);
  if (other === null || change.findings_changed || change.paragraphs.length) attempt(() => findings.show(open));
  steps();
  player.show();
  firstStop();
  if (at) {
    const element = open.elementAt(at.paragraph, at.at, mode() === "correct" ? "ruby" : ".word");
    if (element) {
      stops.reach(element);
      element.focus();
    }
    tell(say(done));
  }
}

function contents() {
  const list = one("contents").querySelector("ol");
  const headings = open.paragraphs.filter((each) => each.title);
  const listed = headings.length > 2 ? headings : open.paragraphs;
  list.replaceChildren(
    ...listed.map(({ index, text: written }) => {
      const short = [...written].length > 24 ? `${[...written].slice(0, 24).join("")}…` : written;
      return make("li", {}, make("a", { href: `#p${index}`, lang: "zh-CN" }, short));
    }),
  );
}

one("contents").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link) return;
  event.preventDefault();
  one("contents").open = false;
  const index = Number(link.hash.slice(2));
  const element = open.paragraph(index).element;
  const number = timeline.numberOf(element.querySelector(".word"));
  if (number !== undefined) player.seek(number);
  element.scrollIntoView({ block: "start" });
});

// --- undo and redo ---------------------------------------------------------------------------------------------------

function steps() {
  one("undo").disabled = !open.article.undo;
  one("redo").disabled = !open.article.redo;
}

async function step(which) {
  if (!open || one(which).disabled) return;
  // Before the answer: the event may come first, and then the elements are others.
  const { paragraph, dataset } = text.contains(document.activeElement) ? document.activeElement : {};
  const change = await attempt(() => post(articlePath(open.id, `/${which}`)));
  if (!change) return;
  changed(change, paragraph === undefined ? null : { paragraph, at: Number(dataset.at) });
  tell(say(which === "undo" ? "Taken back" : "Done again"));
}
for (const which of ["undo", "redo"]) one(which).addEventListener("click", () => step(which));
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.matches("textarea, input:not([type=radio], [type=range])")) return;
  const key = event.key.toLowerCase();
  const which = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" ? "redo" : null;
  if (!which) return;
  event.preventDefault();
  step(which);
});

// --- where the listener is -------------------------------------------------------------------------------------------

let kept = "";
function keepPlace() {
  if (!open || sound.word < 0) return;
  const now = whereabouts();
  if (JSON.stringify(now) === kept) return;
  kept = JSON.stringify(now);
  put(articlePath(open.id, "/place"), now).catch(() => {});
}
sound.addEventListener("pause", keepPlace);
setInterval(() => sound.paused || keepPlace(), KEEP_EVERY);
addEventListener("pagehide", keepPlace);

// --- views -----------------------------------------------------------------------------------------------------------

/** The id in the address; what is no address of ours is no article. */
function identity() {
  try {
    return decodeURIComponent(location.hash.slice(2));
  } catch {
    return location.hash.slice(2);
  }
}

async function route() {
  const id = identity();
  if (!location.hash.startsWith("#/") && location.hash) return; // a place in the text
  if (id && open?.id === id) return;
  let fault = null;
  try {
    if (id) return await read(await get(articlePath(id)));
  } catch (error) {
    fault = error; // there is no such article: show which ones there are
  }
  leave();
  document.documentElement.dataset.view = "shelf";
  document.title = say("Reading room");
  [text.hidden, one("desk").hidden, one("beneath").hidden] = [true, false, true];
  // The room may answer late: whoever has begun to write goes on.
  if (!one("desk").contains(document.activeElement)) one("text").focus({ preventScroll: true });
  await desk.show();
  if (fault) complain(fault);
}

async function begin() {
  const room = await known;
  if (!room) return;
  desk.limit = room.body_limit;
  if (room.can_invite) desk.invite();
  if (!location.hash && room.opened) history.replaceState(null, "", `#/${encodeURIComponent(room.opened)}`);
  addEventListener("hashchange", route);
  await route();
}

for (const id of ["latin", "zhuyin"]) one(id).addEventListener("change", () => open?.rewrite());
document.fonts?.ready.then(() => open?.spread());
copyPlain(text);
rememberControls(document.querySelector("header"));
document.documentElement.dataset.mode = mode();
begin();
