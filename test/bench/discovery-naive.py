"""The work that a straightforward Python filter does per candidate: parse the formula, look up the oxidation states, try every
combination for neutrality and for the order of electronegativities, keep what fits. Stands in for SMACT (Davies et al. 2016), whose smact_validity was
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


def neutral_ratios(states, stoichiometries):
    return [ratio for ratio in itertools.product(*stoichiometries) if sum(q * n for q, n in zip(states, ratio)) == 0]


def in_order(states, chis):
    cations = [chi for chi, state in zip(chis, states) if state > 0]
    anions = [chi for chi, state in zip(chis, states) if state < 0]
    return not cations or not anions or max(cations) <= min(anions)


def verdict(formula):
    parsed = [(s, int(n or 1)) for s, n in re.findall(r"([A-Z][a-z]?)(\d*)", formula)]
    symbols = tuple(s for s, _ in parsed)
    chis = [elements[s][0] for s in symbols]
    found = []
    for states in itertools.product(*(elements[s][1] for s in symbols)):
        for ratio in neutral_ratios(states, [(n,) for _, n in parsed]):
            if in_order(states, chis):
                found.append((symbols, states, ratio))
    return len(set(found)) > 0


started = time.process_time()
formulas = formulas.split()
accepted = sum(verdict(formula) for formula in formulas)
print(len(formulas) / (time.process_time() - started), accepted)
