// What the check says in Chinese: the names of its rules, what each means, and its messages, by their English.
import { learn } from "../reading/language.js";

learn({
  "not-a-syllable": "不是音节",
  "The pinyin contains something that is not a syllable of Standard Chinese.": "拼音里有普通话没有的音节。",
  "{letter} has a mark that pinyin does not use": "“{letter}”上的符号不是拼音的调号",
  "{written} is not spelled in pinyin syllables": "“{written}”不是由拼音音节拼成的",

  "not-understood": "无法对应",
  "A bracket or a line can only be pinyin but fits none of the hanzi beside it; it is left out and not read aloud. Letters without a tone, 满(main), are only a warning: they may be something other than pinyin.":
    "括号里或一行中只可能是拼音，却与旁边的汉字都不相符，因此略去不读。不带声调的字母，如“满(main)”，可能不是拼音，所以只给警告。",
  "{written} fits none of the hanzi beside it and is left out": "“{written}”与旁边的汉字都不相符，已略去",

  "wrong-syllable-count": "音节数不符",
  "There are more or fewer syllables than hanzi.": "音节比汉字多，或者比汉字少。",
  "{char} is a separate syllable here, {right}": "这里的“{char}”自成音节，读 {right}",
  "{word} has {hanzi} hanzi, {written} 1 syllable": "“{word}”有 {hanzi} 个汉字，“{written}”只有 1 个音节",
  "{word} has {hanzi} hanzi, {written} {syllables} syllables": "“{word}”有 {hanzi} 个汉字，“{written}”有 {syllables} 个音节",

  "wrong-tone": "声调有误",
  "The character has this syllable only in another tone.": "这个字有这个音节，但声调不同。",
  "wrong-initial": "声母有误",
  "The character has this syllable only with another initial.": "这个字有相近的音节，但声母不同。",
  "wrong-final": "韵母有误",
  "The character has this syllable only with another final.": "这个字有相近的音节，但韵母不同。",
  "not-a-reading": "没有这个读音",
  "The character has no reading that resembles this one.": "这个字没有与此相近的读音。",
  "{char} is not read {given} but {right}": "“{char}”不读 {given}，应读 {right}",

  "no-homophone": "并不同音",
  "A character that is given as a homophone has no reading in common with the one it explains.":
    "用来注音的同音字，与被注的字没有相同的读音。",
  "{other} ({its}) does not sound like {char} ({own})": "“{other}”({its}) 与“{char}”({own}) 不同音",

  "wrong-in-context": "此处不这样读",
  "The character has this reading, but not in this word or this sentence.": "这个字有这个读音，但在这个词或这句话里不这样读。",
  "{char} is read {right} in {word}, not {given}": "“{char}”在“{word}”里读 {right}，不读 {given}",
  "{char} is read {right} in this sentence, not {given}": "“{char}”在这句话里读 {right}，不读 {given}",
  "doubtful-in-context": "此处读音存疑",
  "The character is probably read differently here, but not surely enough for a warning: a question to the author.":
    "这个字在这里很可能读另一个音，但把握不足以给警告：请作者确认。",

  "disagreement": "前后不一致",
  "Two annotations of one word disagree, and both readings are possible.": "同一个词的两处注音不一致，而两种读音都有可能。",
  "{word} is read {usual} in another annotation": "“{word}”在另一处注作 {usual}",

  "part-of-word": "注音不全",
  "The pinyin covers part of a word in an article that annotates whole words, so a syllable is missing.":
    "全文都给整个词注音，这里的拼音只注了词的一部分，少了音节。",
  "{written} is the pinyin of {part} only; the word is {word}": "“{written}”只是“{part}”的拼音，整个词是“{word}”",

  "lone-sandhi": "独此一处写变调",
  "A tone is written as heard, after sandhi, by an author who otherwise writes dictionary tones: likely a slip.":
    "全文都写词典里的声调，只有这里写了变调后的声调：很可能是笔误。",
  "{char} is {right}; only here is its tone written as heard, after sandhi (third tones)":
    "“{char}”的本调是 {right}；只有这里写了变调后的声调（上声变调）",
  "{char} is {right}; only here is its tone written as heard, after sandhi (the tone of {char})":
    "“{char}”的本调是 {right}；只有这里写了变调后的声调（“{char}”的变调）",

  "edited-away": "注音未用上",
  "The annotated text is spoken in other words, as part of a number or sign, so its pinyin is not used.":
    "被注音的文字是数字或符号的一部分，读出来是另外的字，所以注音没有用上。",
  "{word} is spoken as part of a number or sign; its pinyin is not used": "“{word}”作为数字或符号的一部分读出，注音没有用上",

  "misplaced-mark": "调号标错位置",
  "The tone mark stands on the wrong vowel. It belongs on a, o or e, and in iu and ui on the second vowel. Source: 汉语拼音方案, section 4.":
    "调号标错了元音：应标在 a、o、e 上，iu 和 ui 标在后一个元音上。依据：《汉语拼音方案》第四部分。",
  "the tone mark of {right} stands on the wrong letter": "{right} 的调号标错了字母",

  "missing-apostrophe": "缺少隔音符号",
  "A syllable that begins with a, o or e follows another without an apostrophe. Source: GB/T 16159-2012, 6.1.5.":
    "以 a、o、e 开头的音节接在别的音节后面，中间没有隔音符号。依据：GB/T 16159-2012，6.1.5。",
  "an apostrophe is missing before {syllable} inside a word": "词中的 {syllable} 前面缺少隔音符号",

  "look-alike-letters": "形近字母",
  "A letter or mark only looks like the right one: a breve for a caron, IPA ɡ and ɑ, a full-width letter. A circumflex, pâo, is read as a caron and is a warning: it is not a tone mark.":
    "字母或符号只是看起来像：用短音符代替第三声的调号，用国际音标的 ɡ 和 ɑ，用全角字母。“pâo”上的符号当作第三声来读，但它不是调号，所以给警告。",
  "{written} has letters that only look like those of pinyin": "“{written}”里有只是看起来像拼音的字母",

  "needless-dots": "多余的两点",
  "After j, q, x and y, ü is written u. Source: 汉语拼音方案, section 3.": "在 j、q、x、y 后面，ü 写作 u。依据：《汉语拼音方案》第三部分。",
  "after j, q, x and y, ü is written u": "在 j、q、x、y 后面，ü 写作 u",

  "no-tones": "没有声调",
  "The pinyin has no tones.": "拼音没有标声调。",
  "{written} has no tones": "“{written}”没有标声调",

  "unclosed-bracket": "括号没有闭合",
  "The bracket around the pinyin is not closed.": "拼音的括号没有闭合。",
  "the bracket is not closed": "括号没有闭合",

  "other-character": "标在别的字后面",
  "The pinyin stands after one character but belongs to another one of the word.": "拼音写在一个字后面，却是词中另一个字的读音。",
  "{written} stands after {beside} and is the reading of {word}": "“{written}”写在“{beside}”后面，却是“{word}”的读音",

  "written-twice": "重复注音",
  "The same annotation is written several times in a row.": "同一个注音接连写了几遍。",
  "{written} is written {n} times": "“{written}”写了 {n} 遍",

  "homophone": "用同音字注音",
  "The reading is given by a homophone instead of pinyin.": "读音是用同音字注的，不是用拼音。",
  "{written} stands for the reading {reading}": "“{written}”表示读音 {reading}",

  "written-sandhi": "写变调",
  "The pinyin has the tone that is heard, after sandhi; dictionaries write the tone before sandhi. Both are right. If the author often writes third tones, 一 or 不 so, only the first place is reported.":
    "拼音写的是变调后实际听到的声调；词典写本调。两种都对。作者若常这样标上声、“一”或“不”，只列出第一处。",
  "{char} is written as heard, {heard}; dictionaries have {listed}": "“{char}”按实际读音写作 {heard}；词典作 {listed}",
  "{char} is written as heard, {heard}, {n} times in the article (reported once); dictionaries have {listed}":
    "“{char}”按实际读音写作 {heard}，全文共 {n} 处（只列出一处）；词典作 {listed}",
  "third tones are written as heard, {heard} for {char}, {n} times in the article (reported once); dictionaries have {listed}":
    "上声按实际读音标注，“{char}”写作 {heard}，全文共 {n} 处（只列出一处）；词典作 {listed}",

  "neutral-tone-variant": "轻声两可",
  "A neutral tone where dictionaries have a full one, or the reverse: writing the neutral tone is optional.":
    "词典标声调的地方写了轻声，或者相反：轻声可标可不标。",
  "dictionaries have {listed}": "词典作 {listed}",

  "rare-reading": "少见的读音",
  "Dictionaries list the reading, but after a more usual one; it may be regional.": "词典收有这个读音，但排在更常用的读音之后；可能是某些地区的读法。",
  "{usual} is the more usual reading of {word}": "“{word}”更常读 {usual}",

  "other-norm": "其他规范的读音",
  "The reading is from Taiwan or from old texts. In traditional text and zhuyin it is right.":
    "这是台湾的读音，或古文的读音。在繁体字和注音符号的文章里是对的。",
  "{char} {given} is a reading of Taiwan; langdu would read {expected}": "“{char}”读 {given} 是台湾的读音；langdu 会读 {expected}",
  "{char} {given} is a reading of old texts; langdu would read {expected}": "“{char}”读 {given} 是古文的读音；langdu 会读 {expected}",
  "{char} {given} is a reading of careful speech; langdu would read {expected}": "“{char}”读 {given} 是读书音；langdu 会读 {expected}",
  "{char} {given} is a reading of everyday speech; langdu would read {expected}": "“{char}”读 {given} 是口语音；langdu 会读 {expected}",

  "annotate-this": "建议注音",
  "A character with several readings is not annotated, and langdu is not sure how to read it.": "多音字没有注音，langdu 拿不准怎么读。",
  "{char} may be {readings} here: annotate it": "“{char}”在这里可能读 {readings}：请注音",
});
