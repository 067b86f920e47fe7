// The language of the interface: English as the page is written, or Chinese if the browser prefers it.

const zh = navigator.languages.find((tag) => /^(zh|en)\b/i.test(tag))?.toLowerCase().startsWith("zh") ?? false;
const chinese = new Map();

/** Adds what the interface says in Chinese: an object from English to Chinese. */
export function learn(pairs) {
  for (const [english, translated] of Object.entries(pairs)) chinese.set(english, translated);
}

/** A text of the interface in the reader's language. `{name}` in it stands for a value. */
export function say(english, values = {}) {
  const said = (zh && chinese.get(english)) || english;
  return said.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Puts everything under an element that we know in Chinese into Chinese, except the texts that `skip` matches. */
export function translate(root, skip) {
  if (!zh) return;
  document.documentElement.lang = "zh-CN";
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
    node.nodeType === Node.ELEMENT_NODE && node.matches(skip) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  for (let node = walker.currentNode; node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) {
      const written = node.data.trim().replace(/\s+/g, " ");
      if (chinese.has(written)) node.data = node.data.replace(node.data.trim(), () => chinese.get(written));
      continue;
    }
    for (const name of ["aria-label", "title", "placeholder", "data-play", "data-pause"]) {
      const written = node.getAttribute?.(name);
      if (chinese.has(written)) node.setAttribute(name, chinese.get(written));
    }
  }
}

learn({
  "Skip to the text": "跳到正文",
  Player: "播放器",
  Play: "播放",
  Pause: "暂停",
  "Sentence before": "上一句",
  "Next sentence": "下一句",
  "Repeat the sentence": "重复本句",
  Position: "位置",
  Speed: "语速",
  "{now} of {length}": "{now}，共 {length}",
  Contents: "目录",
  View: "显示",
  Show: "内容",
  "hanzi and pinyin": "汉字和拼音",
  hanzi: "汉字",
  pinyin: "拼音",
  "Pinyin over": "拼音标在",
  "all words": "所有词上",
  "annotated words": "有注音的词上",
  "Text size": "字号",
  small: "小",
  normal: "中",
  large: "大",
  "very large": "特大",
  huge: "最大",
  Colours: "颜色",
  "as the system": "跟随系统",
  light: "浅色",
  dark: "深色",
  Findings: "问题",
  "in the text": "标在文中",
  "Stop after": "定时停止",
  never: "不停止",
  "{n} minutes": "{n} 分钟",
  "10 minutes": "10 分钟",
  "20 minutes": "20 分钟",
  "30 minutes": "30 分钟",
  "60 minutes": "60 分钟",
  "Follow the voice": "跟随朗读",
  "Click a word to hear it from there. Space plays and pauses. With the keyboard: Tab into the text, then the arrow keys go from word to word and from sentence to sentence, Enter plays from the word.":
    "点击一个词，从那里开始朗读；空格键播放或暂停。用键盘：按 Tab 进入正文，方向键逐词、逐句移动，回车从该词开始朗读。",
  "Read by langdu in the voice": "由 langdu 朗读，声音：",
  "The sound does not play: this browser may have no AAC. Open the page in another one.":
    "无法播放声音：此浏览器可能不支持 AAC，请换一个浏览器打开。",
});
