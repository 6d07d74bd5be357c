# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What await_lint.py looks for in the body of one task or async function.

The body is walked in the order of its control flow, with loops and gotos to a fixed point. A value that is
stored in a local is live; an await makes what is live stale; a store makes it live again; a use of a stale
value is E2. At the await itself, what the awaited expression points to is E1.
"""
import re

from lint.flow import MARKER, Flow
from lint.tree import children, is_await, place_of, points_to_const, skip_casts, skip_parens
from lint.values import Value, copy, join

# They write what their first argument points to, whatever was there.
WRITERS = {'memset', 'memcpy', 'memmove', 'strcpy', 'strncpy', 'snprintf', 'sprintf', 'vsnprintf'}
WRITERS |= {'__builtin_' + name for name in WRITERS}

# Structures that are numbers.
TIMES = {'struct em_duration', 'struct em_instant'}


class Body(Flow):
    def __init__(self, function):
        super().__init__()
        self.function = function
        self.locals = {}     # id -> VarDecl
        self.fillers = set()  # (function, argument) that was given a local when that was unset
        self.aliases = {}    # id -> name of the local whose address was stored there
        self.findings = {}

    def check(self):
        block = next(c for c in children(self.function) if c.get('kind') == 'CompoundStmt')
        for _ in range(20):
            before = dict(self.labels)
            self.env, self.scope = {}, []
            self.statement(block)
            if before == self.labels:
                break
        return list(self.findings.values())

    def report(self, code, key, node, text):
        self.findings.setdefault((code, key), (place_of(node), code, text))

    # -- expressions

    def expression(self, node):
        kind = node.get('kind')
        if not kind or self.env is None or kind in ('UnaryExprOrTypeTraitExpr', 'AddrLabelExpr'):
            return
        handler = getattr(self, 'do_' + kind, None)
        if handler:
            handler(node)
        else:
            for child in children(node):
                self.expression(child)

    def do_StmtExpr(self, node):
        self.statement(children(node)[0])

    def do_ImplicitCastExpr(self, node):
        operand = children(node)[0]
        local = self.local_in(operand)
        if local and node.get('castKind') in ('LValueToRValue', 'ArrayToPointerDecay'):
            self.indexes(operand)
            self.use(local, node)
        else:
            self.expression(operand)

    def do_UnaryOperator(self, node):
        operand = children(node)[0]
        local = self.local_in(operand)
        if not local or node.get('opcode') not in ('&', '++', '--'):
            self.expression(operand)
            return
        self.indexes(operand)
        self.use(local, node)
        self.store(local)

    def do_BinaryOperator(self, node):
        left, right = children(node)
        if is_await(node):
            self.do_await(node, right)
        elif node.get('opcode') == '=':
            self.expression(right)
            local = self.local_in(left)
            if local:
                self.indexes(left)
                self.store(local)
                self.note_alias(local, right)
            else:
                self.expression(left)
        elif node.get('opcode') in ('&&', '||'):
            self.expression(left)
            skipped = copy(self.env)
            self.expression(right)
            self.env = join(self.env, skipped)
        else:
            self.expression(left)
            self.expression(right)

    def do_CompoundAssignOperator(self, node):
        left, right = children(node)
        self.expression(right)
        local = self.local_in(left)
        if local:
            self.indexes(left)
            self.use(local, left)
            self.store(local)
        else:
            self.expression(left)

    def do_ConditionalOperator(self, node):
        condition, yes, no = children(node)
        self.expression(condition)
        before = copy(self.env)
        self.expression(yes)
        after, self.env = self.env, before
        self.expression(no)
        self.env = join(after, self.env)

    def do_CallExpr(self, node):
        callee, *arguments = children(node)
        name = skip_casts(callee)
        while name.get('kind') == 'ImplicitCastExpr':
            name = skip_parens(children(name)[0])
        name = name.get('referencedDecl', {}).get('name')
        self.expression(callee)
        stores = []
        for index, argument in enumerate(arguments):
            local = self.address_in(argument)
            if not local or points_to_const(argument['type']['qualType']):
                self.expression(argument)
            else:
                stores.append(local)
                self.lend(local, argument, name, index)
        for local in stores:
            self.store(local)

    def lend(self, local, argument, callee, index):
        """A function is given the address of a local, and may write there: does it fill it, or use it?"""
        if self.env[local[0]].is_unset():
            self.fillers.add((callee, index))
        elif (callee, index) not in self.fillers and not (callee in WRITERS and index == 0):
            self.use(local, argument)

    # -- locals

    def declare(self, node):
        for child in children(node):
            if not child.get('kind', '').endswith('Attr'):
                self.expression(child)
        name = node.get('name', '')
        if node.get('storageClass') in ('static', 'extern') or 'tls' in node or name == MARKER or (
                name.startswith('em_') and name.endswith('_')):
            return
        self.locals[node['id']] = node
        self.scope.append(node['id'])
        if self.env is not None:
            self.env[node['id']] = Value({''} if 'init' in node else ())
        if 'init' in node:
            self.note_alias((node['id'], ''), children(node)[-1])

    def local_in(self, node):
        """(id, part) if this expression is a local or a part of one."""
        part = ''
        node = skip_parens(node)
        while True:
            if node.get('kind') == 'MemberExpr' and not node.get('isArrow'):
                part = '.' + node.get('name', '')
                node = skip_parens(children(node)[0])
            elif node.get('kind') == 'ArraySubscriptExpr':
                array, index = children(node)
                array = skip_parens(array)
                if array.get('castKind') != 'ArrayToPointerDecay':
                    return None
                part = '[%s]' % index['value'] if index.get('kind') == 'IntegerLiteral' else '[]'
                node = skip_parens(children(array)[0])
            else:
                break
        if node.get('kind') == 'DeclRefExpr' and node['referencedDecl']['id'] in self.locals:
            return node['referencedDecl']['id'], part
        return None

    def address_in(self, node):
        """(id, part) if this expression is the address of a local or of a part of one."""
        node = skip_casts(node)
        if (node.get('kind') == 'UnaryOperator' and node.get('opcode') == '&') or \
                node.get('castKind') == 'ArrayToPointerDecay':
            return self.local_in(children(node)[0])
        return None

    def indexes(self, node):
        """The index expressions inside a part of a local are used."""
        node = skip_parens(node)
        while node.get('kind') in ('MemberExpr', 'ArraySubscriptExpr'):
            if node['kind'] == 'ArraySubscriptExpr':
                self.expression(children(node)[1])
                node = skip_parens(children(skip_parens(children(node)[0]))[0])
            else:
                node = skip_parens(children(node)[0])

    def name(self, local):
        return self.locals[local[0]]['name']

    def use(self, local, node):
        value = self.env.get(local[0])
        line = value and value.stale_line(local[1])
        if line is not None:
            self.report('E2', local[0], node, "'%s' (line %d) does not survive the await on line %d: "
                        "move it to VARS(...), or into a block between two awaits"
                        % (self.name(local), place_of(self.locals[local[0]])[1], line))

    def store(self, local):
        if self.env is not None:
            self.env[local[0]] = self.env.get(local[0], Value()).stored(local[1])

    # -- awaits

    def do_await(self, node, awaited):
        self.expression(awaited)
        for name in self.pointers_to_locals(awaited):
            self.report('E1', name, node, "%s is gone while the task is suspended: "
                        "an awaited operation must not point to it; move it to VARS(...)" % name)
        for variable in self.scope:
            if any(a.get('kind') == 'CleanupAttr' for a in children(self.locals[variable])):
                self.report('E3', variable, node, "'%s' has a cleanup function, which would run at every "
                            "suspension: clean up in FINALLY" % self.locals[variable]['name'])
        line = place_of(node)[1]
        if self.env is not None:
            self.env = {v: value.awaited(line) for v, value in self.env.items()}
        self.resumed = copy(self.env)

    def pointers_to_locals(self, node, calls=True):
        """The locals whose addresses are part of this expression's value, also as a call's arguments."""
        kind = node.get('kind')
        if kind == 'UnaryExprOrTypeTraitExpr':
            return
        if kind == 'CallExpr' and (not calls or self.is_number(node)):
            return  # a number does not point anywhere
        local = self.address_in(node)
        if local:
            yield "'%s'" % self.name(local)
        elif self.is_unnamed_object(node):
            yield 'the unnamed object (...){...}'
        elif kind == 'DeclRefExpr' and node['referencedDecl'].get('id') in self.aliases:
            yield self.aliases[node['referencedDecl']['id']]
        for child in children(node):
            yield from self.pointers_to_locals(child, calls)

    @staticmethod
    def is_number(node):
        kind = node['type'].get('desugaredQualType', node['type']['qualType'])
        return '*' not in kind and (kind in TIMES or not re.match(r'(const )?(struct|union) ', kind))

    @staticmethod
    def is_unnamed_object(node):
        """&(struct x){…} or (uint8_t[]){…}, but not the lists of arms that SELECT, JOIN and TRY_JOIN hand over."""
        if not ((node.get('kind') == 'UnaryOperator' and node.get('opcode') == '&')
                or node.get('castKind') == 'ArrayToPointerDecay'):
            return False
        literal = skip_parens(children(node)[0])
        return literal.get('kind') == 'CompoundLiteralExpr' and \
            not literal['type']['qualType'].startswith(('em_future *const', 'const em_try_arm'))

    def note_alias(self, local, value):
        """p = buffer, or s.text = buffer: from now on it points to another local."""
        pointed_to = next(self.pointers_to_locals(value, calls=False), None)
        if pointed_to:
            self.aliases[local[0]] = pointed_to
        elif local[1] == '':
            self.aliases.pop(local[0], None)
