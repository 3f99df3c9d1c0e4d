"""MODEL_CARD.md of a package, made from what was measured."""
from __future__ import annotations

from .model import Darwin
from .tasks import Task

TEXT = """# Darwin {version}

A language model that reads a question and a chemical formula and answers with a distribution over the value: {count} properties of
inorganic compositions, without hand-made descriptors. Apache-2.0, as the rest of Beagle.

## What it is

{members} LLaMA-type transformer{plural} (width {width}, {layers} layers, {parameters:,} parameters in all), trained from scratch in the two stages of
DARWIN 1.5 (Xie et al. 2024, arXiv 2412.11970): questions on the elements and computed data sets first, then all tasks together. The answer is one token out of
128 value bins of the property, so one forward pass gives the whole predictive distribution; the distributions of the members are averaged. Beside them answers a memory of
the training rows: kernel ridge regression of the distribution function (indicator kriging, Journel 1983) with the members' hidden states and with the composition as keys.
The memories of BAND_GAP and IS_METAL also hold computed gaps of compositions of few elements, as distributions of what is measured where that much was computed. Intervals and class
probabilities are calibrated per property on compositions that the members had not seen; class probabilities lean a little to the rarer class, so that a threshold of one half serves both.

## Intended use

Screening and ranking of compositions, with attention to the interval that comes with each value. Not for safety-relevant design. A formula
says nothing about structure: polymorphs, phases and processing beyond the stated conditions cannot be told apart.

## Data

{tasks} task files, {rows:,} rows, and element facts (mendeleev, MIT). Sources, terms and citations of the data are those of the original publications:
Matbench (Dunn et al. 2020), SuperCon as processed by Stanev et al. 2018, thermoelectrics (Na & Chang 2022), multi-principal-element alloys (Borg et al. 2020), metallic glasses,
lithium conductors, CRC Handbook, NIST-JANAF and FREED tables, refractiveindex.info; computed: Materials Project, AFLOW, OQMD, JARVIS. sha256 of the sorted task files: `{sha256}`.

## Split

Ten folds by a hash of the canonical composition, the same in every task: a held-out composition is in no task, measured or computed, that the measured
model was trained on. Members of the measured model saw folds 2-9. Shares of model and memory and calibration of fold 0 were fitted on fold 1, and those of fold 1 on fold 0; the
settings that ship were fitted on both. The computed gaps in the two memories may be of tested compositions: computed, not measured. {shipped}

## Errors on the held-out folds 0 and 1

Regression: mean absolute error of the median, in the property's unit (log10: in decades), and the share of values inside 90 % intervals. Classification: balanced accuracy,
ROC AUC and expected calibration error. ExtraTrees (150 trees on element fractions and statistics of element facts) saw folds 2-9 too{dft_note}. Large computed sets: 2,500 rows of each fold.

| property | unit | rows | error | ExtraTrees | 90 % intervals cover |
|---|---|---|---|---|---|
{regressions}

| property | rows | balanced accuracy | ExtraTrees | AUC | ExtraTrees | calibration error |
|---|---|---|---|---|---|---|
{classes}

Better than ExtraTrees on {better} of the {compared} properties with 80 or more held-out rows.

## Limits

- Compositions unlike anything in the training data get wide intervals at best; look at the evidence of a prediction.
- Sets with fewer than 80 held-out rows have noisy errors. Text-mined sets (Curie temperature) are noisy themselves.
- Computed properties (fidelity DFT) reproduce PBE-type calculations, not experiment.
- Conditions outside the trained range are answered by extrapolation.
- The measured gaps know oxides mostly as metals: 41 of the 53 rows with titanium and oxygen are zero (reduced and mixed-valence titanates), and a formula does not show an oxygen vacancy. Well-known
  insulators such as TiO2 and BaTiO3 may be answered with 0.
"""


def model_card(version: str, entries: list, fit: dict, trees: dict, members: list[Darwin], splits: list[str], training: dict) -> str:
    regressions, classes, better, compared = [], [], 0, 0
    for entry in entries:
        task: Task = entry.task
        if task.id not in fit["properties"]:
            continue
        test, tree = fit["properties"][task.id]["test"], trees.get(task.id)
        show = lambda name: f"{tree[name]:.3g}" if tree else "-"
        if task.kind == "classification":
            classes.append(f"| {task.property} | {test['rows']} | {test['balanced_accuracy']:.3f} | {show('balanced_accuracy')} | {test['auc']:.3f} | {show('auc')} | {test['ece']:.3f} |")
            won = tree and test["auc"] > tree["auc"]
        else:
            unit = task.unit if task.scale == "identity" else "log10"
            regressions.append(f"| {task.property} | {unit} | {test['rows']} | {test['mae']:.3g} | {show('mae')} | {test['coverage90']:.0%} |")
            won = tree and test["mae"] < tree["mae"]
        if tree and test["rows"] >= 80:
            compared += 1
            better += bool(won)
    config = members[0].config
    measured = len(fit["members"])
    shipped = {
        ("split",): "The shipped weights are those of the measured model; its memory holds all rows.",
        ("all",): "Each shipped member is a measured one after a further short cycle on all rows, and its memory holds all rows; the errors are those of the measured model.",
    }.get(tuple(sorted(set(splits))), f"The measured model has {measured} members; the shipped one adds {splits.count('all')} trained on all rows, and its memory holds all rows.")
    return TEXT.format(
        version=version, count=len(entries), members=len(members), plural="s" if len(members) > 1 else "", width=config.width, layers=config.layers,
        parameters=sum(member.parameter_count() for member in members), tasks=training["tasks"], rows=training["rows"], sha256=training["sha256"],
        shipped=shipped, dft_note=", at most 20,000 rows of a computed set", regressions="\n".join(regressions), classes="\n".join(classes), better=better, compared=compared)
