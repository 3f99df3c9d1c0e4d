"""Many ways to ask for each quantity. The first question of a wording is its canonical prompt.

Names are combined with frames ("predict the ... of this compound"), so a task is asked in dozens of ways;
whole questions are used as they stand. The model so learns to read instructions rather than task numbers.
"""
from __future__ import annotations

import random
from dataclasses import dataclass

FRAMES = (
    "what is the {name} of this {thing} ?", "what is the {name} of this {thing} in {unit} ?", "predict the {name} of this {thing}",
    "give the {name} ( {unit} ) of the {thing}", "{name} in {unit} ?", "{name}", "estimate the {name} of this {thing} in {unit}",
    "tell me the {name}", "how large is the {name} of this {thing} ?", "which {name} do you expect for this {thing} ?",
    "i would like to know the {name} of a {thing}", "{name} of the {thing} , please", "find the {name} for this formula in {unit}",
    "the {thing} has a {name} of how many {unit} ?",
)
THINGS = ("compound", "material", "composition", "substance", "formula")


@dataclass(frozen=True)
class Wording:
    names: tuple[str, ...]
    unit: str
    questions: tuple[str, ...]
    things: tuple[str, ...] = THINGS

    @property
    def canonical(self) -> str:
        return self.questions[0]

    def texts(self) -> list[str]:
        """Every wording, canonical first."""
        framed = [frame.format(name=name, unit=self.unit, thing=thing)
                  for name in self.names for frame in FRAMES if self.unit or "{unit}" not in frame for thing in self.things]
        return list(dict.fromkeys([*self.questions, *framed]))

    def sample(self, rng: random.Random) -> str:
        """The canonical prompt a third of the time, another question or a framed name otherwise."""
        draw = rng.random()
        if draw < 1 / 3 or not self.names and len(self.questions) == 1:
            return self.canonical
        if draw < 1 / 2 or not self.names:
            return rng.choice(self.questions)
        frame = rng.choice([frame for frame in FRAMES if self.unit or "{unit}" not in frame])
        return frame.format(name=rng.choice(self.names), unit=self.unit, thing=rng.choice(self.things))


def _w(names: str, unit: str, *questions: str, things: tuple[str, ...] = THINGS) -> Wording:
    return Wording(tuple(name.strip() for name in names.split(";") if name.strip()), unit, questions, things)


ALLOY = ("alloy", "high entropy alloy", "multi principal element alloy", "material", "composition")
GLASS = ("metallic glass", "amorphous alloy", "glass", "alloy")

WORDINGS: dict[str, Wording] = {
    "matbench_expt_gap": _w("measured band gap; experimental band gap; band gap; bandgap; energy gap; optical gap; forbidden gap", "ev",
        "what is the measured band gap in ev ?", "how wide is the gap between valence and conduction band in experiment ?",
        "what photon energy does this semiconductor begin to absorb ?", "how large a band gap would be measured ?"),
    "matbench_expt_is_metal": _w("", "", "is this a metal ?", "is the compound metallic ?", "metal or nonmetal ?", "does it conduct electricity like a metal ?",
        "does the material have no band gap ?", "is it metallic in experiment ?", "would you call this substance a metal ?"),
    "matbench_glass": _w("", "", "does it form a metallic glass ?", "can the melt be quenched into a glass ?", "is this alloy a glass former ?",
        "will this alloy become amorphous on rapid cooling ?", "does melt spinning give an amorphous ribbon ?", "glass forming or not ?"),
    "matbench_steels": _w("yield strength; yield stress; tensile yield strength; proof stress", "mpa", "what is the yield strength of this steel in mpa ?",
        "at which stress does this steel begin to flow ?", "how strong is this maraging steel ?", things=("steel", "maraging steel", "iron alloy")),
    "superconductor_tc": _w("superconducting critical temperature; critical temperature; tc; transition temperature; superconducting transition temperature", "k",
        "what is the superconducting critical temperature in k ?", "below which temperature does the resistance vanish ?", "at what temperature does it superconduct ?",
        "is it a superconductor , and up to which temperature ?", things=(*THINGS, "superconductor")),
    "seebeck_coefficient": _w("seebeck coefficient; thermopower; thermoelectric power", "uv / k", "what is the seebeck coefficient in uv / k ?",
        "how large a thermoelectric voltage per kelvin does it give ?", "what thermopower is measured ?"),
    "electrical_conductivity": _w("electrical conductivity; electric conductivity; conductivity", "s / cm", "what is the electrical conductivity in s / cm ?",
        "how well does it carry an electric current ?", "how conductive is it ?"),
    "thermal_conductivity": _w("thermal conductivity; total thermal conductivity; heat conductivity", "w / ( m k )", "what is the thermal conductivity in w / ( m k ) ?",
        "how well does it conduct heat ?", "how much heat flows through it ?"),
    "lattice_thermal_conductivity": _w("lattice thermal conductivity; phonon thermal conductivity; lattice part of the thermal conductivity", "w / ( m k )",
        "what is the lattice thermal conductivity in w / ( m k ) ?", "how much heat do the phonons carry ?"),
    "power_factor": _w("power factor; thermoelectric power factor", "uw / ( cm k ^ 2 )", "what is the thermoelectric power factor in uw / ( cm k ^ 2 ) ?",
        "what is seebeck squared times conductivity ?"),
    "figure_of_merit_zt": _w("thermoelectric figure of merit; figure of merit zt; zt", "", "what is the thermoelectric figure of merit zt ?",
        "how good a thermoelectric is it ?", "how efficient as a thermoelectric material ?"),
    "vickers_hardness": _w("vickers hardness; indentation hardness; hardness; microhardness", "gpa", "what is the vickers hardness in gpa ?",
        "how hard is it under a vickers indenter ?", "is it superhard , and how hard in gpa ?"),
    "hea_hardness": _w("vickers hardness; hardness; alloy hardness", "hv", "what is the hardness of this alloy in hv ?", "how hard is the alloy ( hv ) ?", things=ALLOY),
    "hea_yield_strength": _w("yield strength; yield stress; flow stress", "mpa", "what is the yield strength of this alloy in mpa ?",
        "at which stress does the alloy yield ?", things=ALLOY),
    "hea_tensile_strength": _w("ultimate strength; ultimate tensile strength; fracture strength; maximum strength", "mpa",
        "what is the ultimate strength of this alloy in mpa ?", "which stress does the alloy bear before it fails ?", things=ALLOY),
    "hea_elongation": _w("elongation; elongation at fracture; ductility; plastic strain at fracture", "percent", "what is the elongation of this alloy in percent ?",
        "how ductile is the alloy ?", "how far does the alloy stretch before it breaks ?", things=ALLOY),
    "hea_density": _w("density; mass density", "g / cm ^ 3", "what is the density of this alloy in g / cm ^ 3 ?", "how heavy is the alloy ?", things=ALLOY),
    "hea_youngs_modulus": _w("young ' s modulus; elastic modulus; stiffness", "gpa", "what is the young ' s modulus of this alloy in gpa ?",
        "how stiff is the alloy ?", things=ALLOY),
    "hea_single_phase": _w("", "", "is this alloy a single phase solid solution ?", "single phase or multiphase alloy ?", "does the alloy form one solid solution ?",
        "will the high entropy alloy stay single phase ?"),
    "hea_bcc_vs_fcc": _w("", "", "is this alloy bcc rather than fcc ?", "bcc or fcc ?", "is the solid solution body centred cubic ?",
        "does the alloy crystallise body centred instead of face centred ?"),
    "metallic_glass_dmax": _w("critical casting diameter; critical diameter; maximum glassy diameter; dmax", "mm",
        "what is the critical casting diameter of this metallic glass in mm ?", "how thick a glassy rod can be cast ?", things=GLASS),
    "metallic_glass_dtx": _w("supercooled liquid range; supercooled liquid region; width of the supercooled liquid; tx minus tg", "k",
        "what is the supercooled liquid range of this metallic glass in k ?", "how far is crystallisation above the glass transition ?", things=GLASS),
    "bulk_metallic_glass": _w("", "", "does it form a bulk metallic glass ?", "bulk glass or only a ribbon ?", "can it be cast as a bulk glass ?",
        "is this alloy a bulk glass former ?"),
    "li_ionic_conductivity": _w("lithium ion conductivity; room temperature lithium conductivity; ionic conductivity; li ion conductivity", "s / cm",
        "what is the lithium ion conductivity at room temperature in s / cm ?", "how fast do lithium ions move through this electrolyte ?",
        things=(*THINGS, "solid electrolyte", "lithium conductor")),
    "li_ionic_conductivity_T": _w("ionic conductivity at this temperature; lithium ion conductivity at this temperature", "s / cm",
        "what is the ionic conductivity at this temperature in s / cm ?", "how well do ions move at the given temperature ?", things=(*THINGS, "solid electrolyte")),
    "heat_capacity": _w("heat capacity; molar heat capacity; specific heat; heat capacity at constant pressure", "j / ( mol k )", "what is the molar heat capacity in j / ( mol k ) ?",
        "how much heat warms it by one kelvin ?", "what is cp ?"),
    "melting_temperature": _w("melting point; melting temperature; temperature of fusion", "k", "what is the melting point in k ?", "at which temperature does it melt ?",
        "when does the solid become liquid ?"),
    "boiling_temperature": _w("boiling point; boiling temperature", "k", "what is the boiling point in k ?", "at which temperature does it boil ?",
        "when does the liquid become a gas ?"),
    "mass_density": _w("density; mass density; measured density", "g / cm ^ 3", "what is the density in g / cm ^ 3 ?", "how dense is it ?", "how heavy is one cubic centimetre ?"),
    "formation_enthalpy_expt": _w("standard enthalpy of formation; measured formation enthalpy; heat of formation; enthalpy of formation", "ev / atom",
        "what is the measured enthalpy of formation in ev / atom ?", "how much heat is released when it forms from its elements in experiment ?"),
    "standard_entropy": _w("standard entropy; standard molar entropy; entropy at 298 k", "j / ( mol k )", "what is the standard entropy per mole of atoms in j / ( mol k ) ?",
        "how large is its entropy at room temperature ?"),
    "gibbs_formation_energy_expt": _w("gibbs energy of formation; free energy of formation; gibbs formation energy", "ev / atom",
        "what is the gibbs energy of formation in ev / atom ?", "what is the tabulated free energy of formation at this temperature ?"),
    "refractive_index": _w("refractive index; index of refraction; optical index", "", "what is the measured refractive index ?", "how strongly does it bend light ?"),
    "perovskite_stability": _w("", "", "does it form a perovskite ?", "is the stable structure a perovskite ?", "perovskite or not ?", "is this abx3 compound a perovskite ?"),
    "curie_temperature": _w("curie temperature; curie point; magnetic ordering temperature; ferromagnetic transition temperature", "k", "what is the curie temperature in k ?",
        "above which temperature is its ferromagnetism lost ?", "up to which temperature is it a ferromagnet ?", things=(*THINGS, "magnet")),
    "band_gap_textmined": _w("band gap reported in papers; literature band gap; published band gap", "ev", "what band gap is reported in the literature in ev ?",
        "which band gap do papers give ?"),
    "mp_band_gap": _w("pbe band gap; computed band gap; dft band gap; calculated band gap; materials project band gap", "ev", "what is the pbe band gap in ev ?",
        "how wide is the band gap in density functional theory ?"),
    "mp_formation_energy": _w("formation energy; computed formation energy; dft formation energy", "ev / atom", "what is the computed formation energy in ev / atom ?",
        "how stable is it against its elements in dft ?"),
    "dielectric_refractive_index": _w("computed refractive index; dft refractive index; dfpt refractive index", "", "what is the computed refractive index ?",
        "which refractive index follows from the calculated dielectric tensor ?"),
    "log10_bulk_modulus": _w("bulk modulus; computed bulk modulus; incompressibility", "gpa", "what is the bulk modulus in gpa ?", "how hard is it to compress ?"),
    "log10_shear_modulus": _w("shear modulus; computed shear modulus; modulus of rigidity", "gpa", "what is the shear modulus in gpa ?", "how stiff is it under shear ?"),
    "jdft2d_exfoliation_energy": _w("exfoliation energy; layer peeling energy; interlayer binding energy", "mev / atom", "what is the exfoliation energy in mev / atom ?",
        "how easily does one layer peel off ?"),
    "phonon_last_peak": _w("highest phonon peak; highest phonon frequency; last phonon peak; top peak of the phonon density of states", "1 / cm",
        "what is the highest phonon peak in 1 / cm ?", "how fast is the fastest lattice vibration ?"),
    "mp_energy_above_hull": _w("energy above hull; energy above the convex hull; hull distance; instability", "ev / atom", "what is the energy above hull in ev / atom ?",
        "how far is it from being thermodynamically stable ?", "is it stable or above the convex hull ?"),
    "mp_elastic_anisotropy": _w("elastic anisotropy; universal anisotropy index", "", "what is the universal elastic anisotropy ?", "how much does stiffness depend on direction ?"),
    "critexam_decomposition_energy": _w("decomposition energy; decomposition enthalpy; energy against competing phases", "ev / atom",
        "what is the decomposition energy in ev / atom ?", "how much energy separates it from its competing phases ?"),
    "aflow_debye_temperature": _w("debye temperature; computed debye temperature", "k", "what is the debye temperature in k ?", "which temperature freezes out its lattice vibrations ?"),
    "aflow_thermal_expansion_300K": _w("thermal expansion coefficient; thermal expansion; coefficient of thermal expansion", "1 / k",
        "what is the thermal expansion coefficient in 1 / k ?", "how much does it expand on heating ?"),
    "oqmd_volume_per_atom": _w("volume per atom; atomic volume", "angstrom ^ 3", "what is the volume per atom in angstrom ^ 3 ?", "how much space does one atom take ?"),
    "castelli_perovskite_formation_energy": _w("heat of formation of the perovskite cell; perovskite formation energy", "ev",
        "what is the formation energy of the perovskite cell in ev ?", "how stable would the cubic perovskite be ?"),
    "mp_magnetization": _w("magnetization; total magnetization; magnetic moment of the cell", "bohr magnetons", "what is the total magnetization of the cell in bohr magnetons ?",
        "how magnetic is the calculated cell ?"),
    "aflow_band_gap": _w("aflow band gap; band gap in the aflow library", "ev", "what is the aflow band gap in ev ?", "which gap does aflow compute ?"),
    "aflow_bulk_modulus": _w("aflow bulk modulus; bulk modulus in the aflow library", "gpa", "what is the aflow bulk modulus in gpa ?", "which bulk modulus does aflow compute ?"),
    "aflow_shear_modulus": _w("aflow shear modulus; shear modulus in the aflow library", "gpa", "what is the aflow shear modulus in gpa ?", "which shear modulus does aflow compute ?"),
    "aflow_thermal_conductivity_300K": _w("computed lattice thermal conductivity at 300 k; aflow thermal conductivity", "w / ( m k )",
        "what is the computed thermal conductivity at 300 k in w / ( m k ) ?", "which phonon conductivity does aflow compute ?"),
    "aflow_energy_per_atom": _w("total energy per atom; dft energy per atom", "ev / atom", "what is the dft total energy per atom in ev ?", "which energy per atom does aflow list ?"),
    "oqmd_band_gap": _w("oqmd band gap; band gap in the oqmd", "ev", "what is the oqmd band gap in ev ?", "which gap does the oqmd list ?"),
    "oqmd_formation_enthalpy": _w("oqmd formation enthalpy; formation energy in the oqmd", "ev / atom", "what is the oqmd formation enthalpy in ev / atom ?",
        "which formation enthalpy does the oqmd list ?"),
}
