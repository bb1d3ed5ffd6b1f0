"""Figures on what was held out of training."""

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from data import LABELS, padded

# Shares of the background that may be above a threshold; the first decides which epoch is the best.
RATES = (0.001, 0.005, 0.01)


@torch.no_grad()
def outputs_of(detector, windows, size=32):
    """Logits of windows in their order, without the padding."""
    detector.eval()
    order = sorted(range(len(windows)), key=lambda at: len(windows[at].ids))
    found = [None] * len(windows)
    for start in range(0, len(order), size):
        places = order[start : start + size]
        outputs = detector(padded([windows[at] for at in places]))
        for row, at in enumerate(places):
            of = {name: value[row] for name, value in outputs.items()}
            found[at] = {**of, "inside": of["inside"][: len(windows[at].ids)]}
    return found


def measure(detector, data, size):
    # A passage is as suspicious as its most suspicious window.
    windows = [window for passage in data.dev for window in passage]
    outputs = iter(outputs_of(detector, windows, size))
    chosen = [max(((window, next(outputs)) for window in passage), key=suspicion) for passage in data.dev]
    rows, best = [window for window, _ in chosen], [of for _, of in chosen]
    scores = np.array([of["instance"].item() for of in best])
    truth = np.array([window.is_instance for window in rows])
    quiet = np.array([of["instance"].item() for of in outputs_of(detector, data.dev_background, size)])
    at_rates = {rate: float(np.quantile(quiet, 1 - rate)) for rate in RATES} if len(quiet) else {}
    figures = {
        "overall": figures_of(truth, scores),
        "pairs": pair_share(rows, scores),
        "languages": by(lambda window: window.row["language"], rows, truth, scores),
        "indirect": found_share([w.row.get("indirect") is True for w in rows], truth, scores),
        "direct": found_share([w.row.get("indirect") is False for w in rows], truth, scores),
        "origins": by(lambda window: window.row["origin"], rows, truth, scores),
        "labels": label_shares(rows, best),
        "span": span_overlap(rows, best),
        "background": {
            "windows": len(quiet),
            "above_0": float((quiet > 0).mean()) if len(quiet) else None,
            **{f"recall_at_{rate}": float((scores[truth] > at).mean()) for rate, at in at_rates.items()},
        },
    }
    strict = figures["background"].get(f"recall_at_{RATES[0]}", 0.0)
    figures["criterion"] = strict + (figures["overall"].get("auc") or 0.0)
    return figures


def suspicion(chosen):
    return chosen[1]["instance"].item()


def figures_of(truth, scores):
    if len(scores) == 0 or truth.all() or not truth.any():
        return {"n": len(scores)}
    said = scores > 0
    hits = int((said & truth).sum())
    precision, recall = hits / max(1, int(said.sum())), hits / int(truth.sum())
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    auc = float(roc_auc_score(truth, scores))
    return {"n": len(scores), "auc": auc, "precision": precision, "recall": recall, "f1": f1}


def by(key, rows, truth, scores):
    keys = np.array([key(window) for window in rows])
    return {str(one): figures_of(truth[keys == one], scores[keys == one]) for one in sorted(set(keys))}


def found_share(chosen, truth, scores):
    wanted = np.array(chosen, dtype=bool) & truth
    return {"n": int(wanted.sum()), "recall": float((scores[wanted] > 0).mean()) if wanted.any() else None}


def pair_share(rows, scores):
    """How often the instance of a pair is above its harmless passage."""
    places = {}
    for at, window in enumerate(rows):
        places.setdefault(window.row.get("pair"), []).append(at)
    compared = [
        scores[one] > scores[other]
        for pair, members in places.items()
        if pair
        for one in members
        for other in members
        if rows[one].is_instance and not rows[other].is_instance
    ]
    return {"n": len(compared), "right": float(np.mean(compared)) if compared else None}


def label_shares(rows, outputs):
    right = {name: [] for name in LABELS}
    for window, of in zip(rows, outputs):
        if not window.is_instance:
            continue
        category = window.row["label"].split("/")[0]
        wanted = {"category": category, "subtype": window.row["label"]}
        wanted |= {name: window.row.get(name) for name in ("voice", "stance")}
        for name, value in wanted.items():
            if value is not None:
                right[name].append(LABELS[name][int(of[name].argmax())] == value)
    return {name: float(np.mean(of)) if of else None for name, of in right.items()}


def best_stretch(inside):
    """The tokens with the highest sum, as the product finds them."""
    best, best_from, best_to, start, running = -np.inf, 1, 1, 1, 0.0
    for at in range(1, len(inside) - 1):
        if running <= 0:
            running, start = 0.0, at
        running += float(inside[at])
        if running > best:
            best, best_from, best_to = running, start, at
    return best_from, best_to + 1


def span_overlap(rows, outputs):
    """Share of tokens that the marked and the found stretch have in common, of all that either has."""
    shares = []
    for window, of in zip(rows, outputs):
        if not window.is_instance or len(of["inside"]) != len(window.ids):
            continue
        first, end = window.row["span"]
        found_first, found_end = best_stretch(of["inside"])
        common = max(0, min(end, found_end) - max(first, found_first))
        shares.append(common / (max(end, found_end) - min(first, found_first)))
    return float(np.mean(shares)) if shares else None


