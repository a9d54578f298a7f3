"""Figures of a network that other tools can be held against: counted by PyTorch, not by Model Loupe."""
import torch
from torch import nn

from .networks import Attention


def parameters(network):
    return sum(parameter.numel() for parameter in network.parameters())


def folded_parameters(network):
    """What the ONNX file holds: the exporter folds a BatchNorm's scale and shift into the bias of the convolution before it."""
    return parameters(network) - sum(module.num_features for module in network.modules() if isinstance(module, nn.BatchNorm2d))


def macs(network):
    """Multiply-adds of one 64x64 image: convolutions, linear layers and both matrix products of attention."""
    counts = {'convolution': 0, 'linear': 0, 'attention products': 0}

    def convolution(module, _, output):
        counts['convolution'] += output[0].numel() * module.in_channels // module.groups * module.kernel_size[0] * module.kernel_size[1]

    def linear(module, _, output):
        counts['linear'] += output[0].numel() * module.in_features

    def products(module, _, output):
        _, heads, queries, keys = module.weights.shape
        counts['attention products'] += 2 * heads * queries * keys * (output.shape[-1] // heads)

    kinds = {nn.Conv2d: convolution, nn.Linear: linear, Attention: products}
    handles = [m.register_forward_hook(kinds[type(m)]) for m in network.modules() if type(m) in kinds]
    with torch.no_grad():
        network(torch.zeros(1, 3, 64, 64))
    for handle in handles:
        handle.remove()
    return {**counts, 'total': sum(counts.values())}
