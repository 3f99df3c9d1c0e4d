"""Flat formulas, canonical composition keys and hash folds.

The key is defined in docs/model-package.md and must equal what the TypeScript runtime makes.
"""
from __future__ import annotations

import hashlib
import math
import re

SYMBOLS = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr "
    "Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu "
    "Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr "
    "Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og"
).split()
ATOMIC_NUMBER = {symbol: number for number, symbol in enumerate(SYMBOLS, start=1)}
FOLDS = 10
_TERM = re.compile(r"([A-Z][a-z]?)(\d*\.?\d*(?:[eE][+-]?\d+)?)")


def parse_formula(formula: str) -> dict[str, float]:
    """Amounts of the elements of a flat formula (no brackets), e.g. ``Fe0.62C0.01``; atoms per formula unit."""
    amounts: dict[str, float] = {}
    position = 0
    for match in _TERM.finditer(formula):
        symbol, amount = match.groups()
        if match.start() != position or symbol not in ATOMIC_NUMBER:
            break
        position = match.end()
        amounts[symbol] = amounts.get(symbol, 0.0) + (float(amount) if amount else 1.0)
    if position != len(formula) or not amounts:
        raise ValueError(f"formula {formula!r}: not an element with an amount at position {position}")
    amounts = {symbol: amount for symbol, amount in amounts.items() if amount > 0}
    if not amounts:
        raise ValueError(f"formula {formula!r}: every amount is zero")
    return amounts


def fractions(amounts: dict[str, float]) -> list[tuple[int, float]]:
    """(atomic number, atomic fraction) in ascending atomic number."""
    total = math.fsum(amounts.values())
    return sorted((ATOMIC_NUMBER[symbol], amount / total) for symbol, amount in amounts.items())


def composition_key(amounts: dict[str, float]) -> str:
    """Canonical key: elements alphabetically, each with its fraction in millionths (``As500000Ga500000``)."""
    total = math.fsum(amounts.values())
    return "".join(f"{symbol}{math.floor(amounts[symbol] / total * 1e6 + 0.5001)}" for symbol in sorted(amounts))


def fold_of(key: str) -> int:
    """Fold 0..9 of a composition, the same in every task, so that no sibling task leaks an answer."""
    return int.from_bytes(hashlib.sha256(f"darwin-fold:{key}".encode()).digest()[:8], "big") % FOLDS
