"""What teachers say of windows nobody has labelled, for a smaller student to learn from.

    python distil.py --data WORK --teachers WORK/run1/model.pt WORK/run2/model.pt --out WORK/soft.pt
    python train.py --data WORK --out WORK/student --layers 6 --soft WORK/soft.pt

The logits of several teachers are averaged. Goes on from OUT.part where there is one.
"""

import argparse
import os
import random

import torch

from data import LABELS, Window, read_tokenizer, read_windows
from measure import outputs_of

CHUNK = 2000


def said_by(teachers, windows, size):
    every = [outputs_of(teacher, windows, size) for teacher in teachers]
    return [
        {name: torch.stack([of[at][name] for of in every]).mean(0).half() for name in ("instance", "inside", *LABELS)}
        for at in range(len(windows))
    ]


def read_soft(path):
    """Windows with what was said of them."""
    saved = torch.load(path, weights_only=True)
    return [
        Window({"id": str(at), "origin": "background"}, ids.tolist(), unpacked(said))
        for at, (ids, said) in enumerate(zip(saved["ids"], saved["said"]))
    ]


def unpacked(said):
    return {name: value.item() if name == "instance" else value.float() for name, value in said.items()}


def soft_batches(windows, count, size, seed, epoch):
    """Half of them from the most suspicious tenth: the rest is easy and says little."""
    chance = random.Random(f"soft {seed} {epoch}")
    ranked = sorted(windows, key=lambda window: -window.soft["instance"])
    suspicious, quiet = ranked[: len(ranked) // 10], ranked[len(ranked) // 10 :]
    drawn = chance.sample(suspicious, min(count // 2, len(suspicious)))
    drawn += chance.sample(quiet, min(count - len(drawn), len(quiet)))
    chance.shuffle(drawn)
    batches = []
    for start in range(0, len(drawn), size * 50):
        stretch = sorted(drawn[start : start + size * 50], key=lambda window: len(window.ids))
        batches += [stretch[at : at + size] for at in range(0, len(stretch), size)]
    return batches


def main():
    from train import trained_detector

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--teachers", nargs="+", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--files", nargs="+", default=["background.ndjson", "real.ndjson", "corpus.ndjson"])
    parser.add_argument("--limit", type=int)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32")
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--weights")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    tokenizer = read_tokenizer(os.path.join(options.data, "tokenizer.tsv"))
    paths = [os.path.join(options.data, name) for name in options.files]
    windows = [one for path in paths if os.path.exists(path) for one in read_windows(path, tokenizer, options.limit)]
    teachers = [trained_detector(options, path) for path in options.teachers]
    part = options.out + ".part"
    said = torch.load(part, weights_only=True) if os.path.exists(part) else []
    while len(said) < len(windows):
        said += said_by(teachers, windows[len(said) : len(said) + CHUNK], options.batch)
        torch.save(said, part)
        print(f"{len(said)} of {len(windows)} windows", flush=True)
    ids = [torch.tensor(window.ids, dtype=torch.int32) for window in windows]
    torch.save({"ids": ids, "said": said}, options.out)
    os.remove(part)


if __name__ == "__main__":
    main()
