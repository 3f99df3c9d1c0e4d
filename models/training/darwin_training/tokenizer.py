"""Word pieces with a character fallback, element tokens and condition tokens (docs/model-package.md, "Prompt")."""
from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Iterable

from .chemistry import SYMBOLS

PAD, UNK, BOS, FORMULA, CONDITIONS, ANSWER = range(6)
SPECIAL = ["[PAD]", "[UNK]", "[BOS]", "[FORMULA]", "[CONDITIONS]", "[ANSWER]"]
FIRST_ELEMENT = len(SPECIAL)
PRINTABLE = [chr(code) for code in range(33, 127) if not "A" <= chr(code) <= "Z"]
SUFFIXES = "s es ed ing er est ly al ic ity tion ness ure ive able ance ence ment ous th y e".split()
_PIECE = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_", re.UNICODE)


def split_text(text: str) -> list[str]:
    """Runs of letters, runs of digits, single other characters; lower case; white space dropped."""
    return _PIECE.findall(text.lower())


def element_token(atomic_number: int) -> int:
    return FIRST_ELEMENT + atomic_number - 1


@dataclass
class Tokenizer:
    vocabulary: list[str]
    ids: dict[str, int] = field(init=False)

    def __post_init__(self):
        self.ids = {token: index for index, token in enumerate(self.vocabulary)}

    @classmethod
    def build(cls, texts: Iterable[str], condition_tokens: Iterable[str], minimum: int = 2) -> "Tokenizer":
        """Vocabulary: special tokens, elements, conditions, characters (start and ``##`` continuation), suffixes, words."""
        words = Counter(piece for text in texts for piece in split_text(text))
        tokens = SPECIAL + [f"<{symbol}>" for symbol in SYMBOLS] + list(condition_tokens)
        tokens += PRINTABLE + [f"##{character}" for character in PRINTABLE] + [f"##{suffix}" for suffix in SUFFIXES]
        tokens += [word for word, count in sorted(words.items()) if count >= minimum]
        return cls(list(dict.fromkeys(tokens)))

    def pieces(self, word: str) -> list[int]:
        """Greedy longest match of one piece over the vocabulary."""
        result, start = [], 0
        while start < len(word):
            for end in range(len(word), start, -1):
                token = self.ids.get(("##" if start else "") + word[start:end])
                if token is not None:
                    result.append(token)
                    start = end
                    break
            else:
                result.append(UNK)
                start += 1
        return result

    def instruction(self, text: str) -> list[int]:
        """Ids of ``[BOS] words``; the ``[FORMULA]`` token that ends the instruction is part of it."""
        return [BOS, *(token for word in split_text(text) for token in self.pieces(word)), FORMULA]
