"""Draws questions for the reader (reader.py) from a language's wordings: what is asked, what kind of answer is wanted, and the text."""
from __future__ import annotations

import random
import string
from types import ModuleType

KINDS = ("VALUE", "IS", "NOT", "ABOVE", "BELOW", "MORE", "LESS")
OTHER = "OTHER"
SUBJECTS = ("element", "compound", "alloy", "steel")

_SHARE_OF_OTHER = 0.3
# How often a quantity is asked of what; what it was not learnt from is asked about now and then as well.
_ASKED_OF = {
    "any": (("compound", 0.6), ("element", 0.25), ("alloy", 0.15)),
    "compound": (("compound", 0.8), ("element", 0.12), ("alloy", 0.08)),
    "lithium": (("compound", 1.0),),
    "alloy": (("alloy", 0.88), ("compound", 0.07), ("steel", 0.02), ("element", 0.03)),
    "steel": (("steel", 0.85), ("alloy", 0.15)),
    "element": (("element", 1.0),),
}
_TEMPERATURE = {"SEEBECK_COEFFICIENT", "ELECTRICAL_CONDUCTIVITY", "THERMAL_CONDUCTIVITY", "LATTICE_THERMAL_CONDUCTIVITY", "POWER_FACTOR", "FIGURE_OF_MERIT_ZT",
                "HEAT_CAPACITY", "GIBBS_FORMATION_ENERGY"}


def _held_out(text: str, part: str) -> bool:
    """One whole question, frame or name in seven is for development: by its letters, so that it does not move when others are added."""
    return (sum(map(ord, text)) % 7 == 0) == (part == "dev")


class Questions:
    """:param part: ``train`` or ``dev`` (whole questions and frames that are never drawn for ``train``), or ``all``"""

    def __init__(self, language: ModuleType, seed: int, part: str = "train"):
        self.language, self.random, self.part = language, random.Random(seed), part
        self.quantities = {**language.QUANTITIES, **language.FACTS}
        self.classes = [*self.quantities, OTHER]

    def _of(self, texts: list[str]) -> list[str]:
        kept = texts if self.part == "all" else [text for text in texts if _held_out(text, self.part)]
        return kept or texts[:1]

    def draw(self) -> tuple[str, str, str]:
        """(text, class, kind); the kind of OTHER means nothing."""
        if self.random.random() < _SHARE_OF_OTHER:
            return self._finish(self._other(), self._subject("any"), OTHER), OTHER, "VALUE"
        name = self.random.choice(self.classes[:-1])
        kind, text = self._asked(name)
        return self._finish(text, self._subject(self.quantities[name].on), name), name, kind

    def _asked(self, name: str) -> tuple[str, str]:
        quantity, draw, language = self.quantities[name], self.random.random(), self.language
        whole = {"IS": quantity.is_, "NOT": quantity.not_, "ABOVE": quantity.above, "BELOW": quantity.below, "MORE": quantity.more, "LESS": quantity.less}
        class_like = len(quantity.is_) >= len(quantity.value)
        if draw < (0.6 if class_like else 0.15):
            kind = self.random.choices(("IS", "NOT"), (0.7, 0.3))[0]
            if whole[kind]:
                return kind, self.random.choice(self._of(whole[kind]))
        elif draw < (0.6 if class_like else 0.3):
            kind = self.random.choice(("ABOVE", "BELOW"))
            if whole[kind] and self.random.random() < 0.6:
                return kind, self.random.choice(self._of(whole[kind]))
            return kind, self._framed(self._of(language.ABOVE if kind == "ABOVE" else language.BELOW), quantity)
        elif draw < (0.75 if class_like else 0.45):
            kind = self.random.choice(("MORE", "LESS"))
            if quantity.adjectives and self.random.random() < 0.5:
                pair = self.random.choice(quantity.adjectives)
                return kind, self.random.choice(self._of(language.COMPARED)).replace("{a}", pair[kind == "LESS"])
            if whole[kind] and self.random.random() < 0.5:
                return kind, self.random.choice(self._of(whole[kind]))
            return kind, self._framed(self._of(language.MORE if kind == "MORE" else language.LESS), quantity)
        if quantity.value and self.random.random() < 0.5:
            text = self.random.choice(self._of(quantity.value))
        else:
            text = self._framed(self._of(language.FRAMES), quantity)
        if quantity.units and self.random.random() < 0.25:
            text += " " + self.random.choice(language.IN_UNIT).replace("{u}", self.random.choice(quantity.units))
        return "VALUE", text

    def _framed(self, frames: list[str], quantity) -> str:
        thing = self.random.choice(self.language.ALLOY_THINGS if quantity.on == "alloy" else ["steel"] if quantity.on == "steel" else self.language.THINGS)
        unit = self.random.choice(quantity.units or [""])
        # Names are few and carry the meaning: all of them are for training, frames are held out.
        return self.random.choice(frames).replace("{q}", self.random.choice(quantity.names)).replace("{thing}", thing).replace("{u}", unit)

    def _other(self) -> str:
        draw, language = self.random.random(), self.language
        if draw < 0.35:
            return self.random.choice(self._of(language.UNRELATED))
        if draw < 0.5:
            adjective = self.random.choice(self._of(language.UNKNOWN_ADJECTIVES))
            return self.random.choice(language.ADJECTIVE_FRAMES).replace("{a}", adjective)
        name = self.random.choice(self._of(language.UNKNOWN)) if draw < 0.88 else " ".join(self._invented() for _ in range(self.random.randint(1, 2)))
        frames = self.random.choices((language.FRAMES, language.MORE, language.LESS, language.ABOVE), (0.8, 0.07, 0.05, 0.08))[0]
        return self.random.choice(frames).replace("{q}", name).replace("{thing}", self.random.choice(language.THINGS)).replace("{u}", "")

    def _invented(self) -> str:
        """A word that is none: ``drolvatic``."""
        syllables = ["".join(self.random.choice(part) for part in ("bcdfghklmnprstvwz", "aeiou", "lnrst ")).strip() for _ in range(self.random.randint(1, 3))]
        return "".join(syllables) + self.random.choice(("", "ity", "ness", "ance", "ic", "ation", "on", "ism"))

    def _subject(self, on: str) -> str:
        subjects, weights = zip(*_ASKED_OF[on])
        return "#" + self.random.choices(subjects, weights)[0]

    def _finish(self, text: str, subject: str, name: str) -> str:
        language, conditions = self.language, []
        if name in language.BY_CONDITION:
            conditions = language.BY_CONDITION[name]
        elif name in _TEMPERATURE or name == OTHER:
            conditions = language.AT_TEMPERATURE
        if self.random.random() < (0.35 if name in _TEMPERATURE else 0.15):
            condition = self.random.choice(conditions or language.AT_TEMPERATURE)
            text = f"{condition} , {text}" if self.random.random() < 0.3 else f"{text} {condition}"
        text = self.random.choice(language.PREFIXES) + text + self.random.choice(language.SUFFIXES)
        other = subject if self.random.random() < 0.7 else self._subject("any")
        return " ".join(self._distorted(word) for word in text.replace("#s", subject).replace("#t", other).split() if word.startswith("#") or self.random.random() > 0.02)

    def _distorted(self, word: str) -> str:
        """A letter lost, doubled or swapped, now and then."""
        if word.startswith("#") or len(word) < 5 or self.random.random() > 0.04:
            return word
        at = self.random.randrange(1, len(word) - 1)
        lost, doubled = word[:at] + word[at + 1:], word[:at] + word[at] + word[at:]
        return self.random.choice((lost, doubled, word[:at] + word[at + 1] + word[at] + word[at + 2:], word[:at] + self.random.choice(string.ascii_lowercase) + word[at + 1:]))
