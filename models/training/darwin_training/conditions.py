"""What a property may depend on beside the composition, and how a prompt says it."""
from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Condition:
    """A number (``scale``: number = ((log10 x or x) - offset) * factor) or a category (``values``: API name -> CSV word)."""

    name: str
    column: str
    default: float | str
    unit: str | None = None
    offset: float = 0.0
    factor: float = 1.0
    log10: bool = False
    values: dict[str, str] | None = None

    @property
    def token(self) -> str:
        return f"[{self.name}]"

    def value_token(self, value: str) -> str:
        return f"[{self.name}={value}]"

    @property
    def tokens(self) -> list[str]:
        return [self.value_token(value) for value in self.values] if self.values else [self.token]

    def encode(self, text: str) -> tuple[str, float]:
        """Token and number of a CSV cell."""
        if self.values:
            for value, word in self.values.items():
                if word == text:
                    return self.value_token(value), 0.0
            raise ValueError(f"{self.column} {text!r}: expected one of {', '.join(self.values.values())}")
        return self.token, self.scaled(float(text))

    def scaled(self, value: float) -> float:
        if self.log10 and value <= 0:
            raise ValueError(f"{self.column} {value}: must be greater than zero")
        return ((math.log10(value) if self.log10 else value) - self.offset) * self.factor


CONDITIONS = {
    condition.name: condition
    for condition in (
        Condition("temperature", "temperature_K", 300.0, "K", offset=300.0, factor=1e-3),
        Condition("load", "load_N", 0.98, "N", factor=0.5, log10=True),
        Condition("wavelength", "wavelength_um", 0.5893, "µm", factor=1.0, log10=True),
        Condition("processing", "processing", "UNSPECIFIED", values={
            "CAST": "cast", "ANNEALED": "anneal", "WROUGHT": "wrought", "POWDER": "powder",
            "OTHER": "other", "UNSPECIFIED": "unspecified"}),
        Condition("testType", "test_type", "COMPRESSION", values={"COMPRESSION": "compression", "TENSION": "tension"}),
    )
}
BY_COLUMN = {condition.column: condition for condition in CONDITIONS.values()}
