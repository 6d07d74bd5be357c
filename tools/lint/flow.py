# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The flow of control through a body: statements, loops to a fixed point, switches, gotos, resumes."""
from lint.tree import children, constant, contains
from lint.values import Value, copy, join

# Of macros/include/em/await.h: the local that ASYNC declares, and the label that an await goes on at.
MARKER = 'AWAIT_is_only_allowed_inside_ASYNC'
RESUME = 'em_resume_'


class Flow:
    """Walks statements; each leaves self.env as it is behind it. Body knows expressions and declarations."""

    def __init__(self):
        self.scope = []      # ids of the locals in scope
        self.env = {}        # id of a local -> Value; None: not reached
        self.labels = {}     # id of a label -> what its gotos bring
        self.resumed = None  # what the last await leaves
        self.entry = None    # what reaches the cases of the switch
        self.breaks = []
        self.continues = []

    def statement(self, node):
        kind = node.get('kind')
        if not kind or (self.env is None and not contains(node, lambda n: n.get('kind') in (
                'LabelStmt', 'CaseStmt', 'DefaultStmt'))):
            return
        handler = getattr(self, 'do_' + kind, None)
        if handler:
            handler(node)
        else:
            self.expression(node)

    def do_CompoundStmt(self, node):
        depth = len(self.scope)
        for child in children(node):
            self.statement(child)
        del self.scope[depth:]

    def do_DeclStmt(self, node):
        for child in children(node):
            if child.get('kind') == 'VarDecl':
                self.declare(child)

    def do_LabelStmt(self, node):
        self.env = join(self.env, self.labels.get(node.get('declId')))
        if node.get('name') == RESUME:
            self.env = join(self.env, self.resumed)
        for child in children(node):
            self.statement(child)

    def do_GotoStmt(self, node):
        label = node.get('targetLabelDeclId')
        self.labels[label] = join(self.env, self.labels.get(label))
        self.env = None

    def do_IndirectGotoStmt(self, node):
        self.env = None  # to RESUME

    def do_ReturnStmt(self, node):
        for child in children(node):
            self.expression(child)
        self.env = None

    def do_BreakStmt(self, node):
        self.breaks[-1] = join(self.breaks[-1], self.env)
        self.env = None

    def do_ContinueStmt(self, node):
        self.continues[-1] = join(self.continues[-1], self.env)
        self.env = None

    def do_IfStmt(self, node):
        parts = children(node)
        self.expression(parts[0])
        before = copy(self.env)
        self.statement(parts[1])
        after = self.env
        self.env = before
        if len(parts) > 2:
            self.statement(parts[2])
        self.env = join(after, self.env)

    def do_SwitchStmt(self, node):
        condition, block = children(node)[-2:]
        self.expression(condition)
        entry, self.entry = self.entry, copy(self.env)
        has_default = contains(block, lambda n: n.get('kind') == 'DefaultStmt')
        self.breaks.append(None if has_default else copy(self.env))
        self.env = None
        self.statement(block)
        self.env = join(self.env, self.breaks.pop())
        self.entry = entry

    def do_CaseStmt(self, node):
        self.env = join(self.env, copy(self.entry))
        self.statement(children(node)[-1])

    do_DefaultStmt = do_CaseStmt

    def do_ForStmt(self, node):
        init, _, condition, step, block = children(node)
        if init and contains(init, lambda n: n.get('name') == MARKER):
            # ASYNC: what stands before it is stored anew at every resume
            self.env = {v: Value() for v in self.env or ()}
        depth = len(self.scope)
        self.statement(init)
        self.loop(condition, block, step)
        del self.scope[depth:]

    def do_WhileStmt(self, node):
        condition, block = children(node)[-2:]
        self.loop(condition, block, {})

    def do_DoStmt(self, node):
        block, condition = children(node)
        entry = self.env
        while True:
            self.env = copy(entry)
            end = self.turn(block, None)
            self.expression(condition)
            end = join(end, copy(self.env))
            again = entry if constant(condition) == 0 else join(entry, self.env)
            if again == entry:
                break
            entry = again
        self.env = end

    def loop(self, condition, block, step):
        entry = self.env
        while True:
            self.env = copy(entry)
            self.expression(condition)
            for_ever = not condition or constant(condition) not in (0, None)
            end = self.turn(block, None if for_ever else copy(self.env))
            self.expression(step)
            again = join(entry, self.env)
            if again == entry:
                break
            entry = again
        self.env = end

    def turn(self, block, leaves):
        """One turn of a loop, up to its `continue`. What leaves it, by `break` or as given."""
        self.breaks.append(leaves)
        self.continues.append(None)
        self.statement(block)
        self.env = join(self.env, self.continues.pop())
        return self.breaks.pop()
