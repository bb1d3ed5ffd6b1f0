"""The detector: the encoder and its heads."""

import torch
import torch.nn.functional as F
from torch import nn

from base import Encoder, mean_pool
from data import LABELS

PAD = 1
MAX_TOKENS = 96


class Detector(nn.Module):
    """Token ids to logits: one for the window (`instance`), one a token (`inside`), and of the labels of an instance."""

    def __init__(self, base, word, markers, layers, dropout=0.1):
        super().__init__()
        self.encoder = Encoder(base, word, markers, layers, dropout, MAX_TOKENS)
        hidden = base.hidden
        # bfloat16 where a processor has it. Entered anew in each pass: within one, cast weights are kept and learn nothing.
        self.bfloat16 = False
        self.weight = nn.Linear(hidden, 1)  # which tokens a judgment rests on
        self.dense = nn.Linear(2 * hidden, hidden)
        self.dropout = nn.Dropout(dropout)
        self.instance = nn.Linear(hidden, 1)
        self.inside = nn.Linear(hidden, 1)
        self.labels = nn.ModuleDict({name: nn.Linear(hidden, len(of)) for name, of in LABELS.items()})

    def forward(self, ids):
        mask = (ids != PAD).float()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bfloat16):
            x = self.encoder(ids, mask)
        # The heads in full: in bfloat16 the two of a pair would often get the same number.
        return self.judge(x.float(), mask)

    def read(self, words, mask):
        """From the vectors of the words on: the product keeps its word table in another form."""
        return self.judge(self.encoder.read(words, mask), mask)

    def judge(self, x, mask):
        weights = (self.weight(x)[:, :, 0] - (1 - mask) * 10000.0).softmax(-1)
        pooled = torch.cat([mean_pool(x, mask), (weights[:, :, None] * x).sum(1)], -1)
        vector = torch.tanh(self.dense(self.dropout(pooled)))
        read = self.dropout(vector)
        return {
            "instance": self.instance(read)[:, 0],
            "inside": self.inside(x)[:, :, 0],
            **{name: head(read) for name, head in self.labels.items()},
            "vector": F.normalize(vector, dim=-1),
        }

    def groups(self, encoder_rate, head_rate, decay):
        """Parameters for the optimiser: the encoder slowly, the heads fast, no decay of norms and biases."""
        groups = {}
        for name, value in self.named_parameters():
            if not value.requires_grad:
                continue
            rate = encoder_rate if name.startswith("encoder.") else head_rate
            key = (rate, decay if value.dim() > 1 else 0.0)
            groups.setdefault(key, []).append(value)
        return [{"params": values, "lr": rate, "weight_decay": decay} for (rate, decay), values in groups.items()]
