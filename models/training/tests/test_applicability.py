import json
import re
from pathlib import Path

import numpy as np
import pytest

from darwin_training.applicability import CLASSES, POSITION, SCALE, Classified, Domain, applicability, applicability_text, fractions_of_formula, pooled, profiles, rises
from darwin_training.assess import held_rows
from darwin_training.chemistry import SYMBOLS, composition_key, parse_formula
from darwin_training.corpus import TEST_FOLD, TUNE_FOLD, build_tokenizer
from darwin_training.data import load_task
from darwin_training.tasks import TASKS

RUNTIME = Path(__file__).parents[3] / "src"
key = lambda formula: composition_key(parse_formula(formula))


def distance(one: str, other: str) -> float:
    return float(np.abs(np.subtract(*profiles([fractions_of_formula(one), fractions_of_formula(other)]))).sum())


def test_the_scale_and_the_rule_are_those_of_the_runtime():
    scale = (RUNTIME / "chemistry" / "movers-distance.ts").read_text().split("MODIFIED_PETTIFOR = (")[1].split(")")[0]
    assert "".join(re.findall("'(.*)'", scale)).split() == SCALE
    rule = (RUNTIME / "darwin" / "training-domain.ts").read_text()
    assert [re.search(rf"{name} = ([\d.]+);", rule)[1] for name in ("INSIDE_SHARE", "EDGE_SHARE", "SAMPLE")] == ["0.7", "0.95", "500"]


def test_the_distance_is_the_work_of_moving_fractions_along_the_scale():
    assert sorted(SCALE) == sorted(SYMBOLS[:103])
    assert POSITION["Rf"] == POSITION["Hf"] and POSITION["Og"] == POSITION["Rn"]
    assert distance("GaAs", "Ga2As2") == 0
    assert distance("He", "H") == pytest.approx(102)
    assert distance("GaAs", "InAs") == pytest.approx(0.5 * abs(POSITION["Ga"] - POSITION["In"]))
    assert distance("NaCl", "KBr") == pytest.approx(0.5 * abs(POSITION["Na"] - POSITION["K"]) + 0.5 * abs(POSITION["Cl"] - POSITION["Br"]))


def test_the_limits_are_quantiles_of_the_distances_to_the_nearest_other():
    formulas = [f"Ga{x}In{100 - x}" for x in range(1, 20)] + ["Ga60In40"]
    apart = 0.01 * abs(POSITION["Ga"] - POSITION["In"])
    domain = Domain({key(formula) for formula in formulas})
    # Nineteen lie a hundredth apart, the twentieth is 41 away from the nearest: the 95 % quantile is the nineteenth.
    assert (domain.inside, domain.edge) == (pytest.approx(apart), pytest.approx(apart))
    domain.inside, domain.edge = 1.5 * apart, 2.5 * apart
    asked = ["Ga1In99", "Ga20In80", "Ga21In79", "Ga30In70", "Ga20In79Al1"]
    assert [CLASSES[index] for index in domain.classify([fractions_of_formula(formula) for formula in asked])] == \
        ["INTERPOLATION", "INTERPOLATION", "NEAR_EDGE", "EXTRAPOLATION", "EXTRAPOLATION"]


def test_an_element_never_seen_is_outside_however_near():
    domain = Domain({key(formula) for formula in ("Ga1In1", "Ga1In2", "Ga9In1")})
    assert domain.classify([fractions_of_formula("Ga1000In1000Tl1")]) == [2]


def example(classes, errors) -> Classified:
    return Classified(TASKS["melting_temperature"], None, np.array(classes), np.array(errors, float), np.array([f"k{i}" for i in range(len(classes))]))


def test_errors_are_pooled_relative_to_the_mean_error_of_each_property():
    items = [example([0, 0, 1, 2], [1, 1, 2, 4]), example([0, 2], [100, 300])]
    found = pooled(items, relative=True)
    assert [found[name]["rows"] for name in CLASSES] == [3, 1, 2]
    assert found["INTERPOLATION"]["error"] == pytest.approx((0.5 + 0.5 + 0.5) / 3)
    assert found["EXTRAPOLATION"]["error"] == pytest.approx((2 + 1.5) / 2)
    low, high = found["EXTRAPOLATION"]["interval"]
    assert 1.5 <= low <= 1.75 <= high <= 2
    assert pooled([example([0], [1])], relative=False)["NEAR_EDGE"] == {"rows": 0, "error": None, "interval": None}


def test_a_property_rises_only_if_every_class_has_enough_rows():
    entry = lambda errors, rows: {"classes": {name: {"rows": count, "error": error} for name, error, count in zip(CLASSES, errors, rows)}}
    properties = {"rising": entry((1, 2, 3), (90, 20, 15)), "dip": entry((2, 1, 3), (90, 20, 15)), "few": entry((1, 2, 3), (90, 20, 14))}
    assert rises(properties) == {"properties": 2, "each_step": 1, "first_to_last": 2, "first_to_second": 1}


@pytest.fixture
def measured(tmp_path):
    """Melting temperatures of AlxMg; answers are wrong by one kelvin. A formula of an element that no training row has is put in a held-out fold."""
    tasks = tmp_path / "tasks"
    tasks.mkdir()
    rows = [f"Al{x}Mg{200 - x}" for x in range(1, 200)] + [f"Mg{x}Xe1" for x in range(1, 40)]
    data_of = lambda formulas: (tasks / "melting_temperature.csv").write_text("formula,value\n" + "".join(f"{formula},{900 + i}\n" for i, formula in enumerate(formulas)))
    data_of(rows)
    load = lambda: load_task(tasks / "melting_temperature.csv", TASKS["melting_temperature"], build_tokenizer(None))
    data = load()
    data_of([formula for formula, fold in zip(rows, data.folds) if "Xe" not in formula or fold in (TUNE_FOLD, TEST_FOLD)])
    data = load()
    held = np.concatenate([held_rows(data)[fold] for fold in (TUNE_FOLD, TEST_FOLD)])
    predictions = {"values": data.values[held].tolist(), "predicted": (data.values[held] + 1).tolist()}
    fit = tmp_path / "fit.json"
    fit.write_text(json.dumps({"properties": {"melting_temperature": {"predictions": predictions}}}))
    return tmp_path, fit, [data.formulas[row] for row in held]


def test_every_held_out_row_is_in_one_class(measured, tmp_path):
    folder, fit, formulas = measured
    result = applicability(folder, fit, tmp_path / "applicability.json")
    classes = result["properties"]["melting_temperature"]["classes"]
    assert classes["EXTRAPOLATION"]["rows"] >= sum("Xe" in formula for formula in formulas) > 0
    assert sum(found["rows"] for found in classes.values()) == len(formulas)
    assert classes["INTERPOLATION"]["error"] == pytest.approx(1)
    assert json.loads((tmp_path / "applicability.json").read_text()) == result
    assert "MELTING_TEMPERATURE (K)" in applicability_text(result, everything=True)
    assert "MELTING_TEMPERATURE" not in applicability_text(result)      # fewer than 80 rows


def test_answers_of_another_data_folder_are_refused(measured, tmp_path):
    folder, fit, _ = measured
    found = json.loads(fit.read_text())
    found["properties"]["melting_temperature"]["predictions"]["values"][0] += 5
    fit.write_text(json.dumps(found))
    with pytest.raises(ValueError, match="melting_temperature: the held-out rows"):
        applicability(folder, fit, tmp_path / "applicability.json")
