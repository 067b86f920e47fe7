// What the page asks of the room, as docs/room-api.md has it.
import { say } from "./reading/language.js";

/** What the room says is wrong, to be shown as it is: in Chinese if its code is known, or else in English. */
export class Refused extends Error {}

const told = ({ error, code }) => {
  const known = `refused: ${code}`, said = say(known);
  return said === known ? error : said;
};

async function answered(path, options) {
  let answer;
  try {
    answer = await fetch(`/api/${path}`, options);
  } catch {
    throw new Refused(say("The room does not answer: it was stopped. Start it again with langdu room."));
  }
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => null);
  throw new Refused(said?.error ? told(said) : `The room answers ${answer.status}.`);
}

async function ask(path, options) {
  const answer = await answered(path, options);
  return answer.status === 204 ? null : answer.json();
}

const sent = (method, body, more = {}) => ({
  method,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
  ...more,
});

export const get = (path) => ask(path);
export const bytes = async (path) => (await answered(path)).blob();
export const post = (path, body = {}) => ask(path, sent("POST", body));
export const put = (path, body) => ask(path, sent("PUT", body, { keepalive: true }));
export const remove = (path, body) => ask(path, sent("DELETE", body));
export const send = (name, bytes) =>
  ask(`articles?name=${encodeURIComponent(name)}`, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream" },
    body: bytes,
  });

/** The path of an article. */
export const articlePath = (id, rest = "") => `articles/${encodeURIComponent(id)}${rest}`;
