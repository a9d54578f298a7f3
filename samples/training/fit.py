"""Training and measuring: one seeded run per network, on the CPU."""
import sys
import time

import torch
from torch.nn import functional

# Weight of the loss that asks the last attention layer to look at the object.
LOOK_WEIGHT = 0.2


def normalise(images):
    """uint8 [batch, 3, 64, 64] to float32 in -1..1: scale 1/255, mean 0.5, std 0.5."""
    return images.float().div(255).sub(0.5).div(0.5)


def look_loss(attention, covers):
    """Minus the logarithm of the share of attention that falls on the object."""
    share = (attention * covers).sum((1, 2)) / attention.sum((1, 2))
    return -(share + 1e-4).log().mean()


def spread_loss(attention, covers):
    """Cross-entropy of the attention with the object's pixels as a distribution over the cells: all of it, not one spot."""
    wanted = covers / covers.sum((1, 2), keepdim=True)
    return -(wanted * (attention + 1e-6).log()).sum((1, 2)).mean()


def fit(name, network, data, epochs, rate, spread=False, seed=0, batch=96):
    """Trains in place with AdamW under a one-cycle rate; data is (images, labels, covers) as tensors."""
    look = spread_loss if spread else look_loss
    images, labels, covers = data
    generator = torch.Generator().manual_seed(seed)
    decay = [p for p in network.parameters() if p.ndim > 1]
    plain = [p for p in network.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW([{'params': decay, 'weight_decay': 0.05}, {'params': plain, 'weight_decay': 0}], rate)
    steps = len(images) // batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, epochs * steps, pct_start=0.15)
    looks = hasattr(network, 'look')
    for epoch in range(epochs):
        network.train()
        started, total, right = time.time(), 0.0, 0
        order = torch.randperm(len(images), generator=generator)
        for step in range(steps):
            pick = order[step * batch : (step + 1) * batch]
            x, y, cover = images[pick][:, torch.randperm(3, generator=generator)], labels[pick], covers[pick]
            if torch.rand((), generator=generator) < 0.5:
                x, cover = x.flip(3), cover.flip(2)
            if looks:
                logits, attention = network.look(normalise(x))
                loss = functional.cross_entropy(logits, y) + LOOK_WEIGHT * look(attention, cover)
            else:
                logits = network(normalise(x))
                loss = functional.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
            right += (logits.argmax(1) == y).sum().item()
        print(f'{name} epoch {epoch + 1}/{epochs} loss {total / steps:.3f} train accuracy {right / steps / batch:.3f} {time.time() - started:.0f} s', file=sys.stderr, flush=True)
    network.eval()


def measure(network, data):
    """Accuracy, and the share of images where the cell most looked at is covered by the object to a fifth or more."""
    images, labels, covers = data
    looks, right, on = hasattr(network, 'look'), 0, 0
    with torch.no_grad():
        for start in range(0, len(images), 250):
            part = slice(start, start + 250)
            if looks:
                logits, attention = network.look(normalise(images[part]))
                best = attention.flatten(1).argmax(1, keepdim=True)
                on += (covers[part].flatten(1).gather(1, best) >= 0.2).sum().item()
            else:
                logits = network(normalise(images[part]))
            right += (logits.argmax(1) == labels[part]).sum().item()
    return right / len(images), on / len(images) if looks else None
