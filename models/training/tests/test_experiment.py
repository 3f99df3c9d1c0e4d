import numpy as np
from test_training import folder  # noqa: F401  (a fixture)

from darwin_training.corpus import TEST_FOLD, TUNE_FOLD, Corpus
from darwin_training.experiment import Stopping
from darwin_training.runs import SPLITS

ID = "matbench_expt_is_metal"


def test_where_an_arm_stops_for_one_fold_is_read_from_the_other(folder):  # noqa: F811
    stopping = Stopping(Corpus(folder, SPLITS["split"]), (ID,))
    held = stopping.held[ID]
    labels, right = held.values.astype(int), np.zeros((len(held.values), 128))
    right[np.arange(len(labels)), labels] = 0.9
    right[np.arange(len(labels)), 1 - labels] = 0.1
    wrong = right.copy()
    wrong[:, :2] = right[:, 1::-1]

    def right_on(*folds):
        return np.where(np.isin(held.folds, folds)[:, None], right, wrong)

    stopping.looks[ID] = [right_on(TUNE_FOLD), right_on(TEST_FOLD)]
    assert stopping.metrics(ID)["balanced_accuracy"] == 0      # each fold is answered by the look that was best on the other
    stopping.looks[ID] = [right_on(), right_on(TUNE_FOLD, TEST_FOLD), right_on()]
    assert stopping.metrics(ID)["balanced_accuracy"] == 1      # the best look of all, not the last
