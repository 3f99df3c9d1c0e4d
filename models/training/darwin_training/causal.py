"""A tiny LLaMA with random weights in the layout that Hugging Face Optimum exports decoders in: the fixture of the runtime's causal-lm packages.

Inputs: input_ids [B, S], attention_mask [B, P + S], position_ids [B, S] (int64), past_key_values.N.key and .value [B, heads, P, size];
outputs: logits [B, S, V], present.N.key and .value [B, heads, P + S, size]. ``tokenizer.json`` is LLaMA's kind: "▁" for blanks, one token a character
and some of several (numbers among them), a special token before the text.
"""
from __future__ import annotations

import hashlib
import json
import string
from pathlib import Path

import torch
from torch import Tensor, nn

LAYERS, HEADS, KEY_HEADS, SIZE, FEED_FORWARD = 2, 4, 2, 8, 64
WIDTH = HEADS * SIZE
SPECIAL = ["<unk>", "<s>", "</s>"]
TEMPLATE = ("The following is an instruction that describes a task, paired with an input that provides further context. Write a response that appropriately "
            "completes the request.\n### Instruction:\n{instruction}\n### Input:\n{input}\n### Response:")


def vocabulary() -> list[str]:
    single = ["▁", "\n", *(c for c in string.printable if c.isprintable() and c != " ")]
    return [*SPECIAL, *single, "10", "25", "▁1", "▁-", "0.", "e-", "▁band", "▁gap", "1.5.2", "Yes", "No"]


def rotate(x: Tensor, positions: Tensor) -> Tensor:
    """x [B, H, S, D], positions [B, S]: rotary embedding (Su et al. 2021, arXiv 2104.09864), halves as in LLaMA."""
    half = SIZE // 2
    angle = positions[:, None, :, None].to(torch.float32) * (10000.0 ** (-torch.arange(half, dtype=torch.float32) / half))
    first, second = x[..., :half], x[..., half:]
    return torch.cat([first * angle.cos() - second * angle.sin(), second * angle.cos() + first * angle.sin()], -1)


class Norm(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(WIDTH))

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        linear = lambda i, o: nn.Linear(i, o, bias=False)
        self.query, self.key, self.value = linear(WIDTH, HEADS * SIZE), linear(WIDTH, KEY_HEADS * SIZE), linear(WIDTH, KEY_HEADS * SIZE)
        self.out, self.gate, self.up, self.down = linear(WIDTH, WIDTH), linear(WIDTH, FEED_FORWARD), linear(WIDTH, FEED_FORWARD), linear(FEED_FORWARD, WIDTH)
        self.before, self.after = Norm(), Norm()

    def forward(self, x: Tensor, mask: Tensor, positions: Tensor, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        normal = self.before(x)
        split = lambda y, heads: y.reshape(y.shape[0], y.shape[1], heads, SIZE).transpose(1, 2)
        query = rotate(split(self.query(normal), HEADS), positions)
        key = torch.cat([key, rotate(split(self.key(normal), KEY_HEADS), positions)], 2)
        value = torch.cat([value, split(self.value(normal), KEY_HEADS)], 2)
        # Each head of keys serves several of queries.
        wide = lambda y: y.unsqueeze(2).expand(-1, -1, HEADS // KEY_HEADS, -1, -1).reshape(y.shape[0], HEADS, y.shape[2], SIZE)
        weights = torch.softmax(query @ wide(key).transpose(2, 3) / SIZE ** 0.5 + mask, -1)
        x = x + self.out((weights @ wide(value)).transpose(1, 2).reshape(x.shape[0], x.shape[1], WIDTH))
        normal = self.after(x)
        return x + self.down(nn.functional.silu(self.gate(normal)) * self.up(normal)), key, value


class TinyLlama(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(size, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm, self.head = Norm(), nn.Linear(WIDTH, size, bias=False)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, position_ids: Tensor, *past: Tensor) -> tuple[Tensor, ...]:
        length, total = input_ids.shape[1], attention_mask.shape[1]
        place = torch.arange(total)
        # Row i of this call stands at total - length + i: it sees what is not after it and not padding.
        later = place[None, :] > (place[total - length:])[:, None]
        hidden = later[None, None] | (attention_mask[:, None, None, :] == 0)
        mask = torch.where(hidden, torch.tensor(-1e9), torch.tensor(0.0))
        x, present = self.embedding(input_ids), []
        for n, block in enumerate(self.blocks):
            x, key, value = block(x, mask, position_ids, past[2 * n], past[2 * n + 1])
            present += [key, value]
        return (self.head(self.norm(x)), *present)


def tokenizer(tokens: list[str]) -> dict:
    ids = {token: i for i, token in enumerate(tokens)}
    merges = ["1 0", "2 5", "▁ 1", "▁ -", "0 .", "e -"]
    special = [{"id": i, "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True} for i, token in enumerate(SPECIAL)]
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": special,
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
        "pre_tokenizer": None,
        "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                           "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                           "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
        "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
        "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None, "end_of_word_suffix": None, "fuse_unk": True, "byte_fallback": False,
                  "vocab": ids, "merges": merges},
    }


PROPERTIES = [
    {"key": "BAND_GAP", "instruction": "What is the band gap of the following composition in eV?", "transform": "identity", "conditions": []},
    {"key": "SEEBECK_COEFFICIENT", "instruction": "What is the Seebeck coefficient of the following composition in uV/K?", "transform": "identity",
     "conditions": [{"name": "temperature", "default": 300, "text": " at {value} K"}]},
    {"key": "IS_METAL", "instruction": "Is the following composition a metal?", "transform": "identity", "conditions": [], "candidates": {"true": "Yes", "false": "No"}},
]


def tiny_causal(out: Path) -> Path:
    """Write the package ``causal-tiny``."""
    torch.manual_seed(7)
    tokens = vocabulary()
    model = TinyLlama(len(tokens)).eval()
    for parameter in model.parameters():
        if parameter.dim() > 1:
            nn.init.normal_(parameter, std=0.4)
    out.mkdir(parents=True, exist_ok=True)
    names = [f"{n}.{part}" for n in range(LAYERS) for part in ("key", "value")]
    past = [torch.zeros(2, KEY_HEADS, 3, SIZE) for _ in names]
    arguments = (torch.ones(2, 4, dtype=torch.int64), torch.ones(2, 7, dtype=torch.int64), torch.arange(3, 7).repeat(2, 1), *past)
    inputs = ["input_ids", "attention_mask", "position_ids", *(f"past_key_values.{name}" for name in names)]
    outputs = ["logits", *(f"present.{name}" for name in names)]
    axes = {"input_ids": {0: "batch", 1: "sequence"}, "attention_mask": {0: "batch", 1: "total"}, "position_ids": {0: "batch", 1: "sequence"}, "logits": {0: "batch", 1: "sequence"},
            **{f"past_key_values.{name}": {0: "batch", 2: "past"} for name in names}, **{f"present.{name}": {0: "batch", 2: "total"} for name in names}}
    torch.onnx.export(model, arguments, str(out / "model.onnx"), input_names=inputs, output_names=outputs, dynamic_axes=axes, opset_version=14)
    (out / "tokenizer.json").write_text(json.dumps(tokenizer(tokens), ensure_ascii=False) + "\n")
    (out / "golden.json").write_text(json.dumps(_golden(model, len(tokens))) + "\n")
    files = {name: {"sha256": hashlib.sha256((out / name).read_bytes()).hexdigest(), "bytes": (out / name).stat().st_size} for name in ("model.onnx", "tokenizer.json", "golden.json")}
    manifest = {"format": 1, "kind": "causal-lm", "name": "causal-tiny", "version": "0.0.1", "parameters": sum(p.numel() for p in model.parameters()), "files": files,
                "graph": {"file": "model.onnx", "layers": LAYERS, "heads": KEY_HEADS, "headSize": SIZE, "type": "float32"}, "tokenizer": "tokenizer.json", "endToken": "</s>",
                "template": TEMPLATE, "samples": 16, "temperature": 1.0, "properties": PROPERTIES}
    (out / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    return out


def _golden(model: TinyLlama, size: int) -> list[dict]:
    """Prompts with the logits after their last token, computed without padding and without a cache."""
    generator = torch.Generator().manual_seed(1)
    rows = []
    for length in (1, 5, 12):
        ids = torch.randint(3, size, (1, length), generator=generator)
        none = [torch.zeros(1, KEY_HEADS, 0, SIZE) for _ in range(2 * LAYERS)]
        with torch.no_grad():
            logits = model(ids, torch.ones(1, length, dtype=torch.int64), torch.arange(length)[None], *none)[0][0, -1]
        rows.append({"ids": ids[0].tolist(), "logits": [round(float(x), 5) for x in logits]})
    return rows


def causal_manifest(folder: Path, name: str, version: str, properties: list[dict], samples: int = 8, batch: int = 1) -> dict:
    """Write manifest.json for a folder that Optimum exported (model.onnx, tokenizer.json, config.json); returns it.

    :param properties: as in ``PROPERTIES``: key, instruction as the weights were trained with it, conditions, candidates of a classification
    """
    config = json.loads((folder / "config.json").read_text())
    heads = config["num_attention_heads"]
    names = sorted(path.name for path in folder.iterdir() if path.name.startswith("model.onnx") or path.name == "tokenizer.json")
    files = {}
    for file in names:
        digest = hashlib.sha256()
        with open(folder / file, "rb") as stream:
            while block := stream.read(1 << 24):
                digest.update(block)
        files[file] = {"sha256": digest.hexdigest(), "bytes": (folder / file).stat().st_size}
    width, layers, middle = config["hidden_size"], config["num_hidden_layers"], config["intermediate_size"]
    key_heads = config.get("num_key_value_heads") or heads
    size = width // heads
    weights = 2 * config["vocab_size"] * width + layers * (2 * width * heads * size + 2 * width * key_heads * size + 3 * width * middle)
    manifest = {"format": 1, "kind": "causal-lm", "name": name, "version": version, "parameters": weights, "files": files,
                "graph": {"file": "model.onnx", "layers": layers, "heads": key_heads, "headSize": size, "type": config.get("torch_dtype", "float32")},
                "tokenizer": "tokenizer.json", "endToken": "</s>", "template": TEMPLATE, "samples": samples, "temperature": 1.0, "batch": batch, "properties": properties}
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    return manifest
