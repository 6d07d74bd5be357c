# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What is concluded from records that were made by hand: spans, wakers, numbers, lints, words."""
import json
import xml.etree.ElementTree as ElementTree
from random import Random

import pytest
from synthetic import A, B, C, EXECUTOR, PLACE, TEXT, TIMER, model_of, names_of, record

from em_trace import axis, chrome, ctf, lines, model, records, stats, summary, svg


def spans(model, kind):
    return [(s.key, s.begin, s.end, s.own) for s in model.spans_of(kind)]


def test_what_lies_on_a_span_is_not_its_own():
    m = model_of((0, 'POLL_BEGIN', A), (10, 'IRQ_BEGIN', 0, 7), (12, 'SOURCE_BEGIN', 0, 3), (15, 'SOURCE_END', 0, 3),
                 (20, 'IRQ_END', 0, 7), (50, 'POLL_END', A))
    assert spans(m, 'poll') == [(A, 0, 50, 40)]
    assert spans(m, 'irq') == [(7, 10, 20, 7)] and spans(m, 'source') == [(3, 12, 15, 3)]


def test_a_poll_that_is_preempted_by_a_level():
    m = model_of((0, 'POLL_BEGIN', A), (10, 'IRQ_BEGIN', 0, 3), (11, 'IRQ_END', 0, 3), (11, 'EXECUTOR_BEGIN', EXECUTOR),
                 (12, 'POLL_BEGIN', B), (18, 'POLL_END', B), (20, 'EXECUTOR_END', EXECUTOR), (30, 'POLL_END', A, 1))
    outer, inner = m.spans_of('poll')
    assert (outer.own, outer.preempted, outer.done) == (20, [(12, 18)], 1)
    assert (inner.own, inner.executor) == (6, EXECUTOR)
    assert spans(m, 'executor') == [(EXECUTOR, 11, 20, 3)]


def test_an_interrupt_of_a_host_overlaps_what_it_interrupts():
    m = model_of((0, 'IDLE_BEGIN', EXECUTOR), (10, 'IRQ_BEGIN', 0, 7), (12, 'IDLE_END', EXECUTOR),
                 (13, 'POLL_BEGIN', A), (20, 'IRQ_END', 0, 7), (30, 'POLL_END', A))
    assert spans(m, 'idle') == [(EXECUTOR, 0, 12, 12)] and spans(m, 'poll') == [(A, 13, 30, 17)]
    assert spans(m, 'irq')[0][:3] == (7, 10, 20)


def test_what_began_before_the_recording_begins_with_it():
    m = model_of((100, 'SOURCE_END', 0, 3), (110, 'IRQ_END', 0, 7), (150, 'POLL_END', A), (160, 'POLL_BEGIN', B))
    assert spans(m, 'poll') == [(A, 100, 150, 40), (B, 160, 160, 0)]
    assert m.spans_of('poll')[1].open and spans(m, 'irq') == [(7, 100, 110, 10)]


@pytest.mark.parametrize('before, who', [
    ([(1, 'POLL_BEGIN', A)], ('task', A)), ([(1, 'IRQ_BEGIN', 0, 7)], ('irq', 7)), ([], ('nobody', 0)),
    ([(1, 'POLL_BEGIN', A), (1, 'IRQ_BEGIN', 0, 11), (1, 'SOURCE_BEGIN', 0, 10)], ('source', 10)),
    ([(1, 'TIMER_DUE', TIMER, 0)], ('timer', 0)), ([(1, 'POLL_END', A, 1), (1, 'TASK_END', A)], ('task', A)),
    ([(1, 'POLL_BEGIN', B)], ('task', B))])
def test_who_woke_it(before, who):
    m = model_of((0, 'SPAWN', B, EXECUTOR), *before, (2, 'WAKE', B, PLACE))
    assert m.wakes[-1].by == who
    assert m.wakes[-1].own == (who == ('task', B))


def test_a_wake_of_another_hart_and_the_poll_in_the_same_tick():
    m = model_of((5, 'IDLE_END', EXECUTOR, 0, 0), (5, 'POLL_BEGIN', A, 0, 0), (9, 'POLL_END', A, 0, 0),
                 (5, 'WAKE', A, 0, 1), (9, 'IDLE_BEGIN', EXECUTOR, 0, 1))
    assert m.wakes[0].poll is m.spans_of('poll')[0]


def test_marks_do_not_disturb_what_they_stand_in():
    m = model_of((0, 'POLL_BEGIN', A), (1, 'MARK_BEGIN', TEXT, 5), (2, 'POLL_END', A), (8, 'POLL_BEGIN', A),
                 (9, 'MARK_END', TEXT, 5), (10, 'POLL_END', A))
    assert spans(m, 'mark') == [(TEXT, 1, 9, 8)] and [s.own for s in m.spans_of('poll')] == [2, 2]


def test_marks_of_one_text_are_one():
    by_hart = {0: [record(1, 'MARK_BEGIN', TEXT), record(5, 'MARK_END', TEXT + 8)]}
    assert [s.open for s in model.Model(records.merge(by_hart)).spans_of('mark')] == [True]
    assert model.Model(records.merge(by_hart), text=lambda number: 'the same').spans_of('mark')[0].open is False


def test_a_gap_ends_what_was_under_way():
    m = model_of((0, 'POLL_BEGIN', A), (10, 'IRQ_BEGIN', 0, 7), (20, 'WAKE', B), (500, 'LOST', 0, 30),
                 (510, 'IDLE_END', EXECUTOR), (520, 'POLL_BEGIN', B), (530, 'POLL_END', B))
    assert spans(m, 'poll') == [(A, 0, 20, 10), (B, 520, 530, 10)] and spans(m, 'irq') == [(7, 10, 20, 10)]
    assert spans(m, 'idle') == [(EXECUTOR, 500, 510, 10)]
    assert stats.Stats(m).all_latencies() == [] and m.window(0) == 50


def test_a_log_has_its_arguments():
    m = model_of((0, 'LOG', 12, 2), (0, 'LOG_ARG', 1, 2), (0, 'LOG_ARG', 3, 0), (1, 'MARK', TEXT, 4))
    assert [e.args for e in m.events] == [[1 | 2 << 32, 3], []]
    assert list(lines.Lines(m, names_of(), False).all()) == [f'log 12: {[1 | 2 << 32, 3]}', 'mark a <"text"> 4']


BUSY = [(0, 'SPAWN', A, EXECUTOR), (0, 'POLL_BEGIN', A), (100, 'WAKE', B), (300, 'POLL_END', A), (300, 'POLL_BEGIN', B),
        (400, 'WAKE_AGAIN', B), (500, 'POLL_END', B), (500, 'IDLE_BEGIN', EXECUTOR), (900, 'IRQ_BEGIN', 0, 7),
        (950, 'IRQ_END', 0, 7), (1000, 'IDLE_END', EXECUTOR)]


def test_load_and_latency():
    found = stats.Stats(model_of(*BUSY))
    a, b = found.tasks[A], found.tasks[B]
    assert (a.polls, a.ran, a.wakes, b.ran, b.wakes, b.again) == (1, 300, 0, 200, 1, 1)
    assert b.latencies == [200] and found.all_latencies() == [200]  # a spawn is no wake
    hart = found.harts[0]
    assert (hart.window, hart.tasks, hart.irqs, hart.idle) == (1000, 500, 50, 450)
    assert found.longest('poll').key == A and found.longest('irq').ticks == 50
    text = '\n'.join(summary.lines(found, names_of(), 1000, 1000))
    assert '45.0 %' in text and 'wake to poll: median 200 µs, 99 % 200 µs, worst 200 µs' in text


def test_a_wake_is_for_one_poll():
    again = [(1000, 'POLL_BEGIN', B), (1100, 'POLL_END', B), (1100, 'WAKE', B), (1107, 'POLL_BEGIN', B)]
    assert stats.Stats(model_of(*BUSY, *again)).all_latencies() == [200, 7]


def test_percentiles_are_by_rank():
    assert [stats.percentile(list(range(1, 201)), p) for p in (50, 99, 100)] == [100, 198, 200]
    assert [stats.percentile([7], p) for p in (50, 99)] == [7, 7] and stats.percentile([], 50) is None
    assert stats.histogram([0, 1, 1, 5]) == [(1, 1), (2, 2), (4, 0), (8, 1)]


def lints(late, long, *rows):
    return list(stats.lints(stats.Stats(model_of(*rows)), names_of(), late, long))


def test_lints():
    assert lints(1000, 1000, *BUSY) == []
    assert lints(150, 1000, *BUSY) == ['b was woken at 0.000100 s and polled 200 µs later']
    assert lints(1000, 250, *BUSY) == ['a poll of a at 0.000000 s took 300 µs']
    late = [(0, 'WAKE', A), (900, 'IDLE_BEGIN', EXECUTOR)]
    assert lints(500, 1000, *late) == ['a was woken at 0.000000 s and not polled in 900 µs']
    gone = [(0, 'TASK_END', A), (1, 'POLL_BEGIN', B), (5, 'WAKE', A)]
    assert lints(500, 1000, *gone) == ['a was woken at 0.000005 s by b, but had ended']
    storm = [(n, kind, A) for n, kind in enumerate(['POLL_BEGIN', 'WAKE', 'POLL_END'] * 20)]
    assert lints(500, 1000, *storm) == ['a woke itself 20 times of 20']
    assert lints(500, 1000, *storm[:30]) == []


def test_words_of_every_kind():
    rows = [(0, 'SPAWN', A, EXECUTOR), (1, 'WAKE', A, PLACE), (2, 'POLL_BEGIN', A), (3, 'WAKE_AGAIN', A, PLACE),
            (4, 'AWAIT', TIMER, PLACE), (5, 'POLL_END', A), (6, 'TASK_END', A, 1), (7, 'EXECUTOR_BEGIN', EXECUTOR),
            (8, 'EXECUTOR_END', EXECUTOR), (9, 'IDLE_BEGIN', EXECUTOR), (10, 'IRQ_BEGIN', 0, 11),
            (11, 'SOURCE_BEGIN', 0, 10), (12, 'SOURCE_END', 0, 10), (13, 'IRQ_END', 0, 11), (14, 'IDLE_END', EXECUTOR),
            (15, 'ALARM', EXECUTOR, 2000000), (16, 'TIMER_DUE', TIMER, 3000000), (17, 'IPI', 0, 1), (18, 'LOST', 0, 3),
            (19, 'LOST', 0, 0)]
    assert list(lines.Lines(model_of(*rows), names_of(), False).all()) == [
        'spawn a on hart 0', 'wake a by outside, from 0xa00', 'poll a', '  wake a again by a, from 0xa00',
        '  at a, a.c:7', 'a waits', 'a ends, cancelled', 'executor of hart 0 begins', 'executor of hart 0 ends',
        'idle begins', '  external interrupt begins', '    source 10 begins', '    source 10 ends',
        '  external interrupt ends', 'idle ends', 'alarm of hart 0 at 2.000000 s', 'timer of a due since 3.000000 s',
        'interrupt for hart 1', 'lost 3 events', 'the recording was stopped here']


def test_deadlines_have_their_high_word_from_the_time():
    m = model_of(((1 << 32) - 10, 'ALARM', EXECUTOR, 5), ((1 << 32) + 10, 'TIMER_DUE', TIMER, (1 << 32) - 5))
    words = [line for line in lines.Lines(m, names_of(), False).all()]
    assert words == ['alarm of hart 0 at 4294.967301 s', 'timer of a due since 4294.967291 s']


def test_texts_are_escaped_where_they_must_be():
    m = model_of((0, 'MARK_BEGIN', TEXT, 1), (5, 'POLL_BEGIN', C), (9, 'MARK', TEXT, 2), (10, 'POLL_END', C))
    text = svg.text(m, names_of(), 'a & b', lines.words)
    assert 'a &lt;&quot;text&quot;&gt; 1' in text and '>a &amp; b<' in text
    assert '"mark a <\\"text\\"> 2"' in chrome.text(m, names_of(), lines.words)


@pytest.mark.parametrize('seed', range(40))
def test_whatever_is_recorded_all_outputs_can_be_made(seed, tmp_path):
    """Of a host's threads, or behind a loss, events come in any order."""
    random = Random(seed)
    rows, tick = [], 0
    for _ in range(120):
        tick += random.choice([0, 0, 1, 7, 900])
        kind = random.choice(records.EVENTS)
        object_, arg = random.choice([0, A, B, C, EXECUTOR, TEXT, TIMER]), random.choice([0, 1, 7, PLACE, EXECUTOR])
        rows.append((tick, kind, object_, arg, random.randrange(3)))
    m = model_of(*rows)
    assert all(s.begin <= s.end and s.own <= s.ticks for s in m.spans)
    for tasks in (False, True):
        assert len(list(lines.Lines(m, names_of(), True, tasks).all())) <= len(rows)
    assert list(summary.lines(stats.Stats(m), names_of(), 10, 10))
    ElementTree.fromstring(svg.text(m, names_of(), 'any', lines.words))
    events = json.loads(chrome.text(m, names_of(), lines.words))['traceEvents']
    assert all(e.get('dur', 0) >= 0 and e.get('ts', 0) >= 0 for e in events)
    ctf.Writer(m, names_of(), 'any').write(tmp_path / 'ctf')


def test_a_picture_says_how_many_arrows_it_has():
    rows = [(n, kind, B) for n, kind in enumerate(['WAKE', 'POLL_BEGIN', 'POLL_END'] * 500)]
    text = svg.text(model_of(*rows), names_of(), 'many', lines.words)
    assert text.count('class="wake"') == 401 and 'arrows for the first 400 of 500 wakes' in text


def test_the_time_axis_has_round_steps():
    assert [label for _, label in axis.labels(0.0525)] == ['0', '10 ms', '20 ms', '30 ms', '40 ms', '50 ms']
    assert [label for _, label in axis.labels(2e-5)][-1] == '20 µs' and axis.labels(0) == [(0.0, '0')]
    assert len(axis.labels(1234.5)) <= 11
