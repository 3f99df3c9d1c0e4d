"""How often each task is seen: epochs over its training rows, by size and by how fast it overfits.

Chosen on the tune fold; the shares of DFT sets and questions keep the joint knowledge alive while the small sets are learnt.
"""
from __future__ import annotations

from .corpus import Corpus

STAGE1_QUESTIONS = 0.08
STAGE2_DFT, STAGE2_QUESTIONS = 0.25, 0.03
EPOCHS = 25.0
TASK_EPOCHS = {
    "matbench_expt_gap": 14, "matbench_expt_is_metal": 14, "matbench_glass": 35, "matbench_steels": 70, "superconductor_tc": 35,
    "seebeck_coefficient": 30, "electrical_conductivity": 30, "thermal_conductivity": 30, "lattice_thermal_conductivity": 30,
    "power_factor": 30, "figure_of_merit_zt": 30, "vickers_hardness": 20, "hea_hardness": 50, "hea_yield_strength": 50,
    "hea_tensile_strength": 40, "hea_elongation": 50, "hea_density": 40, "hea_youngs_modulus": 40, "hea_single_phase": 40,
    "hea_bcc_vs_fcc": 40, "metallic_glass_dmax": 30, "metallic_glass_dtx": 30, "heat_capacity": 40, "gibbs_formation_energy_expt": 35,
    "standard_entropy": 20, "refractive_index": 20, "perovskite_stability": 20, "band_gap_textmined": 10,
}


def stage1(corpus: Corpus) -> dict[str, float]:
    """Element questions and all DFT sets, these by the square root of their size."""
    return _with_questions(corpus, {}, 1 - STAGE1_QUESTIONS, STAGE1_QUESTIONS)


def stage2(corpus: Corpus) -> dict[str, float]:
    """All tasks; the experimental ones by epochs."""
    experiment = {id: len(corpus.train[id]) * TASK_EPOCHS.get(id, EPOCHS)
                  for id, data in corpus.tasks.items() if data.task.fidelity == "experiment"}
    total = sum(experiment.values()) or 1.0
    return _with_questions(corpus, {id: (1 - STAGE2_DFT - STAGE2_QUESTIONS) * samples / total for id, samples in experiment.items()},
                           STAGE2_DFT, STAGE2_QUESTIONS)


def stage2_samples(corpus: Corpus) -> int:
    """Samples after which every experimental task has had its epochs."""
    experiment = sum(len(corpus.train[id]) * TASK_EPOCHS.get(id, EPOCHS)
                     for id, data in corpus.tasks.items() if data.task.fidelity == "experiment")
    return int(experiment / (1 - STAGE2_DFT - STAGE2_QUESTIONS))


def _with_questions(corpus: Corpus, weights: dict[str, float], dft_share: float, question_share: float) -> dict[str, float]:
    for fidelity, share in (("dft", dft_share), ("qa", question_share)):
        sizes = {id: len(corpus.train[id]) ** 0.5 for id, data in corpus.tasks.items() if data.task.fidelity == fidelity}
        total = sum(sizes.values()) or 1.0
        weights.update({id: share * size / total for id, size in sizes.items()})
    return weights
