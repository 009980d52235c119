"""Arrays and hashes inside the JSON fixtures; see "Fixtures" in README.md."""

import base64
import hashlib
import json
from pathlib import Path

import numpy as np

DTYPES = ("uint8", "uint16", "uint32", "int32", "float32", "float64")


def to_bytes(values):
    """Row-major little-endian bytes of an array or CPU tensor."""
    a = np.asarray(values)
    return np.ascontiguousarray(a, dtype=a.dtype.newbyteorder("<")).tobytes()


def encode(values):
    """An array as `{dtype, shape, base64}`."""
    a = np.asarray(values)
    if a.dtype.name not in DTYPES:
        raise ValueError(f"dtype {a.dtype} is not one that the fixtures use")
    return {"dtype": a.dtype.name, "shape": list(a.shape), "base64": base64.b64encode(to_bytes(a)).decode()}


def decode(entry):
    """The inverse of `encode`."""
    dtype = np.dtype(entry["dtype"]).newbyteorder("<")
    return np.frombuffer(base64.b64decode(entry["base64"]), dtype).reshape(entry["shape"])


def sha256(values):
    """Lower-case hex of the row-major little-endian bytes."""
    return hashlib.sha256(to_bytes(values)).hexdigest()


def numbers(values):
    """A flat list of Python numbers; float32 becomes the double that equals it."""
    return np.asarray(values).reshape(-1).tolist()


def _lines(value, indent, depth):
    # Objects are broken into lines near the top, lists of objects one item per line; the rest stays on one line.
    pad, inner = " " * (indent * depth), " " * (indent * (depth + 1))
    if isinstance(value, dict) and depth < 2:
        items = [f"{inner}{json.dumps(k)}: {_lines(v, indent, depth + 1)}" for k, v in value.items()]
        return "{\n" + ",\n".join(items) + f"\n{pad}}}"
    if isinstance(value, list) and value and isinstance(value[0], (dict, list)):
        return "[\n" + ",\n".join(inner + json.dumps(v, allow_nan=False) for v in value) + f"\n{pad}]"
    return json.dumps(value, allow_nan=False)


def write_json(path: Path, value):
    """Writes JSON with one item per line, so that a change shows in a diff."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_lines(value, 1, 0) + "\n", encoding="utf-8")
