"""What is given out: within the budget, and once more if a folder was busy."""

from __future__ import annotations

from langdu.batch.assignment import Assignment, Outcome, Status
from langdu.batch.supply import Budget, Supply


def assignment(name: str) -> Assignment:
    return Assignment(source=name, where=name, folder=name)


def supply(names: str, budget: Budget, clock: list[float] | None = None) -> Supply:
    """Each article costs a hundred characters."""
    now = clock or [0.0]
    return Supply([assignment(name) for name in names], budget, lambda _: 100, lambda: now[0])


def settle(given: Supply, name: str, status: Status = Status.MADE, *, is_busy: bool = False) -> bool:
    outcome = Outcome(source=name, folder=name, status=status, is_busy=is_busy)
    return given.settled(assignment(name), outcome)


def names(given: Supply) -> str:
    """All that can be taken now."""
    return "".join(taken.folder for taken in iter(given.take, None))


def test_without_a_budget_all_are_given_out() -> None:
    given = supply("abc", Budget())
    assert names(given) == "abc"
    assert (given.left, given.ended) == (0, None)


def test_articles_that_are_up_to_date_cost_nothing() -> None:
    given = supply("abcd", Budget(articles=2))
    assert names(given) == "ab"
    settle(given, "a", Status.UNCHANGED)
    assert names(given) == "c"
    settle(given, "b")
    settle(given, "c")
    assert names(given) == ""
    assert given.ended == "the budget of 2 articles is spent"
    assert given.left == 1


def test_no_more_characters_are_given_than_allowed() -> None:
    given = supply("abcd", Budget(characters=250))
    assert names(given) == "ab"
    settle(given, "a")
    assert names(given) == ""
    assert given.ended is None, "b may turn out to be up to date"
    settle(given, "b", Status.UNCHANGED)
    assert names(given) == "c"
    settle(given, "c")
    assert names(given) == ""
    assert "has 50 left, and the next article needs 100" in str(given.ended)


def test_an_article_that_must_wait_is_counted_once() -> None:
    counted: list[str] = []

    def characters(asked: Assignment) -> int:
        counted.append(asked.folder)
        return 100

    given = Supply([assignment(name) for name in "ab"], Budget(characters=150), characters, lambda: 0)
    assert [given.take() is None for _ in range(4)] == [False, True, True, True]
    assert counted == ["a", "b"]


def test_hours_end_what_is_given_out() -> None:
    clock = [0.0]
    given = supply("ab", Budget(hours=0.5), clock)
    assert given.take()
    clock[0] = 1800.0
    assert given.take() is None
    assert given.ended == "the budget of 0.5 hours is spent"


def test_a_busy_folder_is_tried_again_at_the_end() -> None:
    given = supply("ab", Budget())
    assert names(given) == "ab"
    assert not settle(given, "a", Status.FAILED, is_busy=True)
    assert names(given) == "", "not at once"
    assert settle(given, "b")
    assert names(given) == "a"
    assert not settle(given, "a", Status.FAILED, is_busy=True)
    assert names(given) == "a"
    assert settle(given, "a", Status.FAILED, is_busy=True), "the third time it is an outcome"


def test_after_a_stop_nothing_is_given_out() -> None:
    given = supply("ab", Budget())
    assert given.take()
    given.stop("enough")
    assert given.take() is None
    assert given.left == 1
