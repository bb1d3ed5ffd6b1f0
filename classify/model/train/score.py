"""What a model says of windows: `{id, score}` a line, the score in log-odds. To find what to label next and to train the gate.

    python score.py --data WORK --model WORK/run1/model.pt --out scores.ndjson background.ndjson real.ndjson

Goes on after the last line of OUT where there is one.
"""

import argparse
import json
import os

import torch

from data import read_tokenizer, read_windows
from measure import outputs_of
from train import trained_detector

CHUNK = 2000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with tokenizer.tsv, word.npy and the files")
    parser.add_argument("--model", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--limit", type=int, help="windows of each file")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32")
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--weights")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    tokenizer = read_tokenizer(os.path.join(options.data, "tokenizer.tsv"))
    paths = [os.path.join(options.data, name) for name in options.files]
    windows = [window for path in paths for window in read_windows(path, tokenizer, options.limit)]
    detector = trained_detector(options, options.model)
    done = 0
    if os.path.exists(options.out):
        with open(options.out, encoding="utf-8") as lines:
            done = sum(1 for _ in lines)
    with open(options.out, "a", encoding="utf-8") as file:
        while done < len(windows):
            chunk = windows[done : done + CHUNK]
            for window, of in zip(chunk, outputs_of(detector, chunk)):
                file.write(json.dumps({"id": window.row["id"], "score": round(of["instance"].item(), 3)}) + "\n")
            done += len(chunk)
            file.flush()
            print(f"{done} of {len(windows)} windows", flush=True)


if __name__ == "__main__":
    main()
