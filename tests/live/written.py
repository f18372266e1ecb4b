"""What docs/ says about the protocol, as data."""

import re
from typing import Any

from campaign.settings import ROOT

PROTOCOL = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")

_FLOW = re.compile(r"""\s*('[^']*'|[{}\[\],]|(?:[^'{}\[\],:]|:(?!\s))(?:[^{}\[\],:]|:(?!\s))*|:)\s*""")
_TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}


def asyncapi() -> dict[str, Any]:
    """docs/asyncapi.yaml. It uses little of YAML: mappings and lists by indentation, and short ones in brackets."""
    lines = (ROOT / "docs" / "asyncapi.yaml").read_text(encoding="utf-8").splitlines()
    return _block([line for line in lines if line.strip()])


def faults(schema: dict[str, Any], value: Any, whole: dict[str, Any], at: str = "") -> list[str]:
    """What of `value` the schema doesn't say, or says otherwise."""
    if "$ref" in schema:
        return faults(referred(schema, whole), value, whole, at)
    if type(value) is not _TYPES[schema["type"]]:
        return [f"{at} is no {schema['type']}: {value!r}"]
    found = [f"{at} is {value!r}" for allowed in [schema.get("enum")] if allowed and value not in allowed]
    if "const" in schema and value is not schema["const"]:
        found.append(f"{at} is {value!r}")
    if isinstance(value, list):
        found += [fault for item in value for fault in faults(schema["items"], item, whole, f"{at}[]")]
    if isinstance(value, dict):
        known, more = schema.get("properties", {}), schema["additionalProperties"]
        found += [f"{at} lacks {name}" for name in schema.get("required", []) if name not in value]
        for name, item in value.items():
            if name not in known and not more:
                found.append(f"{at}.{name} is not in the schema")
            else:
                found += faults(known.get(name, more), item, whole, f"{at}.{name}")
    return found


def referred(schema: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    for name in schema["$ref"].removeprefix("#/").split("/"):
        whole = whole[name]
    return referred(whole, whole) if "$ref" in whole else whole


def _block(lines: list[str]) -> Any:
    if lines[0].lstrip().startswith("- "):
        return [_flow(line.strip().removeprefix("- ")) for line in lines]
    depth = len(lines[0]) - len(lines[0].lstrip())
    begins = [place for place, line in enumerate(lines) if line[depth] != " "]
    found = {}
    for begin, end in zip(begins, [*begins[1:], len(lines)], strict=True):
        name, _colon, value = lines[begin].strip().partition(":")
        found[name] = _flow(value.strip()) if value else _block(lines[begin + 1 : end])
    return found


def _flow(text: str) -> Any:
    if text[0] not in "{[":
        return _plain(text)
    return _bracketed(iter(_FLOW.findall(text)))


def _bracketed(tokens: Any, token: str | None = None) -> Any:
    token = token or next(tokens)
    if token == "[":
        items = []
        while (token := next(tokens)) != "]":
            items += [] if token == "," else [_bracketed(tokens, token)]
        return items
    if token == "{":
        pairs = {}
        while (token := next(tokens)) != "}":
            if token != ",":
                assert next(tokens) == ":"
                pairs[token.strip()] = _bracketed(tokens)
        return pairs
    return _plain(token.strip())


def _plain(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.isdigit() else text.strip("'")
