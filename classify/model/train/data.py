"""What training reads: the windows that `opomena model windows` wrote, tokenised, split and put into batches."""

import hashlib
import json
import os
import random
from dataclasses import dataclass, field

import torch

SUBTYPES = {
    "dehumanization": ["animal", "disease", "filth", "demon", "object", "subhuman", "essence"],
    "denial": ["outright", "numbers", "relativisation", "justification", "conspiracy", "qualification", "glorification"],
    "incitement": ["violence", "repeat", "expulsion", "discrimination", "condone"],
    "threat": ["mirror", "existential", "purity", "women", "loyalty", "fifth-column"],
    "identity-negation": ["nation", "culture"],
    "slur": ["ethnic", "religious", "war-label", "ethnic-marking"],
}
CATEGORIES = list(SUBTYPES)
LABELS = {
    "category": CATEGORIES,
    "subtype": [f"{category}/{subtype}" for category in CATEGORIES for subtype in SUBTYPES[category]],
    "voice": ["outlet", "author", "quoted"],
    "stance": ["endorses", "relays", "contextualises", "condemns"],
}
# A passage is seen as it is, and between other sentences, or length alone would tell it from news.
FORMS = ["plain", "planted"]


def read_tokenizer(path):
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    with open(path, encoding="utf-8") as file:
        head, *lines = file.read().rstrip("\n").split("\n")
    if head != "opomena unigram 1":
        raise SystemExit(f"{path}: expected a first line 'opomena unigram 1', found '{head[:40]}'")
    pieces = [(piece, float(score)) for piece, score in (line.rsplit("\t", 1) for line in lines)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", "always", True)
    return tokenizer


@dataclass
class Window:
    row: dict
    ids: list
    soft: dict | None = None  # what teachers said of it

    @property
    def is_instance(self):
        return self.row["label"] not in ("none", "borderline")


def read_windows(path, tokenizer, limit=None):
    """Windows of a file. Training and the product must split a text alike, so their counts are compared."""
    with open(path, encoding="utf-8") as lines:
        rows = [json.loads(line) for _, line in zip(range(limit or 10**9), lines)]
    encodings = tokenizer.encode_batch([row["text"] for row in rows], add_special_tokens=False)
    windows = [Window(row, [0, *encoding.ids, 2]) for row, encoding in zip(rows, encodings)]
    for window in windows:
        if len(window.ids) != window.row["tokens"]:
            raise SystemExit(f"{path}: {window.row['id']} has {window.row['tokens']} tokens there and {len(window.ids)} here")
    return windows


def unit_interval(text):
    """A number from 0 to 1 that is always the same for a text."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 2**32


@dataclass
class Split:
    """`train` and `dev` hold passages: lists of windows of one id."""

    train: list
    dev: list
    background: list
    dev_background: list
    hard: list = field(default_factory=list)


def split(corpus, real, background, fold, folds, dev_hands):
    """By behaviour and hand; all of a pair, and all that was written for a held-out behaviour, on one side."""
    behaviours = {}
    for window in corpus:
        if window.is_instance:
            behaviours[window.row["pair"]] = window.row["behaviour"]

    def held_out(row):
        if row["origin"] == "real":
            return row.get("part") == "B" or in_fold(row["id"].rsplit(":", 2)[0])
        return row["hand"] in dev_hands or in_fold(behaviours.get(row["pair"], row["behaviour"]))

    def in_fold(key):
        return int(unit_interval(key) * folds) == fold

    known = [window for window in [*corpus, *real] if window.row["label"] != "borderline"]
    # Other articles for measuring than for learning, not other sentences of the same.
    return Split(
        passages(window for window in known if not held_out(window.row)),
        passages(window for window in known if held_out(window.row) and window.row["form"] == "plain"),
        [window for window in background if not in_fold(article(window))],
        [window for window in background if in_fold(article(window))],
    )


def article(window):
    return ":".join(window.row["id"].split(":")[:2])


def passages(windows):
    known = {}
    for window in windows:
        known.setdefault(window.row["id"], []).append(window)
    return list(known.values())


def is_harmless_news(passage):
    return passage[0].row["origin"] == "real" and not passage[0].is_instance


def drawn(passage, form, place):
    """One window of a passage in this form, or as it is where it has none; `place` from 0 to 1 says which."""
    forms = {window.row["form"] for window in passage}
    chosen = form if form in forms else "plain" if "plain" in forms else min(forms)
    windows = [window for window in passage if window.row["form"] == chosen]
    return windows[int(place * len(windows))]


def epoch_batches(data, options, epoch):
    """Batches of an epoch: pairs stay together, lengths are alike, real news and background are drawn anew."""
    size = options.batch
    chance = random.Random(f"{options.seed} {epoch}")
    shares = [float(share) for share in options.forms.split(",")]
    harmless = [one for one in data.train if is_harmless_news(one)]
    left_out = {one[0].row["id"] for one in chance.sample(harmless, max(0, len(harmless) - options.real))}
    units = {}
    for passage in data.train:
        row = passage[0].row
        if row["id"] in left_out:
            continue
        copies = options.real_positives if row["origin"] == "real" and passage[0].is_instance else 1
        for copy in range(copies):
            units.setdefault((row.get("pair", row["id"]), copy), []).append(passage)
    groups = []
    for members in units.values():
        # The same for all of a pair: nothing but what is marked may tell them apart.
        form, place = chance.choices(FORMS, shares)[0], chance.random()
        groups.append([drawn(passage, form, place) for passage in members])
    for windows, wanted in ((data.hard, options.hard), (data.background, max(0, options.background - options.hard))):
        groups += [[window] for window in chance.sample(windows, min(wanted, len(windows)))]
    chance.shuffle(groups)
    batches = []
    # Sorted in stretches: sorted as a whole, one length would be learnt after another.
    for start in range(0, len(groups), size * 50):
        stretch = sorted(groups[start : start + size * 50], key=lambda group: max(len(one.ids) for one in group))
        batch = []
        for group in stretch:
            batch += group
            if len(batch) >= size:
                batches.append(batch)
                batch = []
        if batch:
            batches.append(batch)
    chance.shuffle(batches)
    return batches


def padded(batch, pad=1):
    length = max(len(window.ids) for window in batch)
    return torch.tensor([window.ids + [pad] * (length - len(window.ids)) for window in batch], dtype=torch.int32)


def targets(batch, length):
    """Labels of a batch; -1 where there is none to learn."""
    inside = torch.zeros(len(batch), length)
    of = {name: torch.full((len(batch),), -1) for name in LABELS}
    for at, window in enumerate(batch):
        if not window.is_instance:
            continue
        first, end = window.row["span"]
        inside[at, first:end] = 1
        values = {
            "category": window.row["label"].split("/")[0],
            "subtype": window.row["label"],
            "voice": window.row.get("voice"),
            "stance": window.row.get("stance"),
        }
        for name, value in values.items():
            if value is not None:
                of[name][at] = LABELS[name].index(value)
    instance = torch.tensor([float(window.is_instance) for window in batch])
    return {"instance": instance, "inside": inside, **of}


def pairs_in(batch):
    """Places of an instance and of a harmless passage that differs from it only in what is marked."""
    places = {}
    for at, window in enumerate(batch):
        if window.row.get("pair"):
            places.setdefault(window.row["pair"], []).append(at)
    return [
        (one, other)
        for members in places.values()
        for one in members
        for other in members
        if batch[one].is_instance and not batch[other].is_instance
    ]


def sha256_of(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest() if os.path.exists(path) else None
