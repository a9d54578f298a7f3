"""The generated data set: one coloured shape (the object) among distractors, and which pixels it covers.

A scene is drawn in unit coordinates, so that the same scene can be rendered at any size. The object is one of
ten filled shapes; distractors are strokes, dots and small blobs, never one of the ten shapes.
"""
import math

import numpy
from PIL import Image, ImageDraw, ImageFilter

LABELS = ['circle', 'square', 'triangle', 'star', 'cross', 'ring', 'heart', 'diamond', 'crescent', 'arrow']
SUPERSAMPLE = 3


def _regular(points, radii, phase=-math.pi / 2):
    return [
        (radii[i % len(radii)] * math.cos(phase + 2 * math.pi * i / points), radii[i % len(radii)] * math.sin(phase + 2 * math.pi * i / points))
        for i in range(points)
    ]


def _heart():
    angles = numpy.linspace(0, 2 * math.pi, 48, endpoint=False)
    x = 16 * numpy.sin(angles) ** 3
    y = -(13 * numpy.cos(angles) - 5 * numpy.cos(2 * angles) - 2 * numpy.cos(3 * angles) - numpy.cos(4 * angles))
    return list(zip(x / 16.5, y / 16.5))


def _crescent():
    outer = [(math.cos(a), math.sin(a)) for a in numpy.linspace(0.75, 2 * math.pi - 0.75, 40)]
    # The inner arc runs back through the same two tips.
    centre, tip = 0.62, (math.cos(0.75), math.sin(0.75))
    radius = math.hypot(tip[0] - centre, tip[1])
    start = math.atan2(tip[1], tip[0] - centre)
    inner = [(centre + radius * math.cos(a), radius * math.sin(a)) for a in numpy.linspace(2 * math.pi - start, start, 40)]
    return outer + inner


# Outlines with a circumradius of about 1, and how far each may turn either way, in degrees.
OUTLINES = {
    'circle': (_regular(64, [0.92]), 180),
    'square': ([(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)], 15),
    'triangle': (_regular(3, [1.05]), 15),
    'star': (_regular(10, [1.08, 0.45]), 36),
    'cross': ([(-0.33, -1), (0.33, -1), (0.33, -0.33), (1, -0.33), (1, 0.33), (0.33, 0.33), (0.33, 1), (-0.33, 1), (-0.33, 0.33), (-1, 0.33), (-1, -0.33), (-0.33, -0.33)], 15),
    'ring': (_regular(64, [0.95]), 180),
    'heart': (_heart(), 15),
    'diamond': ([(0, -1.1), (0.62, 0), (0, 1.1), (-0.62, 0)], 15),
    'crescent': (_crescent(), 40),
    'arrow': ([(1.1, 0), (0.15, -0.85), (0.15, -0.3), (-1, -0.3), (-1, 0.3), (0.15, 0.3), (0.15, 0.85)], 25),
}
HOLE = 0.55  # of a ring, in parts of its radius


def _colour(rng, away_from, distance):
    """A random colour at least `distance` (Euclidean, 0..255 per channel) from every one of `away_from`."""
    while True:
        colour = rng.integers(0, 256, 3)
        if all(numpy.linalg.norm(colour - other) >= distance for other in away_from):
            return colour


def _background(rng, size, base):
    """Low-frequency texture, stripes or plain, with a little grain."""
    kind = rng.integers(0, 3)
    plane = numpy.zeros((size, size), numpy.float32)
    if kind == 0:
        coarse = Image.fromarray(rng.uniform(-1, 1, (5, 5)).astype(numpy.float32), 'F')
        plane = numpy.asarray(coarse.resize((size, size), Image.Resampling.BICUBIC))
    elif kind == 1:
        angle, waves = rng.uniform(0, math.pi), rng.uniform(2, 7)
        y, x = numpy.mgrid[0:size, 0:size].astype(numpy.float32) / size
        plane = numpy.sin(2 * math.pi * waves * (x * math.cos(angle) + y * math.sin(angle)) + rng.uniform(0, 6.28))
    picture = base + rng.uniform(6, 26) * plane[:, :, None] * rng.uniform(0.4, 1, 3)
    grain = rng.normal(0, rng.uniform(1, 8), (64, 64, 3))
    picture = picture + numpy.repeat(numpy.repeat(grain, -(-size // 64), 0), -(-size // 64), 1)[:size, :size]
    return Image.fromarray(picture.clip(0, 255).astype(numpy.uint8))


def _distractor(rng, draw, size, colour):
    x, y = rng.uniform(0, size, 2)
    kind = rng.integers(0, 3)
    if kind == 0:
        length, angle, bend = rng.uniform(0.1, 0.35) * size, rng.uniform(0, 2 * math.pi), rng.uniform(-1, 1)
        points = []
        for _ in range(8):
            points.append((x, y))
            x, y, angle = x + length / 8 * math.cos(angle), y + length / 8 * math.sin(angle), angle + bend / 8 * 2
        draw.line(points, tuple(colour), width=max(1, round(rng.uniform(0.012, 0.03) * size)), joint='curve')
    elif kind == 1:
        radius = rng.uniform(0.015, 0.035) * size
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), tuple(colour))
    else:
        radii = rng.uniform(0.03, 0.075, 9) * size
        draw.polygon([(x + r * math.cos(a), y + r * math.sin(a)) for r, a in zip(radii, numpy.linspace(0, 5.6, 9))], tuple(colour))


def render(seed, label, size=64):
    """Returns the scene of `seed` as an RGB image and as a mask (holes filled), both `size` x `size`, and the object's box.

    The box is (left, top, right, bottom) in pixels. The same seed gives the same scene at every size.
    """
    rng = numpy.random.default_rng([seed, label])
    big = size * SUPERSAMPLE if size <= 64 else size * 2
    base = rng.integers(20, 236, 3)
    paint = _colour(rng, [base], 110)
    radius = rng.uniform(0.15, 0.27)
    cx, cy = rng.uniform(radius + 0.02, 0.98 - radius, 2)
    outline, turn = OUTLINES[LABELS[label]]
    angle = math.radians(rng.uniform(-turn, turn))
    stretch = rng.uniform(0.9, 1.1)
    mirror = -1 if LABELS[label] in ('crescent', 'arrow') and rng.random() < 0.5 else 1
    count = rng.integers(5, 14)
    colours = [_colour(rng, [base], 70) if rng.random() < 0.7 else paint for _ in range(count)]
    below = rng.random(count) < 0.85
    marks = numpy.random.default_rng([seed, label, 1])
    seeds = marks.integers(0, 2**31, count)
    picture = _background(numpy.random.default_rng([seed, label, 2]), big, base)
    draw = ImageDraw.Draw(picture)
    for behind in (True, False):
        for i in range(count):
            if bool(below[i]) == behind:
                _distractor(numpy.random.default_rng(int(seeds[i])), draw, big, colours[i])
        if not behind:
            break
        points = []
        for px, py in outline:
            px, py = px * stretch * mirror, py / stretch
            points.append((cx + radius * (px * math.cos(angle) - py * math.sin(angle)), cy + radius * (px * math.sin(angle) + py * math.cos(angle))))
        mask = Image.new('L', (big, big))
        ImageDraw.Draw(mask).polygon([(x * big, y * big) for x, y in points], 255)
        area = mask
        if LABELS[label] == 'ring':
            area = mask.copy()
            ImageDraw.Draw(area).polygon([((cx + (x - cx) * HOLE) * big, (cy + (y - cy) * HOLE) * big) for x, y in points], 0)
        picture.paste(tuple(int(c) for c in paint), (0, 0), area)
    if rng.random() < 0.2:
        picture = picture.filter(ImageFilter.GaussianBlur(0.008 * big * rng.random()))
    box = [min(x for x, _ in points), min(y for _, y in points), max(x for x, _ in points), max(y for _, y in points)]
    return (
        picture.resize((size, size), Image.Resampling.BILINEAR),
        mask.resize((size, size), Image.Resampling.BILINEAR),
        [round(edge * size, 1) for edge in box],
    )


def data_set(first_seed, count, grid=8):
    """Images uint8 [count, 3, 64, 64], labels int64 [count], and the object's cover of each cell, float32 [count, grid, grid]."""
    images = numpy.empty((count, 3, 64, 64), numpy.uint8)
    covers = numpy.empty((count, grid, grid), numpy.float32)
    labels = numpy.arange(count) % len(LABELS)
    cell = 64 // grid
    for i in range(count):
        picture, mask, _ = render(first_seed + i, int(labels[i]))
        images[i] = numpy.asarray(picture).transpose(2, 0, 1)
        covers[i] = numpy.asarray(mask, numpy.float32).reshape(grid, cell, grid, cell).mean((1, 3)) / 255
    return images, labels.astype(numpy.int64), covers
