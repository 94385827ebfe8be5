"""The answers of the page of questions, checked with torch."""

import copy
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence
from torch.profiler import ProfilerActivity, profile

from tests.processor import has_onednn
from tests.site.facts.common import OLDER

DOCS = Path(__file__).parents[1] / "docs"
IN, H, T, N = 3, 4, 5, 2
close = torch.testing.assert_close


@pytest.fixture
def lstm():
    torch.manual_seed(0)
    return nn.LSTM(IN, H)


@pytest.fixture
def both():
    torch.manual_seed(0)
    return nn.LSTM(IN, H, num_layers=2, bidirectional=True)


@pytest.fixture
def x():
    return torch.randn(T, N, IN, generator=torch.Generator().manual_seed(1))


def count(module):
    return sum(p.numel() for p in module.parameters())


def sigmoid_step(x, h, c, w, u, b, order="ifgo"):
    """One step with the gates in some order."""
    z = dict(zip(order, (x @ w.T + h @ u.T + b).chunk(4, -1), strict=True))
    i, f, o = (z[k].sigmoid() for k in "ifo")
    c = f * c + i * z["g"].tanh()
    return o * c.tanh(), c


def test_hidden_size_is_the_length_of_h_and_no_number_of_steps(lstm):
    for steps in (1, 7, 50):
        output, (h_n, c_n) = lstm(torch.randn(steps, IN))
        assert output.shape == (steps, H)
        assert h_n.shape == c_n.shape == (1, H)
        assert count(lstm) == 144


def test_output_is_the_last_layer_and_h_n_is_the_last_step(x):
    two = nn.LSTM(IN, H, num_layers=2)
    output, (h_n, c_n) = two(x)
    assert output.shape == (T, N, H)
    assert h_n.shape == c_n.shape == (2, N, H)
    assert torch.equal(output[-1], h_n[-1])


def test_there_are_four_rows_for_each_unit_so_that_one_product_is_enough(x):
    cell = nn.LSTMCell(IN, H)
    assert cell.weight_ih.shape == (4 * H, IN)
    assert cell.weight_hh.shape == (4 * H, H)
    product = x[0] @ cell.weight_ih.T
    parts = [x[0] @ band.T for band in cell.weight_ih.chunk(4)]
    close(product, torch.cat(parts, -1))


def test_a_bias_of_ten_on_one_band_at_a_time_tells_the_order_of_the_gates():
    cell = nn.LSTMCell(1, 1)
    states = []
    for band in range(4):
        with torch.no_grad():
            for parameter in cell.parameters():
                parameter.zero_()
            cell.bias_ih[band] = 10
            h, c = cell(torch.zeros(1, 1), (torch.zeros(1, 1), torch.ones(1, 1)))
        states.append((round(c.item(), 2), round(h.item(), 3)))
    # In the order i, f, g, o, f keeps c, g adds to it, o shows it, and i lets nothing in.
    assert states == [(0.5, 0.231), (1.0, 0.381), (1.0, 0.381), (0.5, 0.462)]


def test_what_is_cut_in_four_is_a_sum_that_sees_all_of_x_and_h(x):
    cell = nn.LSTMCell(IN, H)
    h, c = torch.randn(N, H), torch.randn(N, H)
    joined = torch.cat([cell.weight_ih, cell.weight_hh], 1)
    z = torch.cat([x[0], h], 1) @ joined.T + cell.bias_ih + cell.bias_hh
    i, f, g, o = z.chunk(4, 1)
    c_1 = f.sigmoid() * c + i.sigmoid() * g.tanh()
    close(cell(x[0], (h, c))[0], o.sigmoid() * c_1.tanh())
    by_x = torch.autograd.functional.jacobian(lambda v: v @ cell.weight_ih.T, x[0, 0])
    assert by_x.shape == (4 * H, IN)
    assert by_x.count_nonzero() == by_x.numel()


def test_of_two_biases_only_the_sum_matters_and_their_gradients_are_equal(lstm, x):
    output, _ = lstm(x)
    output.sum().backward()
    close(lstm.bias_ih_l0.grad, lstm.bias_hh_l0.grad)
    with torch.no_grad():
        lstm.bias_ih_l0 += lstm.bias_hh_l0
        lstm.bias_hh_l0.zero_()
    close(lstm(x)[0], output)


def test_batch_first_leaves_the_states_as_they_are(x):
    first = nn.LSTM(IN, H, batch_first=True)
    output, (h_n, c_n) = first(x.transpose(0, 1))
    assert output.shape == (N, T, H)
    assert h_n.shape == c_n.shape == (1, N, H)
    alone, (h_alone, _) = first(x[:, 0])
    assert alone.shape == (T, H)
    assert h_alone.shape == (1, H)


def test_with_batch_and_time_swapped_a_sample_changes_those_after_it(lstm):
    batch = torch.randn(N, T, IN)
    other = batch.clone()
    other[0] += 1
    swapped = [lstm(b)[0] for b in (batch, other)]
    right = [lstm(b.transpose(0, 1))[0] for b in (batch, other)]
    assert swapped[0].shape == (N, T, H)
    assert not torch.equal(swapped[0][1], swapped[1][1])
    assert torch.equal(right[0][:, 1], right[1][:, 1])
    assert torch.randn(T, N, IN)[0].is_contiguous()


def test_two_layers_are_two_lstms_one_after_the_other(x):
    two = nn.LSTM(IN, H, num_layers=2)
    lower, upper = nn.LSTM(IN, H), nn.LSTM(H, H)
    for layer, module in enumerate((lower, upper)):
        module.load_state_dict(
            {
                name: two.state_dict()[name.replace("_l0", f"_l{layer}")]
                for name in module.state_dict()
            }
        )
    middle, (h_lower, _) = lower(x)
    output, (h_upper, _) = upper(middle)
    close(two(x)[0], output)
    close(two(x)[1][0], torch.cat([h_lower, h_upper]))


def test_h_n_is_ordered_by_layer_then_by_direction(both, x):
    output, (h_n, _) = both(x)
    assert output.shape == (T, N, 2 * H)
    by_layer = h_n.view(2, 2, N, H)
    close(output[-1, :, :H], by_layer[1, 0])
    close(output[0, :, H:], by_layer[1, 1])
    assert not torch.allclose(output[-1, :, H:], by_layer[1, 1])


def test_a_reversed_input_does_not_swap_the_directions(x):
    module = nn.LSTM(IN, H, bidirectional=True)
    output, flipped = module(x)[0], module(x.flip(0))[0]
    assert not torch.allclose(flipped[..., :H], output[..., H:].flip(0))
    own = nn.LSTM(IN, H)
    own.load_state_dict({k: module.state_dict()[f"{k}_reverse"] for k in own.state_dict()})
    close(output[..., H:], own(x.flip(0))[0].flip(0))


def test_a_classifier_of_two_directions_wants_the_last_two_of_h_n(both, x):
    _, (h_n, _) = both(x)
    chosen = torch.cat([h_n[-2], h_n[-1]], 1)
    alone = torch.cat([both(x[:, [n]])[1][0][-2:, 0].flatten()[None] for n in range(N)])
    close(chosen, alone)
    # A view mixes rows of several samples.
    other = x.clone()
    other[:, 1] += 1
    changed = both(other)[1][0].reshape(N, -1)[0]
    assert not torch.equal(h_n.reshape(N, -1)[0], changed)


def test_a_projection_shortens_h_at_every_step_and_leaves_c(x):
    module = nn.LSTM(IN, H, proj_size=2, dtype=torch.float64)
    x = x.double()
    output, (h_n, c_n) = module(x)
    assert output.shape == (T, N, 2)
    assert (h_n.shape, c_n.shape) == ((1, N, 2), (1, N, H))
    assert module.weight_hh_l0.shape == (4 * H, 2)
    bias = module.bias_ih_l0 + module.bias_hh_l0
    h, c = x.new_zeros(N, 2), x.new_zeros(N, H)
    for t in range(T):
        h, c = sigmoid_step(x[t], h, c, module.weight_ih_l0, module.weight_hh_l0, bias)
        h = h @ module.weight_hr_l0.T
        close(output[t], h)
    with pytest.raises(ValueError, match="smaller than hidden_size"):
        nn.LSTM(IN, H, proj_size=H)


@pytest.fixture
def padded():
    lengths = torch.tensor([5, 2, 3])
    batch = torch.zeros(5, 3, 1)
    for n, first in enumerate((1.0, 10.0, 100.0)):
        batch[: lengths[n], n, 0] = torch.arange(lengths[n]) + first
    batch[: lengths[1], 1, 0] = torch.tensor([10.0, 20.0])
    return batch, lengths


def test_a_packed_sequence_is_its_steps_without_the_padding(padded):
    packed = pack_padded_sequence(*padded, enforce_sorted=False)
    assert isinstance(packed, PackedSequence)
    assert packed.data.flatten().tolist() == [1, 100, 10, 2, 101, 20, 3, 102, 4, 5]
    assert packed.batch_sizes.tolist() == [3, 3, 2, 1, 1]
    assert len(packed.data) == 10
    assert padded[0].numel() == 15


def test_lengths_are_sorted_for_you_if_you_ask(padded):
    batch, lengths = padded
    with pytest.raises(RuntimeError, match="must be sorted"):
        pack_padded_sequence(batch, lengths)
    packed = pack_padded_sequence(batch, lengths, enforce_sorted=False)
    assert packed.sorted_indices.tolist() == [0, 2, 1]
    back, sizes = pad_packed_sequence(packed)
    assert torch.equal(back, batch)
    assert torch.equal(sizes, lengths)
    with pytest.raises(RuntimeError, match="1D CPU int64"):
        pack_padded_sequence(batch, lengths.to("meta"))


def test_without_packing_h_n_is_wrong_and_so_is_the_reverse_direction(padded):
    torch.manual_seed(0)
    module = nn.LSTM(1, H, bidirectional=True)
    batch, lengths = padded[0] / 50, padded[1]
    output, (h_n, _) = module(batch)
    packed, (h_right, _) = module(pack_padded_sequence(batch, lengths, enforce_sorted=False))
    right, _ = pad_packed_sequence(packed)
    assert not torch.allclose(h_n[0, 1], h_right[0, 1])
    for n, length in enumerate(lengths):
        close(output[:length, n, :H], right[:length, n, :H])
        close(output[length - 1, n, :H], h_right[0, n])
        assert not right[length:, n].any()
        if length < 5:
            wrong = (output - right)[:length, n, H:].abs().amax(-1)
            assert (wrong > 1e-6).all()
    chosen = (lengths - 1)[None, :, None].expand(1, -1, H)
    close(output[..., :H].gather(0, chosen)[0], h_right[0])


def test_an_lstm_holds_no_cell_but_gives_what_a_loop_over_one_gives(lstm, x):
    assert list(lstm.children()) == []
    cell = nn.LSTMCell(IN, H)
    cell.load_state_dict({k.removesuffix("_l0"): v for k, v in lstm.state_dict().items()})
    h = c = torch.zeros(N, H)
    for x_t, output in zip(x, lstm(x)[0], strict=True):
        h, c = cell(x_t, (h, c))
        close(h, output)


def test_keras_has_the_same_order_transposed_and_one_bias(lstm, x):
    kernel, recurrent = lstm.weight_ih_l0.T, lstm.weight_hh_l0.T
    bias = lstm.bias_ih_l0 + lstm.bias_hh_l0
    assert kernel.shape == (IN, 4 * H)
    h = c = torch.zeros(N, H)
    for x_t in x:
        # keras.layers.LSTMCell has the order i, f, c, o.
        z = x_t @ kernel + h @ recurrent + bias
        i, f, g, o = z.chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
    close(h, lstm(x)[0][-1])


def test_onnx_has_the_bands_in_another_order(lstm, x):
    def bands(tensor):
        i, f, g, o = tensor.chunk(4)
        return torch.cat([i, o, f, g])

    own = [lstm.weight_ih_l0, lstm.weight_hh_l0, lstm.bias_ih_l0 + lstm.bias_hh_l0]
    onnx = [bands(tensor) for tensor in own]
    expected = lstm(x)[0][-1]
    for weights, right in ((onnx, True), (own, False)):
        h = c = torch.zeros(N, H)
        for x_t in x:
            h, c = sigmoid_step(x_t, h, c, *weights, order="iofg")
        assert torch.allclose(h, expected, atol=1e-6) is right


def test_keras_counts_fewer_parameters_because_it_has_one_bias(lstm):
    assert count(lstm) == 4 * H * (IN + H + 2) == 144
    assert count(lstm) - lstm.bias_hh_l0.numel() == 4 * H * (IN + H + 1) == 128


def test_dropout_acts_between_layers_only(x):
    with pytest.warns(UserWarning, match="after all but last"):
        single_layer = nn.LSTM(IN, H, dropout=0.9)
    assert single_layer.training
    assert torch.equal(single_layer(x)[0], single_layer(x)[0])
    two = nn.LSTM(IN, H, num_layers=2, dropout=0.9)
    assert not torch.equal(two(x)[0], two(x)[0])
    assert torch.equal(two(x)[1][0][0], two(x)[1][0][0])
    # The output of the last layer has no dropout.
    assert two(x)[0].count_nonzero() == T * N * H


def test_no_state_is_zeros_and_a_parameter_can_be_learned(lstm, x):
    zeros = torch.zeros(1, N, H)
    assert torch.equal(lstm(x)[0], lstm(x, (zeros, zeros))[0])
    h_0, c_0 = (nn.Parameter(torch.zeros(1, 1, H)) for _ in range(2))
    state = tuple(s.expand(-1, N, -1).contiguous() for s in (h_0, c_0))
    lstm(x, state)[0].sum().backward()
    assert h_0.grad.count_nonzero() == c_0.grad.count_nonzero() == H


def test_the_axes_of_a_state_are_layers_and_directions_then_batch(both, x):
    right = torch.zeros(4, N, H)
    both(x, (right, right))
    wrong = torch.zeros(4, N + 1, H)
    with pytest.raises(
        RuntimeError,
        match=re.escape(f"Expected hidden[0] size (4, {N}, {H}), got [4, {N + 1}, {H}]"),
    ):
        both(x, (wrong, wrong))


def test_a_state_that_is_handed_on_has_to_be_detached(lstm, x):
    def second(hand_on):
        inputs = x.clone().requires_grad_()
        output, state = lstm(inputs[:2])
        output.sum().backward()
        inputs.grad = None
        lstm(inputs[2:], tuple(map(hand_on, state)))[0].sum().backward()
        return inputs.grad[:2]

    with pytest.raises(RuntimeError, match="a second time"):
        second(lambda state: state)
    assert not second(torch.detach).any()
    # With the graph kept and an optimizer step in between, it fails differently.
    output, state = lstm(x[:2])
    output.sum().backward(retain_graph=True)
    torch.optim.SGD(lstm.parameters(), lr=0.1).step()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        lstm(x[2:], state)[0].sum().backward()


def test_the_forget_gate_is_one_half_unless_its_bias_says_otherwise():
    torch.manual_seed(0)
    gates = []
    for _ in range(200):
        cell = nn.LSTMCell(8, 32)
        z = torch.randn(8, 8) @ cell.weight_ih.T + cell.bias_ih + cell.bias_hh
        gates.append(z.chunk(4, 1)[1].sigmoid().mean())
    assert torch.stack(gates).mean().item() == pytest.approx(0.5, abs=0.002)
    bias = torch.tensor([0.0, 1, 2, 5], dtype=torch.float64)
    half = np.log(0.5) / np.log(bias.sigmoid().numpy())
    assert half.round(1).tolist() == [1.0, 2.2, 5.5, 103.2]
    assert torch.tensor(2.0).sigmoid().item() == pytest.approx(0.881, abs=1e-3)


def test_the_direct_path_is_the_product_of_f_and_gradients_still_vanish():
    torch.manual_seed(0)
    module, x = nn.LSTM(3, 16).double(), torch.randn(60, 1, 3).double()

    def first_gradient(bias):
        changed = copy.deepcopy(module)
        with torch.no_grad():
            changed.bias_ih_l0[16:32] += bias
        inputs = x.clone().requires_grad_()
        changed(inputs)[1][1].sum().backward()
        return inputs.grad[0].norm().item()

    assert first_gradient(0) < 1e-9 < 1e-3 < first_gradient(2)
    cell, state = nn.LSTMCell(3, 4).double(), torch.randn(1, 4).double()
    h = torch.randn(1, 4).double()
    jacobian = torch.autograd.functional.jacobian(lambda c: cell(x[0], (h, c))[1][0], state)[:, 0]
    z = x[0] @ cell.weight_ih.T + h @ cell.weight_hh.T
    f = (z + cell.bias_ih + cell.bias_hh).chunk(4, 1)[1].sigmoid()
    close(jacobian, torch.diag(f[0]))


def test_the_gates_of_each_step_can_be_computed_from_the_weights(lstm, x):
    bias = lstm.bias_ih_l0 + lstm.bias_hh_l0
    h = c = torch.zeros(N, H)
    output, (_, c_n) = lstm(x)
    for t in range(T):
        h, c = sigmoid_step(x[t], h, c, lstm.weight_ih_l0, lstm.weight_hh_l0, bias)
        close(h, output[t])
    close(c, c_n[0])


def test_flatten_parameters_moves_nothing_on_a_cpu(lstm):
    before = [p.data_ptr() for p in lstm.parameters()]
    lstm.flatten_parameters()
    assert [p.data_ptr() for p in lstm.parameters()] == before


def operators(call):
    with profile(activities=[ProfilerActivity.CPU]) as record:
        call()
    return {event.key for event in record.key_averages()}


def test_onednn_and_the_code_of_pytorch_give_the_same_numbers(lstm, x):
    twin, y = copy.deepcopy(lstm).double(), x.double()
    with torch.no_grad():
        own = operators(lambda: lstm(x))
        assert ("aten::mkldnn_rnn_layer" in own) == has_onednn()
        called_operators = operators(lambda: twin(y))
        close(lstm(x)[0].double(), twin(y)[0], atol=1e-6, rtol=0)
    assert "aten::mkldnn_rnn_layer" not in called_operators
    assert {"aten::linear", "aten::sigmoid_", "aten::tanh_"} <= called_operators


# From 2.15 on, torch raises the warning but does not show it.
@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor")
def test_there_are_no_peepholes_and_compile_leaves_out_who_calls_an_lstm(lstm):
    class Tagger(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm, self.readout = lstm, nn.Linear(H, 2)

        def forward(self, x):
            output, _ = self.lstm(x * 2)
            return self.readout(output)

    graphs = []

    def backend(graph, example_inputs):
        graphs.append(graph)
        return graph.forward

    names = {name for name, _ in lstm.named_parameters()}
    assert names == {"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"}
    torch.compiler.reset()
    torch.compile(Tagger(), backend=backend)(torch.zeros(T, N, IN))
    assert len(graphs) == (0 if OLDER else 2)


QUESTION = re.compile(r"^### (.+?) \{ #([\w-]+) \}\n(.*?)(?=^##|\Z)", re.M | re.S)


def sections():
    page = (DOCS / "questions.md").read_text(encoding="utf-8")
    return QUESTION.findall(page)


def test_the_page_has_thirty_questions_and_each_has_a_test():
    tests = [name for name in globals() if name.startswith("test_") and "the_page" not in name]
    assert len(sections()) == len(tests) == 30


@pytest.mark.parametrize(("title", "name", "body"), sections())
def test_each_question_on_the_page_has_a_figure_and_a_chapter(title, name, body):
    assert title.endswith("?")
    assert body.count("/// lstm-picture | ") == 1
    links = re.findall(r"\]\(([\w-]+\.md)(?:#[\w-]+)?\)", body)
    assert links
    assert [link for link in links if not (DOCS / link).is_file()] == []
