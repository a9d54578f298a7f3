"""Writes safetensors.json: a checkpoint by the safetensors library, the values it holds, and the library's verdict on headers.

Run with safetensors 0.8.0 (Apache-2.0) and numpy 2.3.5: pip install safetensors==0.8.0 numpy==2.3.5; python safetensors.py
"""

import base64
import json
import os
import struct
import sys

# This file's own name must not stand for the library.
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != os.path.dirname(os.path.abspath(__file__))]
import numpy as np
from safetensors import SafetensorError, deserialize
from safetensors.numpy import save

TYPES = ["bool", "uint8", "int8", "uint16", "int16", "float16", "uint32", "int32", "float32", "uint64", "int64", "float64"]
rng = np.random.default_rng(7)
tensors = {}
for name in TYPES:
    dtype = np.dtype(name)
    values = rng.integers(0, 2 if name == "bool" else 100, (2, 3))
    tensors[f"layer.{name}"] = values.astype(dtype) / (dtype.type(8) if dtype.kind == "f" else dtype.type(1)) if dtype.kind == "f" else values.astype(dtype)
tensors["scalar"] = np.array(0.5, np.float32)
tensors["empty"] = np.zeros((0, 4), np.float32)
tensors["__proto__"] = np.array([3, 4], np.int64)
content = save(tensors, metadata={"format": "np", "constructor": "a model"})


def tensor(begin, end, dtype="F32", shape=(1,), **more):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end], **more}


def file(header, data, length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + bytes(data)


CASES = {
    "two tensors": file({"a": tensor(0, 4), "b": tensor(4, 8)}, 8),
    "the other order": file({"b": tensor(4, 8), "a": tensor(0, 4)}, 8),
    "spaces after the header": file(b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}   ', 4),
    "no tensors": file({}, 0),
    "metadata alone": file({"__metadata__": {"a": "b"}}, 0),
    "four bits in whole bytes": file({"a": tensor(0, 3, "F4", (2, 3))}, 3),
    "a hole": file({"a": tensor(0, 4), "b": tensor(8, 12)}, 12),
    "a hole at the start": file({"a": tensor(4, 8)}, 8),
    "an overlap": file({"a": tensor(0, 8, shape=(2,)), "b": tensor(4, 12, shape=(2,))}, 12),
    "bytes after the last tensor": file({"a": tensor(0, 4)}, 8),
    "too few bytes": file({"a": tensor(0, 8, shape=(2,))}, 4),
    "a shape that does not fit": file({"a": tensor(0, 4, shape=(2,))}, 4),
    "parts of a byte": file({"a": tensor(0, 2, "F4", (3,))}, 2),
    "an unknown type": file({"a": tensor(0, 4, "F33")}, 4),
    "an end before its begin": file({"a": tensor(4, 0)}, 4),
    "a negative extent": file({"a": tensor(0, 4, shape=(-1,))}, 4),
    "a product past 64 bits": file({"a": tensor(0, 4, shape=(2**40, 2**40))}, 4),
    "metadata that is a number": file({"__metadata__": {"a": 1}, "a": tensor(0, 4)}, 4),
    "a list": file(b"[]", 0),
    "no JSON": file(b"{nothing}", 0),
    "a space before the header": file(b' {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
    "a header past the end": file({"a": tensor(0, 4)}, 4, length=1000),
    "a header of 2^60 bytes": file({"a": tensor(0, 4)}, 4, length=2**60),
    "a tensor that is a number": file({"a": 1}, 0),
    "bytes that are no text": file(b'{"\xff":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
    "five bytes": b"\x01\x00\x00\x00\x00",
}


def accepted(content):
    try:
        deserialize(content)
        return True
    except SafetensorError:
        return False


out = {
    "file": base64.b64encode(content).decode(),
    "tensors": {
        name: {"dtype": str(value.dtype), "shape": list(value.shape), "values": [float(x) for x in value.reshape(-1)]}
        for name, value in tensors.items()
    },
    "verdicts": {name: {"file": base64.b64encode(bytes(content)).decode(), "accepted": accepted(content)} for name, content in CASES.items()},
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "safetensors.json"), "w") as handle:
    json.dump(out, handle, indent=1)
