"""Writes onnx-backend.json: what ONNX's own backend tests say of output types and shapes.

For every test of one node: operator, version, attributes, and of each input and
output its element type and shape, with the elements of small numeric inputs.
Run with ONNX 1.23.1 (Apache-2.0): pip install onnx==1.23.1 pillow; python onnx_backend.py
"""

import json
import os
import warnings

import numpy as np
import onnx
from onnx.backend.test.case.node import collect_testcases

warnings.simplefilter("ignore")
NAMES = {"float": "float32", "double": "float64"}
MAX_ELEMENTS = 40


def dtype_name(dtype):
    name = onnx.TensorProto.DataType.Name(dtype).lower()
    return NAMES.get(name, name)


def describe(proto, array, with_data):
    if not proto.type.HasField("tensor_type"):
        return None
    if isinstance(array, onnx.TensorProto):
        return [dtype_name(array.data_type), list(array.dims)]
    array = np.asarray(array)
    if array.dtype.name == "bfloat16":
        array = array.astype(np.float32)
    entry = [dtype_name(proto.type.tensor_type.elem_type), list(array.shape)]
    small = array.size <= MAX_ELEMENTS and array.ndim <= 2
    if with_data and small and array.dtype.kind in "iufb" and np.isfinite(array).all():
        if array.dtype.kind != "f" or array.size <= 8:
            entry.append([float(x) if array.dtype.kind == "f" else int(x) for x in array.flatten()])
    return entry


def attribute(a):
    value = onnx.helper.get_attribute_value(a)
    kind = onnx.AttributeProto.AttributeType.Name(a.type).lower()
    if kind == "string":
        value = value.decode()
    elif kind == "strings":
        value = [x.decode() for x in value]
    elif kind not in ("int", "float", "ints", "floats"):
        return None
    return [kind, list(value) if kind.endswith("s") and kind != "strings" else value]


def case(test):
    graph = test.model.graph
    node = graph.node[0]
    if len(test.data_sets) == 0 or len(graph.initializer) > 0:
        return None
    inputs, outputs = test.data_sets[0]
    feeds = {p.name: describe(p, a, True) for p, a in zip(graph.input, inputs)}
    results = {p.name: describe(p, a, False) for p, a in zip(graph.output, outputs)}
    attributes = {a.name: attribute(a) for a in node.attribute}
    if None in [*feeds.values(), *results.values(), *attributes.values()]:
        return None
    opset = next(o.version for o in test.model.opset_import if o.domain == node.domain)
    return {
        "test": test.name,
        "op": node.op_type,
        **({"domain": node.domain} if node.domain else {}),
        "opset": opset,
        **({"attributes": attributes} if attributes else {}),
        "inputs": [feeds.get(name) for name in node.input],
        "outputs": [results.get(name) for name in node.output],
    }


def signature(entry):
    return json.dumps({k: v for k, v in entry.items() if k != "test"}, sort_keys=True)


cases, seen = [], set()
for test in collect_testcases(None):
    if test.model is None or len(test.model.graph.node) != 1 or test.name.endswith("_expanded"):
        continue
    entry = case(test)
    if entry is not None and signature(entry) not in seen:
        seen.add(signature(entry))
        cases.append(entry)

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "onnx-backend.json")
with open(path, "w") as f:
    lines = ",\n".join(json.dumps(c, allow_nan=False, separators=(",", ":")) for c in cases)
    f.write('{"source":"ONNX ' + onnx.__version__ + ' backend node tests","cases":[\n' + lines + "\n]}\n")
print(len(cases), "cases")
