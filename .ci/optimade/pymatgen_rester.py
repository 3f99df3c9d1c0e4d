"""pymatgen's OptimadeRester against a server: pymatgen_rester.py URL"""

import sys

from pymatgen.ext.optimade import OptimadeRester

url = sys.argv[1]
rester = OptimadeRester(url, timeout=30)
assert url in rester.resources, "pymatgen takes it for no OPTIMADE server"
assert "Beagle" in rester.describe(), rester.describe()

found = rester.get_structures(elements=["Ga", "As"], nelements=2)[url]
assert found, "no structure of GaAs"
for structure in found.values():
    assert structure.composition.reduced_formula == "GaAs", structure.composition
    # Each atom has four neighbours of the other kind, in zinc blende and in wurtzite alike.
    neighbours = structure.get_neighbors(structure[0], 2.6)
    assert len(neighbours) == 4 and structure[0].specie not in [site.specie for site in neighbours], structure

# More than one page, by a filter of our own.
oxides = rester.get_structures_with_filter('elements HAS "O" AND nsites IS KNOWN')[url]
assert len(oxides) > 40, len(oxides)
assert all("O" in structure.symbol_set for structure in oxides.values())
print(f"pymatgen read {len(found) + len(oxides)} structures")
