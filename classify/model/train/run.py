"""One command from labels to the file that is shipped. Each step is skipped where its result is there, so it can be stopped
and started again; the training itself goes on from its last checkpoint.

    python run.py --corpus classify/corpus --archives ARCHIVES --text mk=mk.txt en=en.txt --work WORK --id detector-1

Steps: texts, vocabulary, windows, teachers (one per seed), soft labels, student, export. After a change of the corpus
delete WORK/*.ndjson and the runs; after a change of model-text.ts delete WORK.
"""

import argparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
NODE = os.path.join(ROOT, "node_modules", ".bin", "node")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", default=os.path.join(ROOT, "classify", "corpus"))
    parser.add_argument("--archives", required=True, help="folder of *.jsonl.gz")
    parser.add_argument("--text", nargs="*", default=[], help="language=file, for languages without an archive")
    parser.add_argument("--count", nargs="*", default=[], help="language=file, more to count the vocabulary on: word lists")
    parser.add_argument("--work", required=True)
    parser.add_argument("--id", required=True)
    parser.add_argument("--seeds", default="1,2,3", help="one teacher each")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--student-layers", type=int, default=6, help="0: the first teacher itself is exported")
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

    teachers = [learn(f"teacher-{seed}", 12, seed, options.epochs) for seed in options.seeds.split(",")]
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
    print(f"done: {at('shipped')}; {at('teacher-*', 'report.json')} and {at('student', 'report.json')} have the figures")


if __name__ == "__main__":
    main()
