from tests.doc_scripts import load


def read_by_calls():
    """How many characters each call reads that continues a text of five."""
    script, lengths = load("characters"), []
    model = script.CharacterModel("Shal")
    model.register_forward_pre_hook(lambda _, inputs: lengths.append(len(inputs[0])))
    script.write(model, "Shall", 3, 0.7)
    return lengths
