"""The tasks Darwin learns: what is asked, in which words, on which scale.

A task is one CSV of the data folder. Tasks with a ``property`` are the 47 keys of the GraphQL contract; the
others only help training. ``scale`` says how the model sees the value: ``identity``, ``log10`` (the file holds the
plain value) or ``stored_log10`` (the file holds the logarithm, the API answers the plain value).
"""
from __future__ import annotations

from dataclasses import dataclass

from .wordings import WORDINGS, Wording


@dataclass(frozen=True)
class Task:
    id: str
    property: str | None
    unit: str = ""
    scale: str = "identity"
    kind: str = "regression"
    fidelity: str = "experiment"
    per_atom: bool = False          # the file's value is per formula unit as written; learnt per atom
    related: tuple[str, ...] = ()   # further files of the same quantity: they count as training data of the property
    computed: str | None = None     # a computed set that says something about the measured quantity: see twins

    words: Wording | None = None    # for tasks that are made rather than listed

    @property
    def wording(self) -> Wording:
        return self.words or WORDINGS[self.id]


def _expt(id: str, property: str | None, unit: str, **options) -> Task:
    return Task(id, property, unit, **options)


def _class(id: str, property: str, **options) -> Task:
    return Task(id, property, "dimensionless", kind="classification", **options)


def _dft(id: str, property: str | None, unit: str, **options) -> Task:
    return Task(id, property, unit, fidelity="dft", **options)


_ALL = (
    _expt("matbench_expt_gap", "BAND_GAP", "eV", related=("band_gap_textmined",), computed="mp_band_gap"),
    _class("matbench_expt_is_metal", "IS_METAL", computed="mp_band_gap"),
    _class("matbench_glass", "GLASS_FORMING"),
    _expt("matbench_steels", "YIELD_STRENGTH_STEEL", "MPa"),
    _expt("superconductor_tc", "SUPERCONDUCTOR_TC", "K"),
    _expt("seebeck_coefficient", "SEEBECK_COEFFICIENT", "uV/K"),
    _expt("electrical_conductivity", "ELECTRICAL_CONDUCTIVITY", "S/cm", scale="log10"),
    _expt("thermal_conductivity", "THERMAL_CONDUCTIVITY", "W/(m K)", scale="log10"),
    _expt("lattice_thermal_conductivity", "LATTICE_THERMAL_CONDUCTIVITY", "W/(m K)", scale="log10"),
    _expt("power_factor", "POWER_FACTOR", "uW/(cm K^2)"),
    _expt("figure_of_merit_zt", "FIGURE_OF_MERIT_ZT", "dimensionless"),
    _expt("vickers_hardness", "VICKERS_HARDNESS", "GPa"),
    _expt("hea_hardness", "HARDNESS_ALLOY", "HV"),
    _expt("hea_yield_strength", "YIELD_STRENGTH_ALLOY", "MPa"),
    _expt("hea_tensile_strength", "TENSILE_STRENGTH_ALLOY", "MPa"),
    _expt("hea_elongation", "ELONGATION_ALLOY", "%"),
    _expt("hea_density", "DENSITY_ALLOY", "g/cm^3"),
    _expt("hea_youngs_modulus", "YOUNGS_MODULUS_ALLOY", "GPa"),
    _class("hea_single_phase", "SINGLE_PHASE_ALLOY"),
    _class("hea_bcc_vs_fcc", "BCC_ALLOY"),
    _expt("metallic_glass_dmax", "GLASS_CRITICAL_DIAMETER", "mm", scale="log10"),
    _expt("metallic_glass_dtx", "GLASS_SUPERCOOLED_RANGE", "K"),
    _class("bulk_metallic_glass", "BULK_METALLIC_GLASS"),
    _expt("li_ionic_conductivity", "LI_ION_CONDUCTIVITY", "S/cm", scale="stored_log10", related=("li_ionic_conductivity_T",)),
    _expt("li_ionic_conductivity_T", None, "S/cm", scale="stored_log10"),
    _expt("heat_capacity", "HEAT_CAPACITY", "J/(mol K)", per_atom=True),
    _expt("melting_temperature", "MELTING_TEMPERATURE", "K"),
    _expt("boiling_temperature", "BOILING_TEMPERATURE", "K"),
    _expt("mass_density", "DENSITY", "g/cm^3"),
    _expt("formation_enthalpy_expt", "FORMATION_ENTHALPY", "eV/atom"),
    _expt("standard_entropy", "STANDARD_ENTROPY", "J/(mol-atom K)"),
    _expt("gibbs_formation_energy_expt", "GIBBS_FORMATION_ENERGY", "eV/atom"),
    _expt("refractive_index", "REFRACTIVE_INDEX", "dimensionless"),
    _class("perovskite_stability", "PEROVSKITE"),
    _expt("curie_temperature", "CURIE_TEMPERATURE", "K"),
    _expt("band_gap_textmined", None, "eV"),
    _dft("mp_band_gap", "BAND_GAP_PBE", "eV"),
    _dft("mp_formation_energy", "FORMATION_ENERGY", "eV/atom"),
    _dft("dielectric_refractive_index", "REFRACTIVE_INDEX_PBE", "dimensionless"),
    _dft("log10_bulk_modulus", "BULK_MODULUS", "GPa", scale="stored_log10", related=("aflow_bulk_modulus",)),
    _dft("log10_shear_modulus", "SHEAR_MODULUS", "GPa", scale="stored_log10", related=("aflow_shear_modulus",)),
    _dft("jdft2d_exfoliation_energy", "EXFOLIATION_ENERGY", "meV/atom"),
    _dft("phonon_last_peak", "PHONON_PEAK", "1/cm"),
    _dft("mp_energy_above_hull", "ENERGY_ABOVE_HULL", "eV/atom"),
    _dft("mp_elastic_anisotropy", "ELASTIC_ANISOTROPY", "dimensionless"),
    _dft("critexam_decomposition_energy", "DECOMPOSITION_ENERGY", "eV/atom"),
    _dft("aflow_debye_temperature", "DEBYE_TEMPERATURE", "K"),
    _dft("aflow_thermal_expansion_300K", "THERMAL_EXPANSION", "1/K", scale="log10"),
    _dft("oqmd_volume_per_atom", "VOLUME_PER_ATOM", "angstrom^3/atom"),
    _dft("castelli_perovskite_formation_energy", None, "eV"),
    _dft("mp_magnetization", None, "Bohr magneton"),
    _dft("aflow_band_gap", None, "eV"),
    _dft("aflow_bulk_modulus", None, "GPa", scale="log10"),
    _dft("aflow_shear_modulus", None, "GPa", scale="log10"),
    _dft("aflow_thermal_conductivity_300K", None, "W/(m K)", scale="log10"),
    _dft("aflow_energy_per_atom", None, "eV/atom"),
    _dft("oqmd_band_gap", None, "eV"),
    _dft("oqmd_formation_enthalpy", None, "eV/atom"),
)
TASKS: dict[str, Task] = {task.id: task for task in _ALL}
PROPERTY_TASKS = [task for task in _ALL if task.property]
assert len(PROPERTY_TASKS) == 47
