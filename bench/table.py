# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The tables of docs/ and README.md, from the baselines, goals.txt, sync.txt and scheduling.txt, between markers:

    <!-- bench:begin goals -->  (or showdown, where, conditions, rows, …; in README.md: no name, the table readme)
    …
    <!-- bench:end -->

The table sync is written by hand but for its last columns, which are those of sync.txt.
"""
import re

from measure import CONFIGS, GATE, HERE, TREE, BenchError, Results, baseline_path, breakdown_path, worst

FILES = (*(TREE / 'docs' / name for name in ('performance.md', 'sync.md', 'scheduling.md')), TREE / 'README.md')
BLOCK = re.compile(r'(<!-- bench:begin ?(\w*) -->\n)(.*?)(<!-- bench:end -->)', re.S)
BY_HAND = 4  # columns of the table sync, before these:
COSTS = ('bytes: object, waiter', 'instructions, nobody waits', 'there and back')


def read_goals():
    """section -> its rows, each a list of six texts"""
    sections = {}
    for line in (HERE / 'goals.txt').read_text().splitlines():
        if line.startswith('['):
            rows = sections.setdefault(line.strip('[]'), [])
        elif line and not line.startswith('#'):
            rows.append([cell.strip() for cell in line.split('|')])
    return sections


def missed(values, goal):
    """'' if none of @p values is above @p goal, else by how much the worst is."""
    by = max(worst(v) for v in values) - float(goal)
    return f'{by:.4g}' if by > 0 else ''


def verdict(parts, goal):
    if goal == '-':
        return ''
    goals = [g.strip() for g in goal.split('/')]
    over = [missed(values, g) for values, g in zip(parts, goals)]
    if not any(over):
        return 'met'
    return 'missed by ' + ' / '.join(o or '–' for o in over)


def shown(value):
    """As people read it: 12..15 is 12–15, and three digits are enough where there is a fraction."""
    return re.sub(r'\d+\.\d+', lambda m: f'{float(m.group(0)):.3g}', value.replace('..', '–'))


def comparison(results, rows):
    lines = ['| | FreeRTOS | Embassy | goal | **Emissary** | |', '|---|---|---|---|---|---|']
    for metric, freertos, embassy, goal, names, opt in rows:
        parts = [[results[opt][name.strip()] for name in part.split('…')] for part in names.split('/')]
        ours = ' / '.join(' … '.join(map(shown, values)) for values in parts)
        bound = '' if goal == '-' else '≤ ' + goal.replace(' / ', ' / ≤ ')
        lines.append(f'| {metric} | {freertos} | {embassy} | {bound} | **{ours}** | {verdict(parts, goal)} |')
    return '\n'.join(lines) + '\n'


def read_costs(rows):
    """object -> its cells, with the numbers of @p rows in them"""
    numbers = {name: shown(value) for name, value in rows.items()}
    costs = {}
    for line in (HERE / 'sync.txt').read_text().splitlines():
        if line and not line.startswith('#'):
            name, *cells = (cell.strip() for cell in line.split('|'))
            if name in costs:
                raise BenchError(f'sync.txt has two rows of {name}')
            costs[name] = [cell.format_map(numbers) for cell in cells]
    return costs


def with_costs(table, costs):
    """@p table: its cells written by hand, and those of the object that each row names first."""
    head, rule, *rows = [line.strip('|').split('|')[:BY_HAND] for line in table.splitlines()]
    names = [re.search(r'`(\w+)`', cells[0]).group(1) for cells in rows]
    if set(names) != set(costs):
        raise BenchError(f"only one of docs/sync.md and sync.txt has {', '.join(set(names) ^ set(costs))}")
    lines = [head + [f' {title} ' for title in COSTS], rule + ['---'] * len(COSTS)]
    lines += [cells + [f' {cell} ' for cell in costs[name]] for name, cells in zip(names, rows)]
    return ''.join(f"|{'|'.join(cells)}|\n" for cells in lines)


def plain_tables(rows):
    """name -> a table of scheduling.txt, with the numbers of @p rows in it"""
    numbers = {name: shown(value) for name, value in rows.items()}
    made = {}
    for block in re.split(r'^\[', (HERE / 'scheduling.txt').read_text(), flags=re.M)[1:]:
        name, lines = block.split(']\n')
        head, *rest = [f"| {line.format_map(numbers)} |" for line in lines.strip().splitlines()]
        made[name] = '\n'.join([head, '|---' * (head.count('|') - 1) + '|', *rest]) + '\n'
    return made


def everything(results):
    lines = [f"| row | {' | '.join(results)} |", '|---' * (1 + len(results)) + '|']
    for name in sorted(set().union(*results.values())):
        values = [shown(rows.get(name, '')) for rows in results.values()]
        lines.append(f"| `{name}` | {' | '.join(values)} |")
    return '\n'.join(lines) + '\n'


def conditions(files):
    lines = []
    for config, file in files.items():
        compiler, flags = (line.partition(': ')[2] for line in file.header[:2])
        lines.append(f'- `{config}`: {compiler}, `{flags}`\n')
    return ''.join(lines)


def tables():
    for config in GATE:
        if not baseline_path(config).exists():
            raise BenchError(f'there is no {baseline_path(config).name}: bench/run --accept')
    files = {config: Results.read(baseline_path(config)) for config in CONFIGS if baseline_path(config).exists()}
    results = {config: file.rows for config, file in files.items()}
    try:
        made = {name: comparison(results, rows) for name, rows in read_goals().items()}
    except KeyError as e:
        raise BenchError(f'goals.txt names the row {e}, which no image prints') from e
    try:
        costs = read_costs(results['O2'])
    except KeyError as e:
        raise BenchError(f'sync.txt names the row {e}, which no image prints') from e
    try:
        made.update(plain_tables(results['O2']))
    except KeyError as e:
        raise BenchError(f'scheduling.txt names the row {e}, which no image prints') from e
    made['sync'] = lambda old: with_costs(old, costs)
    made['rows'] = everything(results)
    made['conditions'] = conditions(files)
    made['where'] = f'```\n{breakdown_path().read_text()}```\n'
    made[''] = made['readme']
    return made


def updated():
    """(file, its text, the text that it should have) of each file that has blocks."""
    made = tables()
    for path in FILES:
        if not path.exists():
            continue
        text = path.read_text()
        blocks = [name for _, name, _, _ in BLOCK.findall(text)]
        if not blocks:
            raise BenchError(f'{path.name} has no <!-- bench:begin --> … <!-- bench:end -->')
        for name in blocks:
            if name not in made:
                raise BenchError(f"{path.name}: no table is called '{name}'")
        yield path, text, BLOCK.sub(lambda m: m.group(1) + filled(made[m.group(2)], m.group(3)) + m.group(4), text)


def filled(table, old):
    return table(old) if callable(table) else table


def write():
    for path, text, new in updated():
        if new != text:
            path.write_text(new)
            print(f'{path.name}: up to date now')
    return 0


def check():
    old = [path.name for path, text, new in updated() if new != text]
    for name in old:
        print(f'{name}: its table is not that of the baseline: bench/run --table')
    return 1 if old else 0
