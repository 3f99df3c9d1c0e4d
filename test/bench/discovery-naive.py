"""The work that a straightforward Python filter does per candidate: parse the formula, look up the oxidation states, try every
combination for neutrality, then for the order of electronegativities. Stands in for SMACT (Davies et al. 2016), whose smact_validity was
measured at 2,500 to 4,400 verdicts per second. Reads `symbol|electronegativity|states` lines, a blank line, then formulas."""
import itertools
import re
import sys
import time

text = sys.stdin.read()
table, formulas = text.split("\n\n", 1)
elements = {}
for line in table.splitlines():
    symbol, chi, states = line.split("|")
    elements[symbol] = (float(chi) if chi else None, [int(s) for s in states.split()])


def verdict(formula):
    parsed = [(s, int(n or 1)) for s, n in re.findall(r"([A-Z][a-z]?)(\d*)", formula)]
    chis = [elements[s][0] for s, _ in parsed]
    for combination in itertools.product(*(elements[s][1] for s, _ in parsed)):
        if sum(state * n for state, (_, n) in zip(combination, parsed)) != 0:
            continue
        cations = [chi for chi, state in zip(chis, combination) if state > 0 and chi is not None]
        anions = [chi for chi, state in zip(chis, combination) if state < 0 and chi is not None]
        if cations and anions and max(cations) <= min(anions):
            return True
    return False


started = time.perf_counter()
formulas = formulas.split()
accepted = sum(verdict(formula) for formula in formulas)
print(len(formulas) / (time.perf_counter() - started), accepted)
