"""One command from labels to the file that is shipped. Each step is skipped where its result is there, so it can be stopped
and started again; the training itself goes on from its last checkpoint.

    python run.py --corpus classify/corpus --archives ARCHIVES --text mk=mk.txt en=en.txt --work WORK --id detector-1

Steps: texts, vocabulary, windows; for each seed a first run, then a second that goes on from it with the news that the
first took for instances; of several seeds soft labels and a student; export. After a change of the corpus delete
WORK/*.ndjson and the runs; after a change of model-text.ts delete WORK.
"""

import argparse
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
NODE = os.path.join(ROOT, "node_modules", ".bin", "node")

# Log-odds from which on unlabelled news is worth learning from again. Nearly all of it is harmless; read the highest first.
SUSPICIOUS = -4


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", default=os.path.join(ROOT, "classify", "corpus"))
    parser.add_argument("--archives", required=True, help="folder of *.jsonl.gz")
    parser.add_argument("--text", nargs="*", default=[], help="language=file, for languages without an archive")
    parser.add_argument("--count", nargs="*", default=[], help="language=file, more to count the vocabulary on: word lists")
    parser.add_argument("--work", required=True)
    parser.add_argument("--id", required=True)
    parser.add_argument("--seeds", default="1", help="with commas between: one teacher each")
    parser.add_argument("--first-epochs", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=9, help="after the first ones")
    parser.add_argument("--scored", type=int, default=40000, help="windows of news that the first run is asked about")
    parser.add_argument("--student-layers", type=int, default=0, help="0: the first teacher itself is exported")
    parser.add_argument("--student-epochs", type=int, default=6)
    parser.add_argument("--windows", type=int, default=100000, help="of background, to draw from and to distil on")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--precision", default="f32", choices=["f32", "bf16"])
    parser.add_argument("rest", nargs="*", help="after --: passed on to train.py")
    return parser.parse_args()


def python(name, *words):
    call([sys.executable, os.path.join(HERE, name), *map(str, words)])


def opomena(*words, to=None):
    command = [NODE, os.path.join(ROOT, "cli", "opomena.ts"), *map(str, words)]
    if to is None:
        return call(command)
    with open(to + ".part", "w", encoding="utf-8") as file:
        call(command, file)
    os.replace(to + ".part", to)


def call(command, to=None):
    print("$", " ".join(command), flush=True)
    if subprocess.run(command, stdout=to, check=False).returncode != 0:
        raise SystemExit(f"this step failed: {' '.join(command)}")


def write_suspicious(windows, scores, to):
    """Of the windows those that score above SUSPICIOUS; the scores are of the first of them, in their order."""
    with open(scores, encoding="utf-8") as said, open(windows, encoding="utf-8") as rows:
        with open(to + ".part", "w", encoding="utf-8") as file:
            for score, row in zip(said, rows):
                if json.loads(score)["score"] > SUSPICIOUS:
                    file.write(row)
    os.replace(to + ".part", to)


def main():
    options = arguments()
    work = options.work
    os.makedirs(work, exist_ok=True)

    def at(*parts):
        return os.path.join(work, *parts)

    def missing(*parts):
        return not os.path.exists(at(*parts))

    text = ["--text", *options.text] if options.text else []
    counted = options.text + options.count
    if missing("texts.ndjson"):
        more = ["--text", *counted] if counted else []
        sources = ["--corpus", options.corpus, "--archives", options.archives, *more]
        opomena("model", "texts", *sources, to=at("texts.ndjson"))
    if missing("vocabulary.json"):
        python("vocabulary.py", "--texts", at("texts.ndjson"), "--out", work)
    if missing("corpus.ndjson"):
        sources = ["--corpus", options.corpus, "--archives", options.archives, *text]
        kept = ["--background", options.windows, "--tokenizer", at("tokenizer.tsv")]
        opomena("model", "windows", *sources, *kept, "--out", work)
    common = ["--data", work, "--threads", options.threads, "--precision", options.precision]

    def learn(name, layers, seed, epochs, *more):
        if missing(name, "done"):
            shape = ["--layers", layers, "--seed", seed, "--epochs", epochs]
            python("train.py", *common, "--out", at(name), *shape, *more, *options.rest)
            open(at(name, "done"), "w", encoding="utf-8").close()
        return at(name, "model.pt")

    def taught(seed):
        first = learn(f"first-{seed}", 12, seed, options.first_epochs)
        if missing("hard.ndjson"):
            scored = ["--out", at("scores.ndjson"), "--limit", options.scored, "background.ndjson"]
            python("score.py", *common, "--model", first, *scored)
            write_suspicious(at("background.ndjson"), at("scores.ndjson"), at("hard.ndjson"))
        return learn(f"teacher-{seed}", 12, seed, options.epochs, "--init", first)

    teachers = [taught(seed) for seed in options.seeds.split(",")]
    model = teachers[0]
    if options.student_layers:
        if missing("soft.pt"):
            python("distil.py", *common, "--teachers", *teachers, "--out", at("soft.pt"))
        soft = ["--soft", at("soft.pt")]
        model = learn("student", options.student_layers, 1, options.student_epochs, *soft)
    if missing("lines.txt"):
        with open(at("lines.txt"), "w", encoding="utf-8") as file:
            call([NODE, os.path.join(ROOT, "test", "classify", "model", "write-lines.ts")], file)
    shipped = ["--out", at("shipped"), "--id", options.id, "--lines", at("lines.txt")]
    python("export.py", "--data", work, "--model", model, *shipped)
    print(f"done: {at('shipped')}; {at('*', 'report.json')} have the figures")


if __name__ == "__main__":
    main()
