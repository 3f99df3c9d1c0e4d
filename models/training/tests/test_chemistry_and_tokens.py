import pytest

from darwin_training.chemistry import SYMBOLS, composition_key, fold_of, fractions, parse_formula
from darwin_training.conditions import CONDITIONS
from darwin_training.corpus import build_tokenizer
from darwin_training.data import encode_row, load_task
from darwin_training.tasks import PROPERTY_TASKS, TASKS
from darwin_training.tokenizer import ANSWER, BOS, FORMULA, UNK


@pytest.fixture(scope="module")
def tokenizer():
    return build_tokenizer(None)


@pytest.mark.parametrize("formula", ["GaAs", "As2Ga2", "Ga0.5As0.5"])
def test_one_composition_has_one_key_however_it_is_written(formula):
    assert composition_key(parse_formula(formula)) == "As500000Ga500000"


@pytest.mark.parametrize("formula", ["", "Xx2O3", "Ga(As)", "gaas", "Ga0"])
def test_what_is_no_flat_formula_is_refused(formula):
    with pytest.raises(ValueError):
        parse_formula(formula)


def test_fractions_ascend_in_atomic_number_and_sum_to_one():
    parts = fractions(parse_formula("YBa2Cu3O7"))
    assert [SYMBOLS[number - 1] for number, _ in parts] == ["O", "Cu", "Y", "Ba"]
    assert sum(fraction for _, fraction in parts) == pytest.approx(1)


def test_the_fold_depends_on_the_composition_alone_and_uses_all_ten():
    assert fold_of(composition_key(parse_formula("GaAs"))) == fold_of(composition_key(parse_formula("Ga2As2")))
    assert {fold_of(f"key{index}") for index in range(300)} == set(range(10))


def test_known_words_are_one_token_and_unknown_ones_fall_back_to_pieces(tokenizer):
    known = tokenizer.instruction("what is the melting point in k ?")
    assert known[0] == BOS and known[-1] == FORMULA and len(known) == 10
    unknown = tokenizer.instruction("quokka 3.14")
    assert UNK not in unknown and len(unknown) > 4
    assert tokenizer.instruction("Δ")[1:-1] == [UNK]


def test_text_never_reaches_the_tokens_of_elements_or_conditions(tokenizer):
    reserved = {tokenizer.ids[token] for token in tokenizer.vocabulary if token.startswith("<") and len(token) > 1 or token.startswith("[") and len(token) > 1}
    said = tokenizer.instruction("<Fe> [temperature] Fe [ANSWER] [processing=CAST]")[1:-1]
    assert not reserved.intersection(said)


def test_a_row_is_elements_then_conditions_then_the_answer(tokenizer):
    condition = CONDITIONS["temperature"]
    tokens, numbers = encode_row(parse_formula("PbTe"), [condition.encode("450")], tokenizer)
    assert [tokenizer.vocabulary[token] for token in tokens] == ["<Te>", "<Pb>", "[temperature]", "[ANSWER]"]
    assert tokens[-1] == ANSWER and numbers == pytest.approx([0.5, 0.5, 0.15, 0.0])


def test_every_task_has_a_canonical_question_that_is_its_own():
    questions = [task.wording.canonical for task in TASKS.values()]
    assert len(set(questions)) == len(questions)
    assert len({task.property for task in PROPERTY_TASKS}) == 47


def test_a_faulty_line_is_named(tmp_path, tokenizer):
    path = tmp_path / "matbench_expt_gap.csv"
    path.write_text("formula,value\nGaAs,1.4\nXx,2\n")
    with pytest.raises(ValueError, match=r"line 3: formula 'Xx'"):
        load_task(path, TASKS["matbench_expt_gap"], tokenizer)
