// Which word is said when. A part is one sound: the page in one file has a single one, the reading room one for each
// piece that it has spoken. A word that is not spoken yet has the part null.

/** The words of an article, in order: `{element, sentence, part, start, end}`; `sentence` is an element too. */
export class Timeline {
  words = [];
  /** `{element, first, last}`: the numbers of a sentence's first and last word. */
  sentences = [];
  #parts = new Map();
  #numbers = new Map();

  /** Takes other words, or other times for them. */
  set(words) {
    this.words = words;
    this.sentences = [];
    this.#parts = new Map();
    this.#numbers = new Map();
    words.forEach((word, i) => {
      this.#numbers.set(word.element, i);
      const last = this.sentences.at(-1);
      if (last?.element === word.sentence) last.last = i;
      else this.sentences.push({ element: word.sentence, first: i, last: i });
      word.inSentence = this.sentences.length - 1;
      if (word.part === null) return;
      if (!this.#parts.has(word.part)) this.#parts.set(word.part, []);
      this.#parts.get(word.part).push(i);
    });
  }

  /** The number of the word that is this element or around it, or undefined. */
  numberOf(element) {
    return this.#numbers.get(element?.closest?.(".word"));
  }

  /** The number of the last word of a part that has begun at a time; -1 before the first. */
  begun(part, time) {
    const inPart = this.#parts.get(part) ?? [];
    let low = 0;
    let high = inPart.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.words[inPart[middle]].start <= time) low = middle + 1;
      else high = middle;
    }
    return low ? inPart[low - 1] : -1;
  }

  /** The number of the first word of a part, -1 if it has none. */
  first(part) {
    return this.#parts.get(part)?.[0] ?? -1;
  }

  /** The number of a word's sentence, -1 for no word. */
  sentenceOf(word) {
    return this.words[word]?.inSentence ?? -1;
  }
}
