"""Writes a trained detector as the product reads it: ONNX, dynamic int8, with its tokenizer and a manifest.

    python export.py --data WORK --model WORK/student/model.pt --out DIR --id detector-1 --lines lines.txt

Writes DIR/encoder.onnx, DIR/tokenizer.tsv and DIR/encoder.json, and compares the scores of the file with those of the
model it was made of. Weights of matrices are int8; the word table keeps the four bits it has in the base model.

Inputs of matrices are quantised as they come, all channels alike, and a few channels are far larger than the rest. So each
channel is divided by what its weights are multiplied with first (SmoothQuant, Xiao et al. 2023).
"""

import argparse
import hashlib
import json
import os
import shutil
import tempfile

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from base import BLOCK
from data import LABELS, padded, read_tokenizer, read_windows, sha256_of
from model import MAX_TOKENS
from train import trained_detector

OPSET = 17
# How far the large channels are evened out, from 0 to 1; and windows to see how large they are.
SMOOTHING = 0.7
SEEN = 160
LARGEST = 36_000_000
CLOSEST = 0.99


class PackedWords(nn.Module):
    """The word table in blocks of 32 weights of four bits with one scale, and the rows of the markers as they were learnt."""

    def __init__(self, table, markers):
        super().__init__()
        blocks = table.reshape(table.shape[0], -1, BLOCK)
        peak = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)
        # The base model took the largest weight as -8 steps: so the very same steps are found again.
        scale = (peak / -8).astype(np.float16)
        steps = np.divide(blocks, scale.astype(np.float32), out=np.zeros_like(blocks), where=scale != 0)
        steps = np.clip(np.rint(steps) + 8, 0, 15).astype(np.uint8)
        self.register_buffer("packed", torch.from_numpy(steps[..., :16] | (steps[..., 16:] << 4)).reshape(len(table), -1))
        self.register_buffer("scale", torch.from_numpy(scale[..., 0]))
        self.register_buffer("markers", markers)
        self.known = len(table)

    def forward(self, ids):
        word = ids.clamp(max=self.known - 1)
        both = self.packed[word].float().unflatten(-1, (-1, 16))
        high = torch.floor(both / 16)
        low = both - high * 16
        values = (torch.cat([low, high], -1) - 8) * self.scale[word].float()[..., None]
        marker = self.markers[(ids - self.known).clamp(min=0)]
        return torch.where((ids < self.known)[..., None], values.flatten(-2), marker)


class Product(nn.Module):
    """The detector with its packed word table, its outputs as a tuple."""

    def __init__(self, detector):
        super().__init__()
        self.detector = detector
        encoder = detector.encoder
        self.words = PackedWords(encoder.word.weight.numpy(), encoder.markers.detach())
        self.names = ["instance", "inside", *LABELS, "vector"]

    def forward(self, ids):
        ids = ids.long()
        outputs = self.detector.read(self.words(ids), (ids != 1).float())
        return tuple(outputs[name] for name in self.names)


class Smoothed(nn.Module):
    """A linear layer whose input channels are divided by `scale`, and whose weights make up for it."""

    def __init__(self, linear, scale):
        super().__init__()
        self.register_buffer("inverse", 1 / scale)
        self.linear = linear
        linear.weight.data = linear.weight.data * scale

    def forward(self, x):
        return self.linear(x * self.inverse)


@torch.no_grad()
def smooth(detector, windows, strength):
    largest = largest_inputs(detector, windows)
    for layer in detector.encoder.layers:
        for names in (("q", "k", "v"), ("ao",), ("fi",), ("fo",)):
            linears = [getattr(layer, name) for name in names]
            weights = torch.stack([linear.weight.abs().amax(0) for linear in linears]).amax(0)
            scale = largest[linears[0]].clamp(min=1e-4) ** strength / weights.clamp(min=1e-4) ** (1 - strength)
            for name, linear in zip(names, linears):
                setattr(layer, name, Smoothed(linear, scale / scale.mean()))


@torch.no_grad()
def largest_inputs(detector, windows):
    """For each linear layer of the encoder the largest absolute value of each input channel."""
    largest = {}

    def see(linear, inputs, _):
        seen = inputs[0].abs().flatten(0, -2).amax(0)
        largest[linear] = torch.maximum(seen, largest.get(linear, seen))

    linears = [module for module in detector.encoder.modules() if isinstance(module, nn.Linear)]
    hooks = [linear.register_forward_hook(see) for linear in linears]
    for window in windows:
        detector(padded([window]))
    for hook in hooks:
        hook.remove()
    return largest


def write_onnx(product, path, reduced):
    example = torch.full((2, 12), 5, dtype=torch.int32)
    with tempfile.TemporaryDirectory() as folder:
        plain = os.path.join(folder, "plain.onnx")
        rows = {name: {0: "windows"} for name in product.names}
        torch.onnx.export(
            product,
            (example,),
            plain,
            opset_version=OPSET,
            input_names=["ids"],
            output_names=product.names,
            dynamic_axes={"ids": {0: "windows", 1: "tokens"}, **rows, "inside": {0: "windows", 1: "tokens"}},
            dynamo=False,
        )
        quantize_dynamic(
            plain,
            path,
            op_types_to_quantize=["MatMul", "Gemm"],
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=reduced,
        )


def compare(detector, path, windows):
    """Largest and mean difference of the instance logits, and the share of windows on the same side of zero."""
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, settings, providers=["CPUExecutionProvider"])
    ours, theirs, vectors = [], [], []
    for window in windows:
        ids = padded([window])
        with torch.no_grad():
            outputs = detector(ids)
        instance, vector = session.run(["instance", "vector"], {"ids": ids.numpy()})
        ours.append(outputs["instance"].item())
        theirs.append(float(instance[0]))
        vectors.append(float(vector[0] @ outputs["vector"][0].numpy()))
    ours, theirs = np.array(ours), np.array(theirs)
    return {
        "windows": len(ours),
        "largest_difference": float(np.abs(ours - theirs).max()),
        "mean_difference": float(np.abs(ours - theirs).mean()),
        "same_side": float(((ours > 0) == (theirs > 0)).mean()),
        "correlation": float(np.corrcoef(ours, theirs)[0, 1]),
        "lowest_cosine": min(vectors),
    }


def write_manifest(options):
    """What the product checks before it believes the files, and what its tests check."""
    weights, tokenizer = (os.path.join(options.out, name) for name in ("encoder.onnx", "tokenizer.tsv"))
    manifest = {
        "v": 1,
        "id": options.id,
        "weights": {"file": "encoder.onnx", "sha256": sha256_of(weights)},
        "tokenizer": {"file": "tokenizer.tsv", "sha256": sha256_of(tokenizer)},
        "layers": options.layers,
        "maxTokens": MAX_TOKENS,
        "labels": LABELS,
        "tokens": tokens_of(read_tokenizer(tokenizer), options.lines),
    }
    # Which sentences are read does not depend on the weights; the combiner and the examples do, and are made after them.
    gate = os.path.join(options.out, "gate.bin")
    if os.path.exists(gate):
        manifest["gate"] = {"file": "gate.bin", "sha256": sha256_of(gate)}
    with open(os.path.join(options.out, "encoder.json"), "w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=2, ensure_ascii=False)
        file.write("\n")


def tokens_of(tokenizer, path):
    """A hash over the ids of many lines: the tokenizer of the product must come to the same."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().rstrip("\n").split("\n")
    text = "\n".join(" ".join(map(str, encoding.ids)) for encoding in tokenizer.encode_batch(lines))
    return {"lines": len(lines), "sha256": hashlib.sha256(text.encode()).hexdigest()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--id", required=True)
    parser.add_argument("--lines", required=True, help="lines to split, from `node test/classify/model/write-lines.ts`")
    parser.add_argument("--windows", type=int, default=200, help="to compare")
    parser.add_argument("--closest", type=float, default=CLOSEST, help="correlation of scores below which it is refused")
    parser.add_argument(
        "--full-range",
        action="store_true",
        help="eight bits instead of seven: closer, but sums overflow on processors without VNNI",
    )
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--weights")
    options = parser.parse_args()
    torch.set_num_threads(1)
    os.makedirs(options.out, exist_ok=True)
    options.precision = "f32"
    detector = trained_detector(options, options.model)
    weights = os.path.join(options.out, "encoder.onnx")
    shutil.copy(os.path.join(options.data, "tokenizer.tsv"), os.path.join(options.out, "tokenizer.tsv"))
    tokenizer = read_tokenizer(os.path.join(options.data, "tokenizer.tsv"))
    windows = read_windows(os.path.join(options.data, "corpus.ndjson"), tokenizer, options.windows + SEEN)
    smoothed = trained_detector(options, options.model)
    smooth(smoothed, windows[options.windows :], SMOOTHING)
    write_onnx(Product(smoothed), weights, not options.full_range)
    figures = compare(detector, weights, windows[: options.windows])
    size = os.path.getsize(weights)
    write_manifest(options)
    print(json.dumps({"bytes": size, **figures}, indent=1))
    if size > LARGEST:
        raise SystemExit(f"{weights}: expected at most {LARGEST} bytes, got {size}; cut the vocabulary or the layers")
    # A shift of all scores is taken up by the calibration, which is made on the scores of this file.
    if figures["correlation"] < options.closest:
        raise SystemExit(f"{weights}: expected the scores of the model it was made of; see the differences above")


if __name__ == "__main__":
    main()
