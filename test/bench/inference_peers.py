"""Peers of `npm run bench:inference`, where Python has them: the same graph in onnxruntime and, from the package's weights, in torch; and scikit-learn's ExtraTrees
on element fractions and element statistics (Magpie style: Ward et al. 2016, doi:10.1038/npjcompumats.2016.28), one thread each.

stdin: {"graph": path, "batch": {instruction, tokens, numbers, property, memory: [{name, type, shape, path, offset}]},
        "train": [[[Z, fraction], ...]], "targets": [...], "test": [[[Z, fraction], ...]], "elements": [[mass, electronegativity], ...]}
stdout: one line of JSON per peer: {"peer", "rowsPerSecond"} or {"peer", "absent"}.
"""
import json
import sys
import time
from pathlib import Path


def report(peer, **rest):
    print(json.dumps({"peer": peer, **rest}), flush=True)


def best(run, rows, rounds=5):
    run()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return rows / sorted(times)[rounds // 2]


def onnxruntime_peer(task):
    try:
        import numpy as np
        import onnxruntime as ort
    except ImportError as error:
        return report("onnxruntime (Python)", absent=str(error))
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(task["graph"], options, providers=["CPUExecutionProvider"])
    batch = task["batch"]
    feeds = {
        "instruction": np.array(batch["instruction"], np.int64),
        "tokens": np.array(batch["tokens"], np.int64),
        "numbers": np.array(batch["numbers"], np.float32),
        "property": np.array(batch["property"], np.int64),
    }
    for memory in batch["memory"]:
        count = int(np.prod(memory["shape"]))
        data = np.fromfile(memory["path"], memory["type"], count, offset=memory["offset"])
        feeds[memory["name"]] = data.reshape(memory["shape"])
    report("onnxruntime (Python)", rowsPerSecond=best(lambda: session.run(None, feeds), len(batch["tokens"])))


def torch_peer(task):
    """The module that was exported, on the weights of training.npz."""
    sys.path.insert(0, str(Path(__file__).parents[2] / "models" / "training"))
    graph = Path(task["graph"])
    try:
        import torch
        from darwin_training.graph import TYPES
        from darwin_training.package_state import load_package

        package = load_package(graph.parent)
    except (ImportError, OSError) as error:
        return report("torch", absent=str(error))
    import numpy as np

    torch.set_num_threads(1)
    batch = task["batch"]
    given = {one["name"]: one for one in batch["memory"]}
    memory = [torch.from_numpy(np.fromfile(given[name]["path"], kind, int(np.prod(given[name]["shape"])), offset=given[name]["offset"]).reshape(given[name]["shape"]))
              for name, kind in TYPES.items()]
    rows = [torch.tensor(batch[name]) for name in ("instruction", "tokens", "numbers", "property")]
    with torch.no_grad():
        report(f"torch {torch.__version__}, the same module", rowsPerSecond=best(lambda: package.graph(*rows, *memory), len(batch["tokens"])))


def features(compositions, table):
    import numpy as np

    matrix = np.zeros((len(compositions), 118 + 4 * table.shape[1]), np.float32)
    for row, composition in enumerate(compositions):
        numbers = [number - 1 for number, _ in composition]
        fractions = np.array([fraction for _, fraction in composition])
        matrix[row, numbers] = fractions
        values = table[numbers]
        mean = fractions @ values
        matrix[row, 118:] = np.concatenate([mean, fractions @ np.abs(values - mean), values.min(0), values.max(0)])
    return matrix


def extra_trees_peer(task):
    try:
        import numpy as np
        from sklearn.ensemble import ExtraTreesRegressor
    except ImportError as error:
        return report("scikit-learn ExtraTrees", absent=str(error))
    table = np.array(task["elements"], np.float64)
    trees = ExtraTreesRegressor(100, random_state=0, n_jobs=1).fit(features(task["train"], table), task["targets"])
    rate = best(lambda: trees.predict(features(task["test"], table)), len(task["test"]))
    report("scikit-learn ExtraTrees, 100 trees", rowsPerSecond=rate)


if __name__ == "__main__":
    work = json.load(sys.stdin)
    onnxruntime_peer(work)
    torch_peer(work)
    extra_trees_peer(work)
