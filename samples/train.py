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
# Scenes 0..TRAIN-1 are for training, those from HELD_OUT on for measuring: no scene is in both.
TRAIN, HELD_OUT, TEST = 24_000, 1_000_000, 4_000
RECIPES = {'conv': {'epochs': 9, 'rate': 3e-3}, 'vit': {'epochs': 24, 'rate': 1.5e-3}, 'hybrid': {'epochs': 9, 'rate': 2e-3}}


def load(first, count, cache):
    """Generates scenes, or takes them from the cache folder when one is given."""
    file = cache / f'{first}-{count}.pt' if cache else None
    if file and file.exists():
        return torch.load(file)
    data = tuple(torch.from_numpy(part) for part in data_set(first, count))
    if file:
        torch.save(data, file)
    return data


def train(name, data):
    torch.manual_seed(7)
    network = NETWORKS[name](len(LABELS))
    fit(name, network, data, **RECIPES[name])
    torch.save(network.state_dict(), FOLDER / f'{name}.pt')


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
    print(json.dumps(report['models'], indent=1), file=sys.stderr)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument('names', nargs='*', help='which of conv, vit, hybrid to train; all when none is named')
    options.add_argument('--export-only', action='store_true', help='train nothing')
    options.add_argument('--cache', type=pathlib.Path, help='folder that keeps the generated images between runs')
    chosen = options.parse_args()
    torch.set_num_threads(1)
    if not chosen.export_only:
        data = load(0, TRAIN, chosen.cache)
        for name in chosen.names or list(NETWORKS):
            train(name, data)
    write(load(HELD_OUT, TEST, chosen.cache))


if __name__ == '__main__':
    main()
