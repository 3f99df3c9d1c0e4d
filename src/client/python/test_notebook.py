"""The code of the notebook runs against the server, cell after cell. Its outputs are made by
``jupyter nbconvert --to notebook --execute --inplace screening.ipynb``."""

import json
import pathlib
import unittest

try:
    import matplotlib
    import pandas  # noqa: F401
except ImportError:
    matplotlib = None


class Notebook(unittest.TestCase):
    @unittest.skipIf(matplotlib is None, "pandas and matplotlib are not installed")
    def test_every_cell_runs(self):
        matplotlib.use("agg")
        notebook = json.loads(pathlib.Path(__file__).with_name("screening.ipynb").read_text("utf-8"))
        cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
        self.assertGreater(len(cells), 5)
        names: dict = {}
        for cell in cells:
            exec(compile(cell, "screening.ipynb", "exec"), names)  # noqa: S102
        self.assertEqual(names["ended"]["status"], "COMPLETED")
        self.assertGreater(len(names["front"]), 0)
