import importlib
import json

import onnx
import pytest
import torch

from darwin_training.reader import BUCKETS, Reader, bucket, features, pieces, train_reader, words, write_reader
from darwin_training.reader_questions import KINDS, OTHER, SUBJECTS, Questions
from darwin_training.tasks import PROPERTY_TASKS

ENGLISH = importlib.import_module("darwin_training.questions.en")


def test_every_property_can_be_asked_for():
    assert set(ENGLISH.QUANTITIES) == {task.property for task in PROPERTY_TASKS}


def test_whole_questions_name_their_composition():
    for name, quantity in {**ENGLISH.QUANTITIES, **ENGLISH.FACTS}.items():
        for text in [*quantity.value, *quantity.is_, *quantity.not_, *quantity.above, *quantity.below]:
            assert "#s" in text, (name, text)
        for text in [*quantity.more, *quantity.less]:
            assert "#s" in text and "#t" in text, (name, text)


def test_a_question_is_drawn_with_its_class_and_kind_and_without_places_left_open():
    questions = Questions(ENGLISH, 0)
    kinds = set()
    for _ in range(3000):
        text, name, kind = questions.draw()
        assert name in questions.classes and kind in KINDS
        assert "{" not in text and "#s" not in [word for word in text.split()] and "#t" not in text.split(), text
        if name != OTHER:
            assert any(f"#{subject}" in text for subject in SUBJECTS), (text, name)
        kinds.add(kind)
    assert kinds == set(KINDS)


def test_development_questions_are_of_wordings_that_training_never_draws():
    train, dev = Questions(ENGLISH, 0, "train"), Questions(ENGLISH, 0, "dev")
    for quantity in ENGLISH.QUANTITIES.values():
        held_out = set(dev._of(quantity.value))
        assert set(train._of(quantity.value)) & held_out <= {*quantity.value[:1]}     # where none is held out, the first has to do
    assert not set(train._of(ENGLISH.FRAMES)) & set(dev._of(ENGLISH.FRAMES))


def test_words_and_pieces():
    assert words("What's the Gap of #compound at 1,200.5 K?") == ["what", "s", "the", "gap", "of", "#compound", "at", "0", "k"]
    assert len(pieces("#compound")) == 1 and len(pieces("0")) == 1
    assert len(pieces("gap")) == 1 + 3 + 2 + 1     # itself, <ga gap ap>, <gap gap>, <gap>
    assert 0 < bucket("gap") < BUCKETS


def test_padding_of_words_and_pieces_changes_nothing():
    model = Reader(5).eval()
    short = features(["gap of #compound"])
    long = torch.zeros(1, 20, 60, dtype=torch.int64)
    long[:, :short.shape[1], :short.shape[2]] = short
    # A padded word must not win the maximum: it counts as 0, as the relu's floor does.
    for alone, padded in zip(model(short), model(long)):
        torch.testing.assert_close(alone, padded)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    model, classes = train_reader("en", steps=3)
    return write_reader(model, classes, "en", "0.0.0", tmp_path_factory.mktemp("models"), {"understood": 0.0}), model, classes


def test_the_graph_is_valid_and_golden_answers_are_of_its_weights(package):
    """That the graph answers so is tested where it runs (test/integration/darwin/reader.test.ts)."""
    folder, model, classes = package
    graph = onnx.load(str(folder / "reader.onnx"))
    onnx.checker.check_model(graph)
    assert [value.name for value in graph.graph.input] == ["features"]
    assert [value.name for value in graph.graph.output] == ["classes", "kinds"]
    for line in (folder / "golden.jsonl").read_text().splitlines():
        golden = json.loads(line)
        of_class, _ = model(features([golden["text"]]))
        assert classes[int(of_class.argmax())] == golden["class"]
        assert abs(float(torch.softmax(of_class, -1).max()) - golden["probability"]) < 1e-5


def test_the_manifest_lists_its_files(package):
    folder, _, classes = package
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["kind"] == "reader" and manifest["classes"] == classes
    for name, listed in manifest["files"].items():
        assert (folder / name).stat().st_size == listed["bytes"]
