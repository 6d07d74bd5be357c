# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The numbers of a trace for a terminal."""
from . import stats as stats_

BAR = 40      # characters
LINTS_MAX = 20
OF_TASK = ('task', 'load', 'polls', 'longest', 'wakes', 'again', 'own', 'wake to poll: median', '99 %', 'worst')


def table(rows):
    """Lines of @p rows: the first column to the left, the others to the right."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        yield '  '.join([row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])])


def of_harts(stats, names):
    yield ['hart', 'tasks', 'interrupts', 'executor', 'idle', 'seen for']
    for hart in stats.harts.values():
        yield [str(hart.hart), *(stats_.share(part, hart.window) for part in (hart.tasks, hart.irqs, hart.executors,
                                                                              hart.idle)), names.duration(hart.window)]


def of_tasks(stats, names):
    model = stats.model
    window = model.end - model.begin
    yield list(OF_TASK)
    for task in sorted(stats.tasks.values(), key=lambda t: (-t.ran, t.task)):
        waits = [stats_.percentile(task.latencies, p) for p in stats_.PERCENTILES]
        yield [names.task(task.task), stats_.share(task.ran, window), str(task.polls), names.duration(task.longest),
               str(task.wakes), str(task.again), str(task.own),
               *('-' if ticks is None else names.duration(ticks) for ticks in waits)]


def of_latencies(stats, names):
    values = stats.all_latencies()
    if not values:
        return
    median, late, worst = (names.duration(stats_.percentile(values, p)) for p in stats_.PERCENTILES)
    yield f'wake to poll: median {median}, 99 % {late}, worst {worst}'
    bins = stats_.histogram(values)
    most = max(count for _, count in bins)
    rows = [[f'< {names.duration(below)}', str(count), '#' * -(-BAR * count // most)] for below, count in bins]
    width, digits = max(len(row[0]) for row in rows), max(len(row[1]) for row in rows)
    for what, count, bar in (row for row in rows if row[1] != '0'):
        yield f'  {what:>{width}}  {count:>{digits}}  {bar}'.rstrip()


def of_longest(stats, names):
    for kind, what in (('poll', 'longest poll'), ('irq', 'longest handler'), ('source', 'longest handler of a source')):
        span = stats.longest(kind)
        if span:
            yield f'{what}: {names.duration(span.ticks)}, {names.span(span)} at {stats_.at(names, span.begin)}'
    for stretch in stats.model.recording.stretches:
        where = f'{names.interrupt(stretch.begin)}' + (f', source {stretch.end}' if stretch.end else '') \
            if stretch.what == 'handler' else f'from {names.code(stretch.begin)} to {names.code(stretch.end)}'
        what = 'without interrupts' if stretch.what == 'masked' else 'in a handler'
        yield f'longest {what}, hart {stretch.hart}: {stretch.cycles} cycles, {where}'


def of_losses(model):
    for hart, count in sorted(model.recording.lost.items()):
        yield f'hart {hart}: {count} older events were not kept'


def lines(stats, names, late, long):
    model = stats.model
    yield f'{len(model.recording.records)} events in {names.duration(model.end - model.begin)}'
    yield from of_losses(model)
    yield ''
    yield from table(list(of_harts(stats, names)))
    yield ''
    yield from table(list(of_tasks(stats, names)))
    yield ''
    yield from of_latencies(stats, names)
    yield from of_longest(stats, names)
    found = list(stats_.lints(stats, names, late, long))
    if found:
        yield ''
        yield from (f'look at: {words}' for words in found[:LINTS_MAX])
        if len(found) > LINTS_MAX:
            yield f'… and {len(found) - LINTS_MAX} more'
