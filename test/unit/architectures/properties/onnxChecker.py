"""Checks models with onnx.checker and infers their shapes; prints what it finds as JSON.

Usage: onnxChecker.py FILE...
"""
import json
import math
import sys

import onnx

found = {}
for path in sys.argv[1:]:
    try:
        onnx.checker.check_model(path, full_check=True)
        model = onnx.shape_inference.infer_shapes(onnx.load(path), check_type=True, strict_mode=True, data_prop=True)
    except Exception as error:  # One broken model must not hide the others.
        found[path] = {"error": str(error)}
        continue
    found[path] = {
        "error": "",
        "elements": {one.name: int(math.prod(one.dims)) for one in model.graph.initializer},
        "shapes": {
            one.name: [dim.dim_value if dim.HasField("dim_value") else dim.dim_param or None for dim in one.type.tensor_type.shape.dim]
            for one in list(model.graph.value_info) + list(model.graph.output)
            if one.type.tensor_type.HasField("shape")
        },
    }
print(json.dumps(found))
