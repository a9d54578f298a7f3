"""Singular values, similarities and slices of the samples' tensors by NumPy: writes tensorPictures.json.

/tmp/venv/bin/python test/golden/tensorPictures.py (NumPy and safetensors of any recent version)
"""

import json
import pathlib
import sys

sys.path.pop(0)  # this folder has a safetensors.py of its own

import numpy as np
import safetensors
from safetensors.numpy import load_file

here = pathlib.Path(__file__).parent
vit = load_file(here.parent.parent / "samples" / "vit.safetensors")
hybrid = load_file(here.parent.parent / "samples" / "hybrid.safetensors")


def spectrum(array):
    values = np.linalg.svd(array.reshape(array.shape[0], -1).astype(np.float64), compute_uv=False)
    return [float(f"{value:.9g}") for value in values]


position = vit["position"].reshape(-1, vit["position"].shape[-1]).astype(np.float64)
unit = position / np.linalg.norm(position, axis=1, keepdims=True)
patches = vit["patch_embedding.weight"]
golden = {
    "madeBy": f"test/golden/tensorPictures.py, numpy {np.__version__}, safetensors {safetensors.__version__}",
    "spectra": {
        "vit.safetensors blocks.0.attention.qkv.weight": spectrum(vit["blocks.0.attention.qkv.weight"]),
        "vit.safetensors patch_embedding.weight": spectrum(patches),
        "hybrid.safetensors stem.0.weight": spectrum(hybrid["stem.0.weight"]),
    },
    "similarity": {"first": [float(f"{v:.7g}") for v in unit[0] @ unit.T], "trace": float(np.trace(unit @ unit.T)), "sum": float((unit @ unit.T).sum())},
    "slices": {
        "patch_embedding.weight[5, :, 2, ::3]": patches[5, :, 2, ::3].ravel().tolist(),
        "patch_embedding.weight[::40, 1, 3:8:2, 7]": patches[::40, 1, 3:8:2, 7].ravel().tolist(),
    },
}
(here / "tensorPictures.json").write_text(json.dumps(golden, indent=1) + "\n")
