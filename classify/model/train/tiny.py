"""Writes a tiny detector with random weights, to test the product with: the files of export.py, a hundredth of the size.

    python tiny.py --data WORK --lines lines.txt --out test/fixtures/model
"""

import argparse
import os
from types import SimpleNamespace

import numpy as np
import torch

from base import Base
from export import Product, write_manifest, write_onnx
from model import Detector

HIDDEN, LAYERS, HEADS, FEED_FORWARD, PIECES, MARKERS = 32, 1, 2, 32, 2500, 9


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--lines", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    torch.manual_seed(1)
    chance = np.random.default_rng(1)
    with open(os.path.join(options.data, "tokenizer.tsv"), encoding="utf-8") as file:
        head, *lines = file.read().rstrip("\n").split("\n")
    # All single characters, and the most frequent of the rest: the higher the score, the more frequent the piece.
    pieces, markers = lines[4:-MARKERS], lines[-MARKERS:]
    ranked = sorted(pieces, key=lambda line: (len(line.split("\t")[0]) > 1, -float(line.split("\t")[1])))
    kept = [*lines[:4], *ranked[: PIECES - 4 - MARKERS], *markers]
    with open(os.path.join(options.out, "tokenizer.tsv"), "w", encoding="utf-8") as file:
        file.write("\n".join([head, *kept]) + "\n")
    word = chance.normal(0, 0.1, (PIECES, HIDDEN)).astype(np.float32)
    detector = Detector(random_base(chance), word, MARKERS, LAYERS).eval()
    write_onnx(Product(detector), os.path.join(options.out, "encoder.onnx"), True)
    write_manifest(SimpleNamespace(out=options.out, id="tiny", layers=LAYERS, lines=options.lines))


def random_base(chance):
    shapes = {"emb.pos": (96, HIDDEN), "emb.type": (HIDDEN,), "emb.ln.w": (HIDDEN,), "emb.ln.b": (HIDDEN,)}
    for part in ("q", "k", "v", "ao"):
        shapes |= {f"l0.{part}.w": (HIDDEN, HIDDEN), f"l0.{part}.b": (HIDDEN,)}
    shapes |= {"l0.fi.w": (FEED_FORWARD, HIDDEN), "l0.fi.b": (FEED_FORWARD,)}
    shapes |= {"l0.fo.w": (HIDDEN, FEED_FORWARD), "l0.fo.b": (HIDDEN,)}
    shapes |= {f"l0.{part}.{name}": (HIDDEN,) for part in ("aln", "oln") for name in ("w", "b")}
    tensors = {name: chance.normal(0, 0.3, shape).astype(np.float32).reshape(-1) for name, shape in shapes.items()}
    return Base(HIDDEN, LAYERS, HEADS, FEED_FORWARD, 1e-12, 0, 2, 1, 3, [], np.zeros(0), tensors, "")


if __name__ == "__main__":
    main()
