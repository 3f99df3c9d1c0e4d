"""Command line: python3 -m darwin_training <command> --help"""
from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

try:
    import torch
except ModuleNotFoundError:
    sys.exit("this python3 has no torch. Debian and Ubuntu: apt-get install python3-torch python3-onnx python3-sklearn python3-pandas python3-matplotlib, "
             "then run with PYTHON=/usr/bin/python3 before npm run train; elsewhere: pip install torch onnx scikit-learn pandas matplotlib")


MODELS = Path(__file__).parents[2]


def newest_package() -> Path | None:
    """The package of the highest version beside this folder."""
    number = lambda path: [int(part) for part in re.findall(r"\d+", path.name)]
    return max(MODELS.glob("darwin-*"), key=number, default=None)


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(prog="darwin_training", description=__doc__)
    root.add_argument("--threads", type=int, default=1)
    commands = root.add_subparsers(dest="command", required=True)

    train = commands.add_parser("train", help="train one member of the ensemble through both stages")
    train.add_argument("--data", type=Path, required=True)
    train.add_argument("--out", type=Path, required=True)
    train.add_argument("--split", choices=("split", "all"), default="split")
    train.add_argument("--seed", type=int, default=0)
    train.add_argument("--width", type=int, default=192)
    train.add_argument("--layers", type=int, default=4)
    train.add_argument("--heads", type=int, default=6)
    train.add_argument("--feed-forward", type=int, default=512)
    train.add_argument("--dropout", type=float, default=0.15)
    train.add_argument("--stage1-steps", type=int, default=1500)
    train.add_argument("--stage2-steps", type=int, default=0, help="0: as the mixture's epochs ask for")
    train.add_argument("--passes", type=float, default=1.0, help="multiplies the epochs")
    train.add_argument("--start", type=Path, help="member.pt to go on from, instead of stage 1")
    train.add_argument("--bf16", action="store_true", help="matrix products in bfloat16: faster on a CPU with AMX")

    assess = commands.add_parser("assess", help="fit memory and calibration, and measure, on the held-out folds")
    assess.add_argument("--data", type=Path, required=True)
    assess.add_argument("--members", type=Path, nargs="+", required=True)
    assess.add_argument("--out", type=Path, required=True)

    inside = commands.add_parser("applicability", help="held-out errors inside, at the edge and outside of what each property was trained on")
    inside.add_argument("--data", type=Path, required=True)
    inside.add_argument("--fit", type=Path, required=True, help="what assess wrote")
    inside.add_argument("--out", type=Path, required=True)

    unseen = commands.add_parser("held-out", help="what the members say of the held-out compositions of a property, as CSV")
    unseen.add_argument("--data", type=Path, required=True)
    unseen.add_argument("--fit", type=Path, required=True, help="what assess wrote")
    unseen.add_argument("--task", default="matbench_expt_gap")
    unseen.add_argument("--out", type=Path, required=True)

    trees = commands.add_parser("baselines", help="ExtraTrees on the same split")
    trees.add_argument("--data", type=Path, required=True)
    trees.add_argument("--out", type=Path, required=True)

    package = commands.add_parser("package", help="assemble a package")
    package.add_argument("--data", type=Path, required=True)
    package.add_argument("--members", type=Path, nargs="+", required=True)
    package.add_argument("--fit", type=Path, required=True, help="what assess wrote")
    package.add_argument("--baselines", type=Path, required=True, help="what baselines wrote")
    package.add_argument("--version", required=True)
    package.add_argument("--out", type=Path, required=True, help="folder for darwin-<version>")

    trial = commands.add_parser("experiment", help="base, QA, multi-task, QA + multi-task and ExtraTrees on eight tasks")
    trial.add_argument("--data", type=Path, required=True)
    trial.add_argument("--out", type=Path, required=True)
    trial.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    trial.add_argument("--scale", type=float, default=1.0, help="multiplies the steps of every stage")

    cross = commands.add_parser("five-fold", help="cross-validate a small task: a base without it, a branch per fold")
    cross.add_argument("--data", type=Path, required=True)
    cross.add_argument("--out", type=Path, required=True)
    cross.add_argument("--task", default="matbench_steels")
    cross.add_argument("--seed", type=int, default=0)
    cross.add_argument("--steps", type=int, nargs=3, default=[1000, 1500, 200], help="of stage 1, of stage 2 without the task, of each branch")
    cross.add_argument("--stage1", type=Path, help="stage1.pt of a member, instead of training stage 1")
    cross.add_argument("--bf16", action="store_true")

    written = commands.add_parser("report", help="write REPORT.md and its figures")
    written.add_argument("--fit", type=Path, required=True)
    written.add_argument("--baselines", type=Path, required=True)
    written.add_argument("--experiment", type=Path, required=True)
    written.add_argument("--five-fold", type=Path, help="what five-fold wrote")
    written.add_argument("--applicability", type=Path, help="what applicability wrote")
    written.add_argument("--notes", type=Path, help="prose to put before the tables")
    written.add_argument("--out", type=Path, required=True)

    everything = commands.add_parser("all", help="train, measure, package and report, from nothing to a package")
    everything.add_argument("--data", type=Path, required=True)
    everything.add_argument("--out", type=Path, required=True)
    everything.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    everything.add_argument("--version", default="0.0.0")
    everything.add_argument("--passes", type=float, default=1.0)
    everything.add_argument("--bf16", action="store_true")

    own = commands.add_parser("adapt", help="a new package version that knows your own measurements of one property")
    own.add_argument("--package", type=Path, default=newest_package(), help="folder of the package to start from (%(default)s)")
    own.add_argument("--data", type=Path, required=True, help="CSV: formula,value[,temperature_K,...], values in the unit of the API")
    own.add_argument("--property", required=True)
    own.add_argument("--version", required=True)
    own.add_argument("--out", type=Path, default=MODELS, help="folder for darwin-<version> (%(default)s)")

    again = commands.add_parser("export", help="write a package anew, with the same weights and memory, as the graph is made today")
    again.add_argument("--package", type=Path, default=newest_package(), help="folder of the package (%(default)s)")
    again.add_argument("--version", required=True)
    again.add_argument("--out", type=Path, default=MODELS, help="folder for darwin-<version> (%(default)s)")

    small = commands.add_parser("int8", help="a package with int8 products (for checks/golden.mjs --bench) and, with --data and --members, their error")
    small.add_argument("--package", type=Path, default=newest_package(), help="folder of the package (%(default)s)")
    small.add_argument("--out", type=Path, required=True, help="folder for the copy")
    small.add_argument("--data", type=Path)
    small.add_argument("--members", type=Path, nargs="+", help="measured members, as for assess")

    read = commands.add_parser("reader", help="train the reader of questions and write reader-<version>")
    read.add_argument("--language", default="en", help="a module of darwin_training.questions (%(default)s)")
    read.add_argument("--version", required=True)
    read.add_argument("--steps", type=int, default=2500)
    read.add_argument("--out", type=Path, default=MODELS, help="folder for reader-<version> (%(default)s)")

    tiny = commands.add_parser("tiny", help="write a package with random weights: a fixture for the runtime's tests")
    tiny.add_argument("--out", type=Path, required=True)
    tiny.add_argument("--large", action="store_true", help="one model of 3 million parameters instead: to compare speeds with")

    causal = commands.add_parser("causal-tiny", help="write a tiny LLaMA with random weights in Optimum's layout: a fixture for causal-lm packages")
    causal.add_argument("--out", type=Path, required=True)

    described = commands.add_parser("causal-manifest", help="make a causal-lm package of a folder that Optimum exported (docs/causal-lm.md)")
    described.add_argument("--folder", type=Path, required=True)
    described.add_argument("--name", default="darwin-7b")
    described.add_argument("--version", default="1.5.0")
    described.add_argument("--properties", type=Path, required=True, help="JSON list: key, instruction, conditions, candidates")
    described.add_argument("--samples", type=int, default=8)
    described.add_argument("--batch", type=int, default=1)
    return root


def main() -> None:
    arguments = parser().parse_args()
    torch.set_num_threads(arguments.threads)
    if arguments.command == "train":
        from .runs import train_member

        shape = dict(width=arguments.width, layers=arguments.layers, heads=arguments.heads, feed_forward=arguments.feed_forward, dropout=arguments.dropout)
        train_member(arguments.data, arguments.out, arguments.split, arguments.seed, shape, arguments.stage1_steps, arguments.stage2_steps, arguments.passes,
                     torch.bfloat16 if arguments.bf16 else torch.float32, arguments.start)
    elif arguments.command == "assess":
        from .assess import assess

        assess(arguments.data, arguments.members, arguments.out)
    elif arguments.command == "applicability":
        from .applicability import applicability

        applicability(arguments.data, arguments.fit, arguments.out)
    elif arguments.command == "held-out":
        from .held_out import held_out

        print(held_out(arguments.data, arguments.fit, arguments.task, arguments.out), "compositions")
    elif arguments.command == "baselines":
        from .baselines import baselines

        baselines(arguments.data, arguments.out)
    elif arguments.command == "package":
        from .build import build

        print(build(arguments.data, arguments.members, arguments.fit, arguments.baselines, arguments.version, arguments.out))
    elif arguments.command == "experiment":
        from .experiment import Budget, experiment

        budget = Budget(*(max(1, round(steps * arguments.scale)) for steps in vars(Budget()).values()))
        experiment(arguments.data, arguments.out, arguments.seeds, budget)
    elif arguments.command == "five-fold":
        from .fivefold import five_fold
        from .pipeline import SHAPE

        print(five_fold(arguments.data, arguments.task, arguments.out, SHAPE, arguments.seed, tuple(arguments.steps),
                        torch.bfloat16 if arguments.bf16 else torch.float32, arguments.stage1))
    elif arguments.command == "report":
        from .report import report

        print(report(arguments.fit, arguments.baselines, arguments.experiment, arguments.notes, arguments.out, arguments.five_fold, arguments.applicability))
    elif arguments.command == "all":
        from .pipeline import run_all

        precision = torch.bfloat16 if arguments.bf16 else torch.float32
        print(run_all(arguments.data, arguments.out, arguments.seeds, arguments.version, arguments.passes, precision))
    elif arguments.command == "adapt":
        from .adapt import adapt

        errors = adapt(arguments.package, arguments.data, arguments.property, arguments.version, arguments.out)
        print(f"cross-validated error on your {errors['rows']:.0f} rows: {errors['before']:.4g} before, {errors['after']:.4g} after")
    elif arguments.command == "reader":
        from .reader import reader

        print(reader(arguments.language, arguments.version, arguments.out, arguments.steps))
    elif arguments.command == "tiny":
        from .tiny import SHAPE_3M, tiny_package

        print(tiny_package(arguments.out, count=1, shape=SHAPE_3M) if arguments.large else tiny_package(arguments.out))
    elif arguments.command == "export":
        from .package import write_package
        from .package_state import load_package

        package = load_package(arguments.package)
        package.card = package.card.replace(f"# Darwin {package.version}\n", f"# Darwin {arguments.version}\n", 1)
        package.version = arguments.version
        with torch.no_grad():
            print(write_package(package, arguments.out / f"darwin-{arguments.version}"))
    elif arguments.command == "int8":
        from .int8 import compare, int8_package

        print(f"{int8_package(arguments.package, arguments.out)} products in int8: {arguments.out}")
        if arguments.data and arguments.members:
            compare(arguments.data, arguments.members)
    elif arguments.command == "causal-manifest":
        import json

        from .causal import causal_manifest

        wanted = json.loads(arguments.properties.read_text())
        print(json.dumps(causal_manifest(arguments.folder, arguments.name, arguments.version, wanted, arguments.samples, arguments.batch)["graph"]))
    elif arguments.command == "causal-tiny":
        from .causal import tiny_causal

        print(tiny_causal(arguments.out))


if __name__ == "__main__":
    main()
