"""Writes ort-contrib.json: output types and shapes of com.microsoft and ai.onnx.ml operators, as ONNX Runtime has them.

Each call is run on the CPU where ONNX Runtime has a kernel. Where it has none,
the shape is what its schema infers, read from the warning it prints about a
deliberately wrong declared shape. An output for which it infers nothing is null.
Run with ONNX Runtime 1.30 (MIT): pip install onnx==1.23.1 onnxruntime==1.30.0; python ort_contrib.py
"""

import json
import os
import re
import tempfile

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto as T
from onnx import helper as h

TYPES = {"float32": T.FLOAT, "float16": T.FLOAT16, "int32": T.INT32, "int64": T.INT64, "uint8": T.UINT8, "int8": T.INT8,
         "bool": T.BOOL, "uint32": T.UINT32, "int16": T.INT16, "uint16": T.UINT16}  # fmt: skip
MS = "com.microsoft"
ort.set_default_logger_severity(2)


def f(*shape):
    return ["float32", list(shape)]


def t(dtype, *shape):
    return [dtype, list(shape)]


def data(dtype, shape, values):
    return [dtype, shape, values]


Q8 = data("uint8", [], [3])
I8 = data("int8", [], [3])
S = data("float32", [], [0.5])


def i(*values, dtype="int64"):
    return data(dtype, [len(values)], list(values))


def captured(action):
    with tempfile.TemporaryFile() as file:
        saved = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            try:
                value, error = action(), ""
            except Exception as e:  # noqa: BLE001 - ORT raises many types; the text is what counts
                value, error = None, str(e)
        finally:
            os.dup2(saved, 2)
            os.close(saved)
        file.seek(0)
        return value, file.read().decode(errors="replace"), error


def build(op, inputs, outputs, attributes, domain, opset, declared):
    names = [f"i{k}" if x else "" for k, x in enumerate(inputs)]
    values = [h.make_tensor_value_info(n, TYPES[x[0]], x[1]) for n, x in zip(names, inputs) if x and len(x) == 2]
    constants = [h.make_tensor(n, TYPES[x[0]], x[1], x[2]) for n, x in zip(names, inputs) if x and len(x) == 3]
    node = h.make_node(op, names, [f"o{k}" for k in range(outputs)], domain=domain, **attributes)
    graph = h.make_graph([node], "g", values, declared, constants)
    imports = [h.make_opsetid("", opset)] + ([h.make_opsetid(domain, 1)] if domain else [])
    return h.make_model(graph, opset_imports=imports, ir_version=9).SerializeToString(), names


def feed(x):
    kind = np.dtype(x[0])
    return np.random.rand(*x[1]).astype(kind) if kind.kind == "f" else np.ones(x[1], kind)


def run(op, inputs, outputs, attributes, domain, opset):
    declared = [onnx.ValueInfoProto(name=f"o{k}") for k in range(outputs)]
    model, names = build(op, inputs, outputs, attributes, domain, opset, declared)
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    results = session.run(None, {n: feed(x) for n, x in zip(names, inputs) if x and len(x) == 2})
    return [["string" if r.dtype.name == "object" else r.dtype.name, list(r.shape)] for r in results]


def infer(op, inputs, outputs, attributes, domain, opset, k):
    for name, number in TYPES.items():
        declared = [h.make_tensor_value_info(f"o{k}", number, [77] * 9)]
        model, _ = build(op, inputs, outputs, attributes, domain, opset, declared)
        _, log, error = captured(lambda: ort.InferenceSession(model, providers=["CPUExecutionProvider"]))
        if "Type Error" in error or "type" in error.split("NOT_IMPLEMENTED")[0] and "expected" in error:
            continue
        found = re.search(r"source:\{([^}]*)\}", log)
        if not found:
            print("nothing inferred:", op, k, error[-110:])
            return None
        dims = [d for d in found.group(1).split(",") if d]
        return [name, [int(d) for d in dims]] if all(d.isdigit() for d in dims) else None
    return None


CASES = []


def case(op, inputs, outputs=1, domain=MS, opset=17, **attributes):
    results, _, error = captured(lambda: run(op, inputs, outputs, attributes, domain, opset))
    how = "run"
    if results is None:
        how = "inferred"
        results = [infer(op, inputs, outputs, attributes, domain, opset, k) for k in range(outputs)]
        if "Could not find an implementation" not in error and "not implemented" not in error.lower():
            print("did not run:", op, error[-200:])
    kinds = {k: [onnx.AttributeProto.AttributeType.Name(h.make_attribute(k, v).type).lower(), v] for k, v in attributes.items()}
    CASES.append({"op": op, "domain": domain, "opset": 1 if domain else opset, "how": how,
                  **({"attributes": kinds} if kinds else {}), "inputs": inputs, "outputs": results})  # fmt: skip


# Attention that projects its input.
for extra in ({}, {"unidirectional": 1}):
    case("Attention", [f(2, 5, 12), f(12, 24), f(24)], num_heads=2, **extra)
case("Attention", [f(2, 5, 12), f(12, 22), f(22)], num_heads=2, qkv_hidden_sizes=[8, 8, 6])
case("Attention", [f(2, 5, 12), f(12, 24), f(24), None, f(2, 2, 2, 3, 4)], 2, num_heads=2)
case("Attention", [f(2, 5, 12), f(12, 24), f(24), t("int32", 2, 5), None, f(2, 2, 5, 5)], num_heads=2)
case("QAttention", [t("uint8", 2, 5, 12), t("uint8", 12, 24), f(24), S, S, t("int32", 2), Q8, Q8], num_heads=2)
case("QAttention", [t("uint8", 2, 5, 12), t("uint8", 12, 24), f(24), S, S, None, Q8, Q8, f(2, 2, 2, 3, 4)], 2, num_heads=2)
case("DecoderMaskedSelfAttention", [f(2, 1, 12), f(12, 24), f(24), None, f(2, 2, 2, 9, 4), None, data("int32", [1], [3])], 2,
     num_heads=2, past_present_share_buffer=1)  # fmt: skip
case("QOrderedAttention", [t("int8", 2, 5, 8), S, S, S, S, t("int8", 8, 8), t("int8", 8, 8), t("int8", 8, 8), S, S, S,
     f(8), f(8), f(8), S, S, S], num_heads=2, order_input=1, order_weight=0, order_output=1)  # fmt: skip
case("PackedAttention", [f(7, 12), f(12, 24), f(24), t("int32", 2, 5), t("int32", 3)], num_heads=2)
case("PackedMultiHeadAttention", [f(7, 8), f(7, 8), f(7, 6), None, t("int32", 2, 5), t("int32", 3)], num_heads=2)
case("PackedMultiHeadAttention", [f(7, 2, 3, 4), None, None, None, t("int32", 2, 5), t("int32", 3)], num_heads=2)
case("LongformerAttention", [f(2, 8, 12), f(12, 36), f(36), f(2, 8), f(12, 36), f(36), t("int32", 2, 8)], num_heads=2, window=2)

# Attention on projected queries, keys and values.
case("MultiHeadAttention", [f(2, 5, 8), f(2, 6, 8), f(2, 6, 12)], num_heads=2)
case("MultiHeadAttention", [f(2, 5, 8), f(2, 2, 6, 4), f(2, 2, 6, 4)], num_heads=2)
case("MultiHeadAttention", [f(2, 5, 2, 3, 4)], num_heads=2)
case("MultiHeadAttention", [f(2, 5, 8), f(2, 6, 2, 2, 4)], num_heads=2)
case("MultiHeadAttention", [f(2, 5, 8), f(2, 5, 8), f(2, 5, 8), f(24), None, None, f(2, 2, 3, 4), f(2, 2, 3, 4)], 3, num_heads=2)
case("MultiHeadAttention", [f(2, 5, 8), f(2, 5, 8), f(2, 5, 8), None, t("int32", 2, 5)], num_heads=2)
case("DecoderMaskedMultiHeadAttention", [f(2, 1, 8), f(2, 1, 8), f(2, 1, 8), None, None, f(2, 2, 9, 4), f(2, 2, 9, 4),
     data("int32", [1], [3])], 3, num_heads=2, past_present_share_buffer=1)  # fmt: skip
case("DecoderMaskedMultiHeadAttention", [f(2, 1, 8), f(2, 2, 6, 4), f(2, 2, 6, 4)], num_heads=2)
LENGTHS = data("int32", [2], [4, 4])
case("GroupQueryAttention", [f(2, 5, 32), f(2, 5, 16), f(2, 5, 16), None, None, LENGTHS, data("int32", [1], [5])], 3,
     num_heads=4, kv_num_heads=2)  # fmt: skip
case("GroupQueryAttention", [f(2, 1, 32), f(2, 1, 16), f(2, 1, 16), f(2, 2, 4, 8), f(2, 2, 4, 8), LENGTHS, data("int32", [1], [5])], 3,
     num_heads=4, kv_num_heads=2)  # fmt: skip
case("GroupQueryAttention", [f(2, 1, 32), f(2, 1, 16), f(2, 1, 16), f(2, 2, 9, 8), f(2, 2, 9, 8), LENGTHS, data("int32", [1], [5])], 3,
     num_heads=4, kv_num_heads=2)  # fmt: skip
case("GroupQueryAttention", [f(2, 5, 128), None, None, None, None, LENGTHS, data("int32", [1], [5]), f(9, 8), f(9, 8)], 3,
     num_heads=4, kv_num_heads=2, do_rotary=1)  # fmt: skip
case("SparseAttention", [f(1, 4, 64), f(1, 4, 32), f(1, 4, 32), f(1, 2, 32, 16), f(1, 2, 32, 16), data("int32", [1, 3], [0, 1, 3]),
     data("int32", [1, 3], [0, 0, 1]), data("int32", [1], [4]), data("int32", [1], [4])], 3, num_heads=4, kv_num_heads=2,
     sparse_block_size=16)  # fmt: skip
HALF = "float16"
case("PagedAttention", [t(HALF, 7, 16), t(HALF, 7, 8), t(HALF, 7, 8), t(HALF, 3, 16, 2, 4), t(HALF, 3, 16, 2, 4), t("int32", 3), t("int32", 2), t("int32", 2, 4)], 3,
     num_heads=4, kv_num_heads=2)  # fmt: skip
case("LinearAttention", [f(2, 5, 8), f(2, 5, 8), f(2, 5, 12), None, f(2, 5, 2), f(2, 5, 2)], 2, q_num_heads=2, kv_num_heads=2)

# Positions and padding.
case("RotaryEmbedding", [f(2, 5, 16), i(0), f(9, 4), f(9, 4)], num_heads=2)
case("RotaryEmbedding", [f(2, 2, 5, 8), t("int64", 2, 5), f(9, 4), f(9, 4)])
case("RelativePositionBias", [f(32, 4), i(5), i(6)], is_bidirectional=1, max_distance=16)
case("GatedRelativePositionBias", [f(2, 5, 8), f(8), f(1, 2, 5, 5), f(4, 8), f(8), f(1, 2, 1, 1)], num_heads=2)
case("GatedRelativePositionBias", [f(7, 8), f(8), f(1, 2, 5, 5), f(4, 8), f(8), f(1, 2, 1, 1), t("int32", 2, 5)], num_heads=2)
case("RemovePadding", [f(2, 5, 8), t("int32", 2)], 4)
case("RestorePadding", [f(7, 8), t("int32", 2, 5)])

# Matrix products.
case("FusedMatMul", [f(3, 4, 5), f(3, 5, 6)], alpha=0.5)
case("FusedMatMul", [f(3, 5, 4), f(6, 5)], transA=1, transB=1)
case("FusedMatMul", [f(4, 3, 5), f(3, 5, 6)], transBatchA=1)
case("FusedMatMul", [f(5, 3, 4), f(3, 5, 6)], transBatchA=1, transA=1)
case("FusedMatMul", [f(2, 3, 4, 5), f(5, 2, 3, 6)], transBatchB=1)
case("FusedMatMul", [f(5), f(5, 6)])
case("TransposeMatMul", [f(5, 4), f(5, 6)], transA=1)
case("FusedMatMulActivation", [f(3, 4, 5), f(3, 5, 6)], activation="Relu")
case("FusedGemm", [f(4, 5), f(6, 5), f(6)], transB=1, activation="Relu")
case("GemmFastGelu", [f(2, 4, 5), f(5, 6), f(6)])
case("MatMulIntegerToFloat", [t("uint8", 4, 5), t("uint8", 5, 6), S, S, Q8, Q8, f(6)])
case("DynamicQuantizeMatMul", [f(2, 4, 5), t("uint8", 5, 6), S, Q8, f(6)])
case("MatMulInteger16", [t("int16", 4, 5), t("int16", 5, 6)])
case("QGemm", [t("uint8", 4, 5), S, Q8, t("uint8", 5, 6), S, Q8, t("int32", 6), S, Q8])
case("QGemm", [t("uint8", 4, 5), S, Q8, t("uint8", 6, 5), S, Q8], transB=1)
case("MatMulNBits", [f(2, 4, 32), t("uint8", 6, 2, 8), f(12)], K=32, N=6, bits=4, block_size=16)
case("MatMulBnb4", [f(2, 4, 32), t("uint8", 96), f(6)], K=32, N=6, block_size=32, quant_type=0)
case("QOrderedMatMul", [t("int8", 4, 5), S, t("int8", 5, 6), S, S], order_A=1, order_B=0, order_Y=1)
case("MoE", [f(6, 8), f(6, 4), f(4, 16, 8), None, f(4, 8, 16)], k=2)
case("Inverse", [f(2, 3, 3)])
case("CDist", [f(4, 5), f(6, 5)])

# Convolutions and pools.
case("FusedConv", [f(1, 4, 7, 7), f(6, 2, 3, 3), f(6)], activation="Relu", group=2, strides=[2, 2], pads=[1, 1, 1, 1])
case("FusedConv", [f(1, 4, 7, 7), f(6, 4, 1, 1), f(6), f(1, 6, 7, 7)], activation="Relu")
case("NhwcConv", [f(1, 7, 9, 4), f(6, 4, 3, 3)], strides=[2, 2])
case("NhwcFusedConv", [f(1, 7, 9, 4), f(6, 4, 3, 3)], activation="Relu", pads=[1, 1, 1, 1])
case("QLinearConv", [t("uint8", 1, 4, 7, 9), S, Q8, t("uint8", 6, 4, 3, 3), S, Q8, S, Q8])
case("QLinearConv", [t("uint8", 1, 7, 9, 4), S, Q8, t("uint8", 6, 4, 3, 3), S, Q8, S, Q8], channels_last=1)
case("ConvTransposeWithDynamicPads", [f(1, 2, 4, 4), f(2, 3, 3, 3), i(1, 1, 0, 1)], strides=[2, 2])
case("CausalConvWithState", [f(2, 4, 7), f(4, 1, 3), f(4)], 2, activation="silu")
case("NhwcMaxPool", [t("uint8", 1, 7, 9, 4)], kernel_shape=[3, 3], strides=[2, 2])
case("QLinearAveragePool", [t("uint8", 1, 4, 7, 9), S, Q8, S, Q8], kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
case("QLinearAveragePool", [t("uint8", 1, 7, 9, 4), S, Q8, S, Q8], kernel_shape=[3, 3], channels_last=1)
case("QLinearGlobalAveragePool", [t("uint8", 1, 4, 7, 9), S, Q8, S, Q8])
case("QLinearGlobalAveragePool", [t("uint8", 1, 7, 9, 4), S, Q8, S, Q8], channels_last=1)
case("CropAndResize", [f(1, 3, 8, 8), f(2, 4), data("int32", [2], [0, 0]), data("int32", [2], [4, 5])])

# Normalisations.
case("SkipLayerNormalization", [f(2, 5, 8), f(2, 5, 8), f(8), f(8), f(8)], 1)
case("SkipSimplifiedLayerNormalization", [f(2, 5, 8), f(2, 5, 8), f(8)], 1)
case("EmbedLayerNormalization", [t("int32", 2, 5), t("int32", 2, 5), f(9, 8), f(5, 8), f(2, 8), f(8), f(8), t("int32", 2, 5)], 3)
case("EmbedLayerNormalization", [t("int32", 2, 5), None, f(9, 8), f(5, 8), None, f(8), f(8)], 2)
case("GroupNorm", [f(2, 4, 4, 8), f(8), f(8)], groups=2, activation=1)
case("SkipGroupNorm", [f(2, 4, 4, 8), f(8), f(8), f(2, 4, 4, 8), f(8)], 2, groups=2, activation=1)
case("SimplifiedLayerNormalization", [f(2, 5, 8), f(8)], 2, domain="", axis=-1)
case("LayerNormalization", [f(2, 5, 8), f(8), f(8)], 3, domain="", axis=-1, opset=15)

# Elementwise and data movement.
case("BiasGelu", [f(2, 5, 8), f(8)])
case("FastGelu", [f(2, 5, 8), f(8)])
case("Gelu", [f(2, 5, 8)])
case("QuickGelu", [f(2, 5, 8)])
case("BiasSplitGelu", [f(2, 5, 2560), f(2560)])
case("BiasSoftmax", [f(2, 3, 5, 6), f(1, 1, 5, 6)], axis=3, is_inner_broadcast=1)
case("BiasAdd", [f(2, 5, 8), f(8), f(2, 5, 8)])
case("BiasDropout", [f(2, 5, 8), f(8), f(2, 5, 8)], 2)
case("QLinearAdd", [t("uint8", 2, 1, 8), S, Q8, t("uint8", 5, 1), S, Q8, S, Q8])
case("QLinearMul", [t("uint8", 2, 5, 8), S, Q8, t("uint8", 8), S, Q8, S, Q8])
case("MulInteger", [t("uint8", 2, 5), Q8, t("uint8", 5), Q8])
case("QLinearWhere", [t("bool", 2, 1), t("uint8", 5), S, Q8, t("uint8", 2, 5), S, Q8, S, Q8])
case("QLinearSigmoid", [t("uint8", 2, 5), S, Q8, S, Q8])
case("QLinearLeakyRelu", [t("uint8", 2, 5), S, Q8, S, Q8], alpha=0.1)
case("QLinearConcat", [S, Q8, t("uint8", 2, 5), S, Q8, t("uint8", 2, 3), S, Q8], axis=1)
case("QLinearReduceMean", [t("uint8", 2, 5, 8), S, Q8, S, Q8], axes=[1], keepdims=0)
case("ExpandDims", [f(2, 5), data("int32", [], [-1])])
case("Pad", [f(2, 5), i(0, 1, 2, 0), S], mode="constant")
case("Trilu", [f(5, 5)])
case("TorchEmbedding", [f(9, 8), t("int64", 2, 5)])
case("QuantizeLinear", [f(2, 5), S, Q8])
case("DequantizeLinear", [t("uint8", 2, 5), S, Q8])
case("GatherBlockQuantized", [t("uint8", 9, 16), t("int64", 2, 5), f(9, 2)], bits=4, block_size=16, gather_axis=0, quantize_axis=1)
case("NGramRepeatBlock", [t("int64", 2, 5), f(2, 9)], ngram_size=3)
case("GridSample", [f(1, 2, 5, 5), f(1, 3, 4, 2)])
case("DynamicQuantizeLSTM", [f(4, 2, 3), t("uint8", 1, 3, 20), t("uint8", 1, 5, 20), f(1, 40), None, None, None, None, f(1), t("uint8", 1),
     f(1), t("uint8", 1)], 3, hidden_size=5)  # fmt: skip
case("Conv", [f(1, 16, 7, 7), f(32, 16, 3, 3), f(32)], domain="com.microsoft.nchwc", pads=[1, 1, 1, 1], strides=[2, 2])
case("MaxPool", [f(1, 16, 7, 7)], domain="com.microsoft.nchwc", kernel_shape=[3, 3], strides=[2, 2])
case("AveragePool", [f(1, 16, 7, 7)], domain="com.microsoft.nchwc", kernel_shape=[3, 3])
case("GlobalAveragePool", [f(1, 16, 7, 7)], domain="com.microsoft.nchwc")
case("ReorderInput", [f(1, 16, 7, 7)], domain="com.microsoft.nchwc")
case("ReorderInput", [f(1, 7, 7, 16)], domain="com.microsoft.nchwc", channels_last=1)
case("ReorderOutput", [f(1, 16, 7, 7)], domain="com.microsoft.nchwc", channels=13)
case("ReorderOutput", [f(1, 16, 7, 7)], domain="com.microsoft.nchwc", channels=13, channels_last=1)
case("Upsample", [f(1, 16, 7, 7)], domain="com.microsoft.nchwc", scales=[1, 1, 2, 2])

# What ONNX dropped and ONNX Runtime still runs; its own layout with channels last.
case("Affine", [f(2, 3)], domain="", opset=8, alpha=2.0, beta=1.0)
case("ImageScaler", [f(1, 3, 4, 5)], domain="", opset=8, scale=2.0, bias=[0.0, 0.0, 0.0])
case("ScaledTanh", [f(2, 3)], domain="", opset=8, alpha=2.0, beta=1.0)
case("ParametricSoftplus", [f(2, 3)], domain="", opset=8, alpha=2.0, beta=1.0)
case("Crop", [f(1, 3, 8, 9)], domain="", opset=8, border=[1, 2, 0, 3])
case("Crop", [f(1, 3, 8, 9)], domain="", opset=8, border=[1, 2, 0, 3], scale=[4, 5])
LAST = "com.ms.internal.nhwc"
case("Conv", [f(1, 7, 9, 4), f(6, 4, 3, 3)], domain=LAST, strides=[2, 2])
case("MaxPool", [f(1, 7, 9, 4)], domain=LAST, kernel_shape=[3, 3], strides=[2, 2])
case("GlobalAveragePool", [f(1, 7, 9, 4)], domain=LAST)
case("QLinearAveragePool", [t("uint8", 1, 7, 9, 4), S, Q8, S, Q8], domain=LAST, kernel_shape=[3, 3])

# ai.onnx.ml.
ML = "ai.onnx.ml"
TREE = {"nodes_treeids": [0, 0, 0], "nodes_nodeids": [0, 1, 2], "nodes_featureids": [0, 0, 0], "nodes_values": [0.5, 0.0, 0.0],
        "nodes_modes": ["BRANCH_LEQ", "LEAF", "LEAF"], "nodes_truenodeids": [1, 0, 0], "nodes_falsenodeids": [2, 0, 0]}  # fmt: skip
case("ArrayFeatureExtractor", [f(4, 5), i(0, 2)], domain=ML)
case("ArrayFeatureExtractor", [f(5), i(0, 2, 3)], domain=ML)
case("Binarizer", [f(4, 5)], domain=ML, threshold=0.5)
case("Scaler", [t("int64", 4, 5)], domain=ML, offset=[0.0], scale=[2.0])
case("Normalizer", [f(4, 5)], domain=ML, norm="L2")
case("Imputer", [f(4, 5)], domain=ML, imputed_value_floats=[0.0], replaced_value_float=0.5)
case("OneHotEncoder", [t("int64", 4, 5)], domain=ML, cats_int64s=[0, 1, 2])
case("FeatureVectorizer", [f(4, 5), f(4, 2)], domain=ML, inputdimensions=[5, 2])
case("LinearClassifier", [f(4, 5)], 2, domain=ML, coefficients=[0.1] * 15, intercepts=[0.1] * 3, classlabels_ints=[0, 1, 2])
case("LinearClassifier", [f(4, 5)], 2, domain=ML, coefficients=[0.1] * 5, intercepts=[0.1], classlabels_ints=[0, 1])
case("LinearClassifier", [f(4, 5)], 2, domain=ML, coefficients=[0.1] * 15, intercepts=[0.1] * 3, classlabels_strings=["a", "b", "c"])
case("LinearRegressor", [f(4, 5)], domain=ML, coefficients=[0.1] * 10, intercepts=[0.1] * 2, targets=2)
case("SVMRegressor", [f(4, 5)], domain=ML, coefficients=[0.1] * 2, support_vectors=[0.1] * 10, rho=[0.1], n_supports=2,
     kernel_type="LINEAR", kernel_params=[1.0, 0.0, 3.0])  # fmt: skip
case("TreeEnsembleRegressor", [f(4, 5)], domain=ML, n_targets=2, target_treeids=[0, 0], target_nodeids=[1, 2], target_ids=[0, 1],
     target_weights=[1.0, 2.0], **TREE)  # fmt: skip
case("TreeEnsembleClassifier", [f(4, 5)], 2, domain=ML, classlabels_int64s=[0, 1, 2], class_treeids=[0, 0], class_nodeids=[1, 2],
     class_ids=[0, 2], class_weights=[1.0, 2.0], **TREE)  # fmt: skip
case("TreeEnsembleClassifier", [f(4, 5)], 2, domain=ML, classlabels_strings=["a", "b"], class_treeids=[0, 0], class_nodeids=[1, 2],
     class_ids=[0, 1], class_weights=[1.0, 2.0], **TREE)  # fmt: skip

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ort-contrib.json")
with open(path, "w") as file:
    lines = ",\n".join(json.dumps(c, separators=(",", ":"), allow_nan=False) for c in CASES)
    file.write('{"source":"ONNX Runtime ' + ort.__version__ + '","cases":[\n' + lines + "\n]}\n")
print(len(CASES), "calls,", sum(c["how"] == "run" for c in CASES), "run")
