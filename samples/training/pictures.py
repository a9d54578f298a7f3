"""The twelve sample images: scenes the networks never saw, larger than their input, with what is where in objects.json."""
import json

import numpy
import torch
from PIL import Image, ImageOps

from .fit import normalise
from .shapes import LABELS, render

FIRST_SEED = 2_000_000  # beyond those for training and measuring
ORIENTATION = 0x0112  # the EXIF tag; 6 means: turn a quarter clockwise to see it upright
SIZES = [256, 320, 256, 384]


def tensor(picture):
    """[1, 3, 64, 64]: Pillow's antialiased bilinear resize, as the recipe says."""
    small = picture.convert('RGB').resize((64, 64), Image.Resampling.BILINEAR)
    return normalise(torch.from_numpy(numpy.asarray(small).transpose(2, 0, 1).copy())[None])


def _planned():
    for index, label in enumerate(LABELS):
        yield f'{label}_01.png', label, SIZES[index % len(SIZES)], 'RGB'
    yield 'star_02.jpg', 'star', 320, 'turned'
    yield 'heart_02.png', 'heart', 256, 'gray'


def _save(picture, form, file):
    """Writes the picture and returns it as a reader sees it: upright, after compression."""
    if form == 'turned':
        exif = Image.Exif()
        exif[ORIENTATION] = 6
        picture.rotate(90, expand=True).save(file, quality=95, subsampling=0, exif=exif)
    else:
        picture.convert('L' if form == 'gray' else 'RGB').save(file, optimize=True)
    return ImageOps.exif_transpose(Image.open(file))


def _on_object(attention, mask):
    """Whether one cell is looked at more than any other, by a twentieth at least, and has its middle on the object."""
    first, second = attention.flatten().topk(2).values.tolist()
    row, column = divmod(int(attention.flatten().argmax()), attention.shape[-1])
    if first < 1.05 * second:
        return False
    cell = mask.width / attention.shape[-1]
    return mask.getpixel((int((column + 0.5) * cell), int((row + 0.5) * cell))) > 127


def write(folder, networks):
    """Takes for each picture the first scene that every network names rightly and looks at; returns answers by file name."""
    folder.mkdir(exist_ok=True)
    objects, answers, seed = {}, {}, FIRST_SEED
    for name, label, size, form in _planned():
        while True:
            seed += 1
            picture, mask, box = render(seed, LABELS.index(label), size)
            with torch.no_grad():
                x = tensor(_save(picture, form, folder / name))
                logits = {kind: network(x)[0] for kind, network in networks.items()}
                looks = {kind: network.look(x)[1][0] for kind, network in networks.items() if hasattr(network, 'look')}
            right = all(LABELS[int(answer.argmax())] == label and answer.softmax(0).max() > 0.9 for answer in logits.values())
            if right and all(_on_object(look, mask) for look in looks.values()):
                break
        objects[name] = {'label': label, 'width': size, 'height': size, 'box': box, 'seed': seed}
        answers[name] = {
            kind: {
                'logits': [round(float(value), 6) for value in logits[kind]],
                **({'mostLookedAt': [int(v) for v in divmod(int(looks[kind].flatten().argmax()), looks[kind].shape[-1])]} if kind in looks else {}),
            }
            for kind in networks
        }
    (folder / 'objects.json').write_text(json.dumps(objects, indent=1) + '\n')
    return answers
