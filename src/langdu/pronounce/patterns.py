"""Readings that follow from the words beside a character, and cannot be otherwise.

They stand where no dictionary has the words; the model of polyphones learns from some of them (training/patterns.py).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from langdu.model import Syllable, Tone
from langdu.pronounce.beneficiary import beneficiaries
from langdu.surnames import SURNAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.model import Span

# Surnames that are no verb before a person: 过老师, 应老师 may be read otherwise, in 见过老师, 应老师要求.
_SURE_NAMES: Final = "任单解查华区仇曾盖朴缪翟尉燕葛"
_LIAO: Final = Syllable("liao", Tone.LOW)
_DE: Final = Syllable("de", Tone.NEUTRAL)
_WEI: Final = Syllable("wei", Tone.FALLING)
# A verb before 不了 cannot be done: 适应不了, 改变不了. A pronoun or an adverb before it is no verb: 我不了, 再也不了.
# Source: 吕叔湘, 现代汉语八百词 (1999), 了 liǎo.
_CANNOT: Final = re.compile(r"(?<=[一-鿿]不)(?<![我你他她它们也再都就决可才还又不]不)了(?!解|断|结|然|却|悟)")
# 高高兴兴地, 来来回回地 say how; 家家户户地里 are fields.
_HOW: Final = re.compile(r"([一-鿿])\1([一-鿿])\2地(?=[一-鿿])(?![里上下中面头区方点理图形势质球位带段])")
# A piece of land is counted: 这块地, 三亩地. One that is said twice says how: 一块块地.
_LAND: Final = re.compile(r"(?<=[一二两三四五六七八九十百千几这那哪每半][块塊亩畝])(?<!接一.)(?<!(?:一.){2})地")
_PLACE: Final = Syllable("di", Tone.FALLING)
# A verb that says what can be done: 坐得了七个人, 吃得了; 得了奖 has a subject before it.
_CAN: Final = re.compile(
    r"(?<=[坐吃写受做跑走拿扛住担打装管顾算靠撑熬忍治瞒拦躲逃离保救帮干当搬发付证免少比开]得)了(?![，。；])"
)
# 数了数, 数一数: to count.
_COUNT: Final = re.compile(r"数(?=[了一]数)|(?<=数[了一])数")
_SHU: Final = Syllable("shu", Tone.LOW)
_VERY: Final = "(?:(?<=[很太最更挺颇])|(?<=非常|特别|这么|那么|比较|十分|如此|格外)|(?<=越来越))"
# What is long, after a word of degree: 很长, 这么长. 长见识, 长记性 are verbs.
_LONG: Final = re.compile(rf"{_VERY}长(?<!行最长|纪最长|龄最长)(?![见知志面脸记经本教精心学得出])")
_CHANG: Final = Syllable("chang", Tone.RISING)
# What grows: 长高了. 全长, 身长 are measures, 加长 is a verb of its own.
_GROWS: Final = re.compile(r"(?<![波身全周加延拉漫冗狭细])长(?=[高胖壮]了)")
_ZHANG: Final = Syllable("zhang", Tone.LOW)
# What is cheap, after a word of degree. 便宜行事 is to act as one sees fit.
_CHEAP: Final = re.compile(rf"{_VERY}便(?=宜(?!行事))")
_PIAN: Final = Syllable("pian", Tone.RISING)
# 得 between a verb and how it is done: 跑得很快. 取得很大进展 is a verb with its object.
_DEGREE: Final = re.compile(
    r"(?<=[一-鿿])(?<![取获赢博夺懂记觉值非显使总必还也就都才又须只且你我他她它们者人])得(?=很[快慢好高低远近早晚多少香美准稳])"
)
# Surnames before how somebody is called, at the beginning of a phrase: 曾先生, 单老师.
_CALLED: Final = re.compile(
    rf"(?:^|(?<=[，。！？；：、“”‘’「」『』（）《》\s和与跟向请叫由被及]))[{_SURE_NAMES}]"
    r"(?=先生(?!产)|女士|小姐|太太|老师)(?!.{2}(?:一个|怎|的))"
)
# At somebody's request: 应对方请求, 应广大读者要求.
_AT_REQUEST: Final = re.compile(
    r"(?:^|(?<=[，。！？；：“（]))应"
    r"(?=[一-鿿]{1,9}?(?:请求|邀请|之邀|之约|要求)[，、]|[一-鿿]{1,6}邀[，请])"
)
_YING: Final = Syllable("ying", Tone.FALLING)
# Water covers: 水没过了膝盖.
_COVERS: Final = re.compile(r"(?<=[水潮浪雪草泥沙])没(?=过了?[膝腰头脚小大胸脖肩堤桥车我他她屋田路河])")
_MO: Final = Syllable("mo", Tone.FALLING)
# To punish by so much: 处三年以上七年以下有期徒刑, 每株处五万元罚款.
_PUNISH: Final = re.compile(
    r"处(?=[0-9０-９一二三四五六七八九十百千两数无死][^，。；]{0,16}?(?:罚款|罚金|徒刑|拘役|拘留|管制|死刑|以[上下]))"
)
_CHU: Final = Syllable("chu", Tone.LOW)
# What is left behind by mistake: 把钥匙落在车上. 把目光落在 is another verb.
_LEFT: Final = re.compile(
    r"(?<=钥匙|手机|钱包|书包|雨伞|护照|证件|行李|眼镜|作业|帽子|手套|围巾|电脑|背包|车票|机票|水杯|东西|课本)"
    r"落(?=在了?[^，。]{0,6}?[家里车上店室馆台厅校站舍园楼那了]|家里|车上)"
)
_LA: Final = Syllable("la", Tone.FALLING)
# 着 after a verb, before what is held or shut: 睁着眼, 搓着手. 着手, 着眼 are to set about and to look to.
_HELD: Final = re.compile(
    r"(?<=[睁闭眯瞪斜红眨])着(?=眼)|(?<=[搓拉握背挽摆挥牵拍举招垂攥捂插抄甩掰扳伸拖提打带戴拿])着(?=手)"
)
_ZHE: Final = Syllable("zhe", Tone.NEUTRAL)
# Somebody's son: 吾儿, 我儿在此.
_SON: Final = re.compile(r"(?<=[我吾汝])儿(?!子)")
_ER: Final = Syllable("er", Tone.RISING)
# What must not be done, or cannot: 急不得, 马虎不得. In 动弹不得, 哭笑不得, 求之不得 it is to succeed, dé.
_MUST_NOT: Final = re.compile(
    r"(?<=[一-鿿]不)(?<![弹笑退之罢而亦皆也都可莫由求]不)得(?=[，。！？、；：”』」也吗呢呀]|$)"
)
# How long something is: 时间长了, 楼龄长、老人多. 楼长, 队长 are people.
_LASTING: Final = re.compile(
    r"(?<=时间|周期|工期|路程|距离|寿命|历史|跨度|战线|里程|航程|篇幅|头发|路线|流程|链条|日子|年头|年限|路途|车程"
    r"|楼龄|工龄|学制|身子|胳膊|停留|等待)长(?=[，。、；：！？了的达]|$)"
)
# What is poor: 控制差, 质量差. 温差, 误差 are differences.
_POOR: Final = re.compile(
    r"(?<=质量|控制|成绩|脾气|条件|环境|效果|性能|能力|水平|信号|手感|状态|表现|基础|视力|记性|心态|信誉|服务|态度|口碑|底子|弹性|发挥"
    r"|纪律|秩序|卫生|体质|身体|胃口|食欲|睡眠|精神|情绪|光线|隔音|口感|味道|品质|天气|路况|销量|业绩|生意|经济|家境)差(?=[，。、；：！？了的]|$)"
)
_CHA: Final = Syllable("cha", Tone.FALLING)
# To stay for a time: 待上三天, 待了一年. 等待, 对待 are words.
_STAY: Final = re.compile(
    r"(?<![等期对招款接亟虐优善看有])待(?=(?:上|了|过)[0-9一二三四五六七八九十几半两好百整多]|[几半两好][个]?[天年月周夜])"
)
_DAI: Final = Syllable("dai", Tone.HIGH)
# The offices of a district: 区教委, 区人民法院.
_DISTRICT: Final = re.compile(
    r"(?:^|(?<=[，。！？；：、“”（市该各全本新老城]))区"
    r"(?=委|政府|教委|教育|人大|政协|人民|法院|检察|公安|卫健|卫生|城管|住建|文旅|文化|农业|民政|财政|应急|消防|市场|税务|发改|人社|残联"
    r"|妇联|工会|工信|商务|体育|交通|水务|园林|环保|生态|疾控|医院|图书|属|级|域|划|内|里)"
)
_QU: Final = Syllable("qu", Tone.HIGH)
# To grow something: 种梨大户, 种玉米. 这种茶, 良种小麦 are kinds.
_PLANT: Final = re.compile(
    r"(?<![这那各每一二三四五六七八九十两几多某何哪此该本同另诸数百千万种品育物火军良杂变播留选新特树菌菜稻麦瓜花草茶果粮豆棉优亲人兵绝纯引])"
    r"种(?=[了着过]?(?:水稻|小麦|玉米|大豆|棉花|梨|桃|苹果|葡萄|草莓|西瓜|蔬菜|药材|甘蔗|花生|土豆|红薯|橘|橙|柑|枣|核桃|蘑菇|香菇"
    r"|[菜树粮稻麦瓜](?![系类群])|油菜|辣椒|大棚|葱|蒜))"
)
_ZHONG: Final = Syllable("zhong", Tone.FALLING)
# It is the most, the first of its kind: 为今年以来的最低值.
_IS_THE_MOST: Final = re.compile(
    r"(?:^|(?<=[，。；：]))为(?=(?:今|去年|近|历年|历史|同期|上年|往年|全[国省市球]|世界|国内|我国|亚洲|有记录|有史)[^，。；]{0,14}?(?:最|首|第|以来|新高|新低))"
)
_WEI_IS: Final = Syllable("wei", Tone.RISING)
# What is not in use: 屋子空着. 空着手, 空着肚子 are empty, kōng.
_VACANT: Final = re.compile(r"空(?=着(?!手|肚|身|脑|腹|双))")
_KONG: Final = Syllable("kong", Tone.FALLING)
# To get a verdict, a prize, an illness: 会不会得差评.
_GET: Final = re.compile(
    r"(?<=[会能想要没未曾])得(?=[差好高满]评|奖|冠军|亚军|季军|病|癌|金牌|银牌|铜牌|满分|高分|第[一二三])"
)
_DE_GET: Final = Syllable("de", Tone.RISING)
# To give back what is borrowed: 来还书. 还书写 is something else.
_BACK: Final = re.compile(r"还(?=书(?![写法画店籍里架包房面])|款|债|贷)")
_HUAN: Final = Syllable("huan", Tone.RISING)
# Particles at the end of a clause, which have other readings elsewhere: 哦，是吗, 呐喊, 啦啦队.
_PARTICLES: Final = {char: Syllable(base, Tone.NEUTRAL) for char, base in zip("哦啦呐", ("o", "la", "na"), strict=True)}
_AT_THE_END: Final = re.compile(r"(?<=[一-鿿])(?<![哗呼哩哇唢吟哆])[哦啦呐](?=[，。！？；…”』」!?,~～]|$)")
# Nouns and measures that a 儿 colours, if it does not begin another word: 墙根儿, 整个儿, but 三个儿子.
_COLOURED: Final = re.compile(
    r"(?<=[角根个墩泡汁嗑尾葱苗盘碗盆锅勺筐桶罐瓶壶杯盒袋条块片丝粒珠豆皮馅饼串团堆摞排伙帮圈缝坑坡弯湾门窗院])"
    r"[儿兒](?![子童女歌科媳孙茶孫])"
)
# Verbs of one syllable that are said twice: the second is light (尝尝 chángchang). 说说笑笑 and 走走停停 are another
# pattern, in which it is not.
# Source: 黄伯荣, 廖序东, 现代汉语 (2017), 轻声.
REDUPLICATED: Final = frozenset(
    "看听说问想试尝走谈讲聊笑坐歇玩吃喝瞧找写读念唱跳跑动摸闻猜算洗擦扫"
    "修补改换帮劝求打敲拍推拉翻开抱管理学练养散遛逛晒躺睡瞅逗催"
)
# 来 and 去 after a verb and a direction: 站起来 zhàn qǐ lai. After 得 and 不 they keep their tones, and where 起来 is
# the verb itself: 就起来, 他出去.
# Source: 现代汉语词典 (7th edition), 起来 qǐ·lái.
_COMPLEMENT: Final = re.compile(
    r"(?<=[一-鿿])(?<![得不要会想能再就也都才可正没别快刚已将让请叫使])"
    r"(?<![我你他她它们一的着在从到向往先后又还而并便即])"
    r"[起出进上下过回]([来去])(?![年月日自源往世临路])"
)

# The patterns that have one reading.
_SAME_READING: Final = (
    (_LAND, _PLACE),
    (_CAN, _LIAO),
    (_COUNT, _SHU),
    (_BACK, _HUAN),
    (_LONG, _CHANG),
    (_GROWS, _ZHANG),
    (_CHEAP, _PIAN),
    (_DEGREE, _DE),
    (_LASTING, _CHANG),
    (_POOR, _CHA),
    (_STAY, _DAI),
    (_DISTRICT, _QU),
    (_PLANT, _ZHONG),
    (_IS_THE_MOST, _WEI_IS),
    (_VACANT, _KONG),
    (_GET, _DE_GET),
    (_AT_REQUEST, _YING),
    (_COVERS, _MO),
    (_SON, _ER),
    (_PUNISH, _CHU),
    (_LEFT, _LA),
)
# The patterns in which two characters that are a word elsewhere are none: 急不|得, 搓着|手.
_NO_WORD: Final = ((_MUST_NOT, _DE), (_HELD, _ZHE))


def certain(text: str) -> Iterator[tuple[int, Syllable]]:
    """The places where a pattern decides, in order, and the reading there.

    >>> [(at, reading.base) for at, reading in certain("他高高兴兴地来了，谁也改变不了。")]
    [(5, 'de'), (14, 'liao')]
    """
    found = [(match.start(), _LIAO) for match in _CANNOT.finditer(text)]
    found += [(match.end() - 1, _DE) for match in _HOW.finditer(text) if match[1] != match[2]]
    found += [(match.start(), reading) for pattern, reading in _SAME_READING for match in pattern.finditer(text)]
    found += [(at, _WEI) for at in beneficiaries(text)]
    found += [(match.start(), _as_surname(match.group())) for match in _CALLED.finditer(text)]
    found += [(match.start(), _PARTICLES[match.group()]) for match in _AT_THE_END.finditer(text)]
    yield from sorted(found, key=lambda pair: pair[0])


def apart(text: str) -> Iterator[tuple[int, Syllable]]:
    """The places where a pattern decides against a word of the dictionaries, and the reading there.

    >>> [(at, reading.base) for at, reading in apart("他搓着手说，这事急不得。")]
    [(2, 'zhe'), (10, 'de')]
    """
    found = [(match.start(), reading) for pattern, reading in _NO_WORD for match in pattern.finditer(text)]
    yield from sorted(found, key=lambda pair: pair[0])


def _as_surname(char: str) -> Syllable:
    reading = SURNAMES[char][0]
    return Syllable(reading[:-1], Tone(int(reading[-1])))


def coloured(text: str) -> Iterator[int]:
    """The places of a 儿 that only colours the syllable before it.

    >>> list(coloured("墙根儿下有三个儿子"))
    [2]
    """
    yield from (match.start() for match in _COLOURED.finditer(text))


def light(text: str, words: Sequence[Span]) -> Iterator[int]:
    """The places whose tone is lost, whatever the syllable, in no order. `words` are the words of the text.

    >>> from langdu.lexicon import segment
    >>> text = "你尝尝，他站起来说说笑笑"
    >>> sorted(light(text, segment(text)))
    [2, 7]
    """
    begins = {word.start for word in words}
    # In 马上去 the direction and the verb are no word.
    yield from (match.start(1) for match in _COMPLEMENT.finditer(text) if match.start(1) not in begins)
    for at in range(1, len(text)):
        if text[at] == text[at - 1] and text[at] in REDUPLICATED:
            before, after = text[max(0, at - 3) : at - 1], text[at + 1 : at + 3]
            if not _is_double(before) and not _is_double(after) and text[at] not in (before[-1:], after[:1]):
                yield at


def _is_double(pair: str) -> bool:
    return len(pair) == 2 and pair[0] == pair[1]
