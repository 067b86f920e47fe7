"""Measure how fast texts are normalised: with numbers in every sentence, and without any.

Run: python benchmarks/normalize.py [--at-least-with 20000] [--at-least-without 500000]

The figures are characters a second in one process, with the rules loaded. The exit status is 1 if one is too low.
"""

from __future__ import annotations

import argparse
import sys
import time

from langdu.normalize import normalize

WITH = (
    "2024年前3季度，全市新开工项目120个，总投资1000亿元，同比增长5.2%，其中民间投资占比3%—5%。",
    "主队以104-100险胜客队，三局比分为21:15、19:21、21:18，北京时间19:30结束。",
    "歼-16与C919同场亮相，最高时速350km/h，PM2.5浓度为35μg/m³，气温-5℃~3℃。",
    "咨询电话010-88886666，服务热线12345，官网www.example.com，A股（600519）涨1.2%。",
)
WITHOUT = (
    "走进车间，机械臂上下挥舞，一排排新车整齐列队，准备发往全国各地。",
    "春风拂面，万物复苏，江边的柳树抽出了新芽，孩子们在草地上奔跑。",
)


def rate(sentences: tuple[str, ...], seconds: float = 1.0) -> float:
    """Characters a second for a paragraph of these sentences."""
    paragraph = "".join(sentences)
    normalize(paragraph)
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        normalize(paragraph)
        count += len(paragraph)
    return count / (time.perf_counter() - start)


def main() -> int:
    """Measure, print, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--at-least-with", type=float, default=20_000)
    parser.add_argument("--at-least-without", type=float, default=500_000)
    wanted = parser.parse_args()
    start = time.perf_counter()
    normalize("3个")
    print(f"the first number: {time.perf_counter() - start:.3f} s (the rules' tables are loaded)")
    with_numbers, without = rate(WITH), rate(WITHOUT)
    print(f"with numbers in every sentence: {with_numbers:,.0f} characters/s (wanted {wanted.at_least_with:,.0f})")
    print(f"without: {without:,.0f} characters/s (wanted {wanted.at_least_without:,.0f})")
    return int(with_numbers < wanted.at_least_with or without < wanted.at_least_without)


if __name__ == "__main__":
    sys.exit(main())
