"""A few damaged files of every type; `poe fuzz` reads many, with limits of time and memory."""

from collections import Counter

from fuzz import document, fault
from fuzz_documents import MAKERS


def test_no_crash() -> None:
    wrong = {i: found for i in range(200) if (found := fault(*document(7, i), checked=i % 20 == 0))}
    assert wrong == {}


def test_a_file_comes_again_by_its_number_and_all_types_are_made() -> None:
    files = [document(7, i) for i in range(200)]
    assert files == [document(7, i) for i in range(200)]
    assert set(MAKERS) <= Counter(name for name, _ in files).keys()
