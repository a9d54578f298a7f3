"""Writing a trained network: ONNX with its recipe and labels inside, a PyTorch state dict, and safetensors."""
import json
import struct

import torch

from .shapes import LABELS

# How an image becomes the input; read by Model Loupe from the model's metadata_props.
RECIPE = {
    'resize': {'mode': 'exact', 'height': 64, 'width': 64},
    'crop': None,
    'filter': 'bilinear',
    'scale': 1 / 255,
    'mean': [0.5, 0.5, 0.5],
    'std': [0.5, 0.5, 0.5],
    'channels': 'RGB',
    'layout': 'NCHW',
    'dtype': 'float32',
}
METADATA_PROPS, KEY, VALUE = 14, 1, 2  # field numbers of onnx.proto3


def _field(number, payload):
    """One length-delimited protobuf field."""
    size, length = len(payload), b''
    while size >= 0x80:
        length += bytes([size & 0x7F | 0x80])
        size >>= 7
    return bytes([number << 3 | 2]) + length + bytes([size]) + payload


def save_onnx(network, file):
    """Exports at opset 17 with a free batch axis; metadata is appended, as protobuf merges repeated fields."""
    torch.onnx.export(
        network,
        torch.zeros(1, 3, 64, 64),
        str(file),
        opset_version=17,
        input_names=['image'],
        output_names=['logits'],
        dynamic_axes={'image': {0: 'batch'}, 'logits': {0: 'batch'}},
    )
    with open(file, 'ab') as stream:
        for key, value in (('model_loupe.preprocess', RECIPE), ('model_loupe.labels', LABELS)):
            entry = _field(KEY, key.encode()) + _field(VALUE, json.dumps(value).encode())
            stream.write(_field(METADATA_PROPS, entry))


DTYPES = {torch.float32: 'F32', torch.int64: 'I64'}


def save_safetensors(state, file):
    """Header length (uint64), JSON header padded with spaces to 8 bytes, then the tensors without gaps."""
    header, offset = {'__metadata__': {'format': 'pt'}}, 0
    for name, tensor in state.items():
        size = tensor.numel() * tensor.element_size()
        header[name] = {'dtype': DTYPES[tensor.dtype], 'shape': list(tensor.shape), 'data_offsets': [offset, offset + size]}
        offset += size
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    with open(file, 'wb') as stream:
        stream.write(struct.pack('<Q', len(text)) + text)
        for tensor in state.values():
            stream.write(tensor.contiguous().numpy().tobytes())
