"""Three small classifiers of [batch, 3, 64, 64] images: convolution only, attention only, and both in turn.

`forward` returns logits [batch, classes]. `look` returns also how much the last attention layer looks at each cell,
[batch, grid, grid], averaged over heads (class token's row, or mean over the queries where there is none).
"""
import torch
from torch import nn


def norm_conv(inputs, outputs, kernel=3, stride=1, groups=1, activate=True):
    layers = [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, *([nn.ReLU()] if activate else []))


class BasicBlock(nn.Module):
    """Two 3x3 convolutions with a shortcut (He et al. 2015)."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = norm_conv(inputs, outputs, stride=stride)
        self.conv2 = norm_conv(outputs, outputs, activate=False)
        self.shortcut = norm_conv(inputs, outputs, 1, stride, activate=False) if stride > 1 or inputs != outputs else nn.Identity()
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.conv2(self.conv1(x)) + self.shortcut(x))


class InvertedResidual(nn.Module):
    """MBConv: widen, depthwise 3x3, gate by squeeze and excitation, narrow (Sandler et al. 2018, Tan and Le 2019)."""

    def __init__(self, inputs, outputs, stride, expand=4):
        super().__init__()
        hidden = inputs * expand
        self.expand = norm_conv(inputs, hidden, 1)
        self.depthwise = norm_conv(hidden, hidden, 3, stride, groups=hidden)
        self.gate = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(hidden, inputs // 2, 1), nn.ReLU(), nn.Conv2d(inputs // 2, hidden, 1), nn.Sigmoid()
        )
        self.project = norm_conv(hidden, outputs, 1, activate=False)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        y = self.depthwise(self.expand(x))
        y = self.project(y * self.gate(y))
        return x + y if self.residual else y


class Attention(nn.Module):
    """Multi-head self-attention over [batch, tokens, width]; `side` adds a learned bias per relative position (Dai et al. 2021)."""

    def __init__(self, width, heads, tokens, side=None):
        super().__init__()
        self.split = (-1, tokens, 3, heads, width // heads)
        self.joined = (-1, tokens, width)
        self.scale = (width // heads) ** -0.5
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.bias = None
        if side is not None:
            self.bias = nn.Parameter(torch.zeros(heads, (2 * side - 1) ** 2))
            y, x = torch.meshgrid(torch.arange(side), torch.arange(side), indexing='ij')
            y, x = y.flatten(), x.flatten()
            index = (y[:, None] - y[None, :] + side - 1) * (2 * side - 1) + (x[:, None] - x[None, :] + side - 1)
            self.register_buffer('index', index, persistent=False)
        self.weights = None

    def forward(self, x):
        query, key, value = self.qkv(x).reshape(self.split).permute(2, 0, 3, 1, 4).unbind(0)
        scores = query @ key.transpose(-2, -1) * self.scale
        if self.bias is not None:
            scores = scores + self.bias[:, self.index]
        self.weights = scores.softmax(-1)
        return self.proj((self.weights @ value).transpose(1, 2).reshape(self.joined))


class Encoder(nn.Module):
    """Attention and feed-forward, each behind a LayerNorm and beside a shortcut."""

    def __init__(self, width, heads, tokens, ratio=2, side=None):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads, tokens, side)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, ratio * width), nn.GELU(), nn.Linear(ratio * width, width))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Convolutional(nn.Module):
    def __init__(self, classes, widths=(16, 24, 48, 96)):
        super().__init__()
        self.stem = norm_conv(3, widths[0], 3, 2)
        self.stages = nn.Sequential(*[BasicBlock(a, b, 2 if a != b else 1) for a, b in zip(widths[:1] + widths[:-1], widths)])
        self.head = nn.Linear(widths[-1], classes)

    def forward(self, x):
        return self.head(self.stages(self.stem(x)).mean((2, 3)))


class VisionTransformer(nn.Module):
    """ViT (Dosovitskiy et al. 2020): 8x8 patches, a class token, learned positions."""

    def __init__(self, classes, width=80, depth=4, heads=4, patch=8, side=8):
        super().__init__()
        self.side = side
        self.columns = (-1, width, side * side)
        self.patch_embedding = nn.Conv2d(3, width, patch, patch)
        self.class_token = nn.Parameter(torch.zeros(1, 1, width))
        self.position = nn.Parameter(torch.randn(1, side * side + 1, width) * 0.02)
        self.blocks = nn.Sequential(*[Encoder(width, heads, side * side + 1) for _ in range(depth)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        tokens = self.patch_embedding(x).reshape(self.columns).transpose(1, 2)
        tokens = torch.cat([self.class_token.expand(tokens.shape[0], -1, -1), tokens], 1) + self.position
        return self.head(self.norm(self.blocks(tokens))[:, 0])

    def look(self, x):
        logits = self(x)
        weights = self.blocks[-1].attention.weights
        return logits, weights[:, :, 0, 1:].mean(1).unflatten(1, (self.side, self.side))


class Hybrid(nn.Module):
    """Convolution stages, then relative attention over 8x8 tokens, as CoAtNet (Dai et al. 2021)."""

    def __init__(self, classes, widths=(16, 24, 40, 64), depth=2, heads=4, side=8):
        super().__init__()
        self.side = side
        self.columns = (-1, widths[3], side * side)
        self.stem = norm_conv(3, widths[0], 3, 2)
        self.stage1 = InvertedResidual(widths[0], widths[1], 2)
        self.stage2 = nn.Sequential(InvertedResidual(widths[1], widths[2], 2), InvertedResidual(widths[2], widths[2], 1))
        self.widen = nn.Conv2d(widths[2], widths[3], 1)
        self.stage3 = nn.Sequential(*[Encoder(widths[3], heads, side * side, side=side) for _ in range(depth)])
        self.norm = nn.LayerNorm(widths[3])
        self.head = nn.Linear(widths[3], classes)

    def forward(self, x):
        tokens = self.widen(self.stage2(self.stage1(self.stem(x)))).reshape(self.columns).transpose(1, 2)
        return self.head(self.norm(self.stage3(tokens)).mean(1))

    def look(self, x):
        logits = self(x)
        weights = self.stage3[-1].attention.weights
        return logits, weights.mean((1, 2)).unflatten(1, (self.side, self.side))


NETWORKS = {'conv': Convolutional, 'vit': VisionTransformer, 'hybrid': Hybrid}
