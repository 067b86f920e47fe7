"""Mistakes on the command line, told as langdu tells all others: one line that says what to write instead.

Typer's own messages stand in a box, and some are a library's ("unable to parse string as a number").
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from langdu.errors import ConfigError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBER: Final = {"float": "give a number", "int": "give a whole number"}


def usage_error(error: Any, context: Any) -> ConfigError | None:  # noqa: ANN401 - Typer's own classes, or Click's
    """The error for what Typer or Click found wrong; None if this is no mistake in the arguments.

    Their classes depend on the version of Typer, so an error is known by what it has.
    """
    # What shows the help of `langdu` without arguments is such an error too.
    if getattr(error, "exit_code", None) != 2 or not hasattr(error, "message") or "NoArgs" in type(error).__name__:
        return None
    # A mistake before the command's own context exists has none, or that of the group.
    within = getattr(error, "ctx", None)
    path = within.command_path if within else f"{context.command_path} {context.invoked_subcommand or ''}".rstrip()
    told = _told(error, within or context)
    return ConfigError(f"{told}{' See' if told.endswith('?') else '; see'}: {path} --help")


def _told(error: Any, context: Any) -> str:  # noqa: ANN401
    parameter = getattr(error, "param", None)
    match type(error).__name__:
        case "NoSuchOption":
            meant = nearest(error.option_name, _options(context))
            return f"there is no option {error.option_name}" + (f"; did you mean {meant}?" if meant else "")
        case "MissingParameter" if parameter is not None:
            return f"{_shown(parameter)} is missing"
        case "BadParameter" if parameter is not None:
            return f"{_shown(parameter)} {_value(error, parameter)}"
    return _reworded(str(error.format_message()).rstrip("."), context)


def _reworded(message: str, context: Any) -> str:  # noqa: ANN401
    """A message of Typer's in langdu's words; unchanged if it is an unknown one."""
    if command := re.match(r"No such command '(.*?)'", message, re.DOTALL):
        known = list(context.command.list_commands(context))
        meant = nearest(command[1], known)
        advice = f"did you mean {meant}?" if meant else f"there are {', '.join(known)}"
        return f"there is no command {command[1]}; {advice}"
    if extra := re.match(r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)$", message, re.DOTALL):
        return f"there is nothing to do with {extra[1]}: put a name with blanks in quotes"
    if option := re.match(r"Option '(.*?)' requires an argument", message):
        return f"{option[1]} needs a value after it"
    return message


def _options(context: Any) -> Iterator[str]:  # noqa: ANN401
    for parameter in context.command.get_params(context):
        yield from (name for name in parameter.opts if name.startswith("-"))


def _shown(parameter: Any) -> str:  # noqa: ANN401
    options = [name for name in parameter.opts if name.startswith("--")] or parameter.opts
    return str(options[0] if options[0].startswith("-") else parameter.metavar or parameter.name.upper()).rstrip(".")


def _value(error: Any, parameter: Any) -> str:  # noqa: ANN401
    """What is wrong with the value of an option, and what to give instead."""
    cause = error.__cause__
    if cause is not None and hasattr(cause, "errors"):  # pydantic's
        first = cause.errors()[0]
        number = next((advice for kind, advice in _NUMBER.items() if first["type"].startswith(kind)), None)
        if number:
            return f"{first['input']}: {number}"
        if first["type"].startswith(("greater_than", "less_than")):
            return _out_of_range(first["input"], parameter)
        if "error" in first.get("ctx", {}):
            return _choice(str(first["ctx"]["error"]))
    if plain := re.match(r"'(.*)' is not a valid (float|int)", str(error.message), re.DOTALL):
        return f"{plain[1]}: {_NUMBER[plain[2]]}"
    if beyond := re.match(r"(.*) is not in the range", str(error.message), re.DOTALL):
        return _out_of_range(beyond[1], parameter)
    return _choice(str(error.message))


def _out_of_range(given: str, parameter: Any) -> str:  # noqa: ANN401
    """What to say of a number outside the limits, which belong to the option or, in older versions, to its type."""
    limits = parameter if hasattr(parameter, "min") else parameter.type
    choice = f"{limits.min} or more" if limits.max is None else f"{limits.min} to {limits.max}"
    return f"{given} is out of range: choose {choice}"


def _choice(message: str) -> str:
    """A message of Typer's about a value that is none of its choices, in langdu's words; other messages as they are."""
    if day := re.match(r"'(.*)' does not match the formats? '%Y-%m-%d'", message, re.DOTALL):
        return f"{day[1]}: give a day, such as 2026-11-24"
    choice = re.match(r"'(.*)' is not one of (.*?)\.?$", message, re.DOTALL)
    if not choice:
        return f"is wrong: {message.removeprefix('Value error, ').rstrip('.')}"
    known = re.findall(r"'(.*?)'", choice[2])
    meant = nearest(choice[1], known)
    return f"{choice[1]}: " + (f"did you mean {meant}? There are " if meant else "choose ") + ", ".join(known)
