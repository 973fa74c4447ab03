"""Load YAML into validated models; every error names the file, the place and the remedy."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from deskbook.errors import DefinitionError

M = TypeVar("M", bound=BaseModel)

# No plugin has a say in what our files mean; to look for some, pydantic would read about every package that is installed.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


class Frozen(BaseModel):
    """The base of every record read from YAML: unchangeable, and strict about keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)  # what is never read is never built


class _Strict(yaml.constructor.SafeConstructor):
    """Refuses a key that is written twice (YAML would silently keep the last one), and a date that is none."""

    def mapping(self, node: yaml.MappingNode) -> dict[Any, Any]:
        lines: dict[Any, int] = {}
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            try:
                first = lines.get(key)
            except TypeError:
                raise _mistake("a key must be plain text", key_node) from None
            if first is not None:
                raise _mistake(f"{key!r} is written twice (first on line {first}); keep one", key_node)
            lines[key] = key_node.start_mark.line + 1
        return self.construct_mapping(node, deep=True)

    def timestamp(self, node: yaml.ScalarNode) -> Any:
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError as error:
            raise _mistake(f"{node.value!r} is no date ({error})", node) from None

    yaml_constructors: ClassVar[dict[str | None, Any]] = {
        **yaml.constructor.SafeConstructor.yaml_constructors,
        yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG: mapping,
        "tag:yaml.org,2002:timestamp": timestamp,
    }


def _mistake(problem: str, node: yaml.Node) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, problem, node.start_mark)


class _Loader(_Strict, yaml.SafeLoader):
    """The parser in Python: it is there always, and words its errors alike on every machine."""


if yaml.__with_libyaml__:

    class _QuickLoader(_Strict, yaml.CSafeLoader):
        """The parser in C, eight times as fast."""


def read_yaml(path: Path) -> Any:
    """The plain data of a YAML file; DefinitionError with line and column where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DefinitionError(f"{path}: cannot be read ({error.strerror}); name an existing file") from None
    except UnicodeDecodeError:
        raise DefinitionError(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    if yaml.__with_libyaml__:
        with suppress(yaml.YAMLError):  # the parser in Python then says what is wrong, and where
            return yaml.load(text, Loader=_QuickLoader)
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise DefinitionError(f"{path.name} @{place}: {problem}; mend the YAML there") from None


def load(path: Path, model: type[M]) -> M:
    """The file at `path` as a frozen `model`; DefinitionError lists every mistake, a line each."""
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise DefinitionError(f"{path.name} @ /: expected keys such as {', '.join(list(model.model_fields)[:3])}")
    return validated(path.name, data, model)


def validated(file: str, data: Any, model: type[M]) -> M:
    """Plain data of that file as a frozen `model`; DefinitionError lists every mistake, a line each."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise DefinitionError("\n".join(_lines(file, error, model))) from None


def complain(file: str, place: str, problem: str) -> DefinitionError:
    """A mistake that only we can see (a name that is not defined), in the same form as the others."""
    return DefinitionError(f"{file} @ {place}: {problem}")


def unknown(word: str, kind: str, known: Iterable[str]) -> str:
    """'clock 'tomorow' is not defined (acknowledge, evaluate)', with a guess first where one is close."""
    names = sorted(known)
    close = get_close_matches(word, names, n=1)
    guess = f"; did you mean '{close[0]}'?" if close else ""
    return f"{kind} '{word}' is not defined ({', '.join(names) or 'there are none'}){guess}"


def _lines(file: str, error: ValidationError, model: type[BaseModel]) -> list[str]:
    lines = []
    for item in error.errors():
        place = "/" + "/".join(str(part) for part in item["loc"])
        match item["type"]:
            case "missing":
                text = "is missing; add it"
            case "extra_forbidden":
                key = str(item["loc"][-1])
                close = get_close_matches(key, _keys(model), n=1)
                text = "is not a key we know; " + (f"did you mean '{close[0]}'?" if close else "remove it")
            case "value_error":
                text = str(item["ctx"]["error"]) if "ctx" in item else item["msg"]
            case _:
                text = f"{item['msg'][0].lower()}{item['msg'][1:]} (it says {str(item['input'])[:60]!r})"
        lines.append(f"{file} @ {place}: {text}")
    return lines


def _keys(model: type[BaseModel]) -> list[str]:
    """Every key of a model and of the models inside it, for guessing what a mistyped one was meant to be."""
    found: list[str] = []
    todo: list[Any] = [model]
    seen: set[Any] = set()
    while todo:
        kind = todo.pop()
        if kind in seen:
            continue
        seen.add(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for name, field in kind.model_fields.items():
                found.append(field.alias or name)
                todo.append(field.annotation)
        else:
            todo.extend(getattr(kind, "__args__", ()))
    return found
