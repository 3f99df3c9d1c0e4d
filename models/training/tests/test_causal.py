import json

import torch

from darwin_training.causal import KEY_HEADS, LAYERS, PROPERTIES, SIZE, TinyLlama, causal_manifest, vocabulary


def empty(rows: int) -> list[torch.Tensor]:
    return [torch.zeros(rows, KEY_HEADS, 0, SIZE) for _ in range(2 * LAYERS)]


@torch.no_grad()
def test_padding_on_the_left_and_the_cache_change_nothing():
    torch.manual_seed(0)
    model = TinyLlama(len(vocabulary())).eval()
    ids = torch.randint(3, 90, (1, 6))
    whole = model(ids, torch.ones(1, 6, dtype=torch.int64), torch.arange(6)[None], *empty(1))[0][0, -1]
    padded = model(torch.cat([torch.zeros(1, 3, dtype=torch.int64), ids], 1), torch.tensor([[0] * 3 + [1] * 6]), torch.tensor([[0, 0, 0, *range(6)]]), *empty(1))[0][0, -1]
    _, *present = model(ids[:, :5], torch.ones(1, 5, dtype=torch.int64), torch.arange(5)[None], *empty(1))
    step = model(ids[:, 5:], torch.ones(1, 6, dtype=torch.int64), torch.tensor([[5]]), *present)[0][0, -1]
    torch.testing.assert_close(padded, whole)
    torch.testing.assert_close(step, whole)


def test_a_manifest_is_made_of_an_exported_folder(tmp_path):
    config = {"hidden_size": 4096, "num_attention_heads": 32, "num_hidden_layers": 32, "intermediate_size": 11008, "vocab_size": 32000, "torch_dtype": "float16"}
    (tmp_path / "config.json").write_text(json.dumps(config))
    for name in ("model.onnx", "model.onnx_data", "tokenizer.json", "special_tokens_map.json"):
        (tmp_path / name).write_text(name)
    manifest = causal_manifest(tmp_path, "darwin-7b", "1.5.0", PROPERTIES)
    assert sorted(manifest["files"]) == ["model.onnx", "model.onnx_data", "tokenizer.json"]
    assert manifest["graph"] == {"file": "model.onnx", "layers": 32, "heads": 32, "headSize": 128, "type": "float16"}
    assert 6.7e9 < manifest["parameters"] < 6.8e9
    assert json.loads((tmp_path / "manifest.json").read_text()) == manifest
