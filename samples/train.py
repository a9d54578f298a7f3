"""Trains the three sample classifiers from scratch and writes everything in this folder that is not code.

    /usr/bin/python3 samples/train.py                 all three, then files, figures and images
    /usr/bin/python3 samples/train.py vit             one of them anew, then the same
    /usr/bin/python3 samples/train.py --export-only   files, figures and images from the .pt files that are here

Needs Debian's python3-torch, python3-numpy and python3-pil; with libopenblas0 the attention networks train several
times faster. Seeded: the same machine and library versions give the same weights.
"""
import argparse
import json
import pathlib
import sys

import torch

from training import export, figures, pictures
from training.fit import fit, measure
from training.networks import NETWORKS
from training.shapes import LABELS, data_set

FOLDER = pathlib.Path(__file__).parent
# Scenes 0..47,999 are for training, those from HELD_OUT on for measuring: no scene is in both.
HELD_OUT, TEST = 1_000_000, 4_000
# One-cycle stages, each from the weights of the one before. The ViT knows nothing of neighbourhood and needs most.
STAGES = {
    'conv': [{'scenes': 24_000, 'epochs': 9, 'rate': 3e-3}],
    'vit': [{'scenes': 24_000, 'epochs': 24, 'rate': 1.5e-3}, {'scenes': 48_000, 'epochs': 14, 'rate': 1.2e-3}],
    'hybrid': [{'scenes': 24_000, 'epochs': 9, 'rate': 2e-3}, {'scenes': 24_000, 'epochs': 3, 'rate': 5e-4, 'spread': True}],
}

DESCRIPTIONS = {
    'conv': 'convolutions only, ResNet basic blocks',
    'vit': 'attention only, ViT: 8x8 patches, class token, 4 layers of 4 heads',
    'hybrid': 'MBConv stages, then 2 layers of relative attention, as CoAtNet',
}
MARKS = ('<!-- written by train.py -->', '<!-- end -->')


def load(first, count, cache):
    """Generates scenes, or takes them from the cache folder when one is given."""
    file = cache / f'{first}-{count}.pt' if cache else None
    if file and file.exists():
        return torch.load(file)
    data = tuple(torch.from_numpy(part) for part in data_set(first, count))
    if file:
        torch.save(data, file)
    return data


def train(name, cache, first_stage=0):
    torch.manual_seed(7)
    network, file = NETWORKS[name](len(LABELS)), FOLDER / f'{name}.pt'
    if first_stage > 0:
        network.load_state_dict(torch.load(file))
    for number, stage in enumerate(STAGES[name][first_stage:], first_stage):
        recipe = dict(stage)
        fit(name, network, load(0, recipe.pop('scenes'), cache), **recipe, seed=number)
        torch.save(network.state_dict(), file)


def write(test):
    """Files of every network from its .pt, the images, and figures.json."""
    networks, report = {}, {'source': 'samples/train.py', 'torch': torch.__version__, 'testImages': len(test[0]), 'models': {}}
    for name, make in NETWORKS.items():
        network = networks[name] = make(len(LABELS)).eval()
        network.load_state_dict(torch.load(FOLDER / f'{name}.pt'))
        export.save_onnx(network, FOLDER / f'{name}.onnx')
        export.save_safetensors(network.state_dict(), FOLDER / f'{name}.safetensors')
        accuracy, on_object = measure(network, test)
        report['models'][name] = {
            'accuracy': round(accuracy, 4),
            'attentionOnObject': None if on_object is None else round(on_object, 4),
            'parameters': figures.parameters(network),
            'parametersInOnnx': figures.folded_parameters(network),
            'macs': figures.macs(network),
            'bytes': {kind: (FOLDER / f'{name}.{kind}').stat().st_size for kind in ('onnx', 'pt', 'safetensors')},
        }
    report['answers'] = pictures.write(FOLDER / 'images', networks)
    (FOLDER / 'figures.json').write_text(json.dumps(report, indent=1) + '\n')
    _show(report)
    print(_table(report['models']), file=sys.stderr)


def _table(models):
    """The figures as README.md shows them."""
    head = ['', 'what it is', 'accuracy', 'attention on the object', 'parameters', 'in the ONNX file', 'MACs', '.onnx', '.pt', '.safetensors']
    rows = [head, ['---', '---'] + ['---:'] * (len(head) - 2)]
    for name, figure in models.items():
        looks = figure['attentionOnObject']
        sizes = [f'{size / 1000:.0f} kB' for size in figure['bytes'].values()]
        percent = '-' if looks is None else f'{looks:.1%}'
        counts = [f'{figure[key]:,}' for key in ('parameters', 'parametersInOnnx')] + [f"{figure['macs']['total']:,}"]
        rows.append([f'`{name}`', DESCRIPTIONS[name], f"{figure['accuracy']:.1%}", percent, *counts, *sizes])
    return '\n'.join('| ' + ' | '.join(row) + ' |' for row in rows)


def _show(report):
    """Puts the table between its two marks in README.md."""
    readme = FOLDER / 'README.md'
    before, rest = readme.read_text().split(MARKS[0])
    readme.write_text(before + MARKS[0] + '\n' + _table(report['models']) + '\n' + MARKS[1] + rest.split(MARKS[1])[1])


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument('names', nargs='*', help='which of conv, vit, hybrid to train; all when none is named')
    options.add_argument('--stage', type=int, default=0, help='go on from the .pt file with this stage')
    options.add_argument('--export-only', action='store_true', help='train nothing')
    options.add_argument('--cache', type=pathlib.Path, help='folder that keeps the generated images between runs')
    chosen = options.parse_args()
    torch.set_num_threads(1)
    if not chosen.export_only:
        for name in chosen.names or list(NETWORKS):
            train(name, chosen.cache, chosen.stage)
    write(load(HELD_OUT, TEST, chosen.cache))


if __name__ == '__main__':
    main()
