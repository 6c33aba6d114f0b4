# SPDX-License-Identifier: Apache-2.0
"""What an expression is made of, for those who turn it into rules: its syntax tree as JSON, an
object a node with "node" for its kind and the fields of Python's ast module. Names that the
pythonfile gives a constant, a dictionary or a short function are put in; nothing of it is run."""
import ast
import copy
import json

DEPTH = 20  # functions that call functions


def syntax_tree(source, namespace):
    try:
        tree = ast.parse(source.lstrip(" \t"), "<expression>", "eval").body
    except (SyntaxError, ValueError) as error:
        raise Problem(explain(error, namespace.path, source.count("\n") + 1)) from None
    known = definitions(namespace) if namespace.path else {}
    return json.dumps(as_json(Inliner(known).visit(tree)))


def definitions(namespace):
    """The names of the pythonfile's top level that are bound once, and stand for something whole."""
    try:
        module = ast.parse(namespace.source(), namespace.path)
    except (SyntaxError, ValueError) as error:
        raise FileProblem(f"{namespace.place}: {explain(error, namespace.path)}") from None
    known, seen = {}, set()
    for statement in module.body:
        name, value = binding(statement)
        if value is not None and name not in seen:
            known[name] = value
        elif isinstance(statement, ast.FunctionDef):
            known.pop(name, None)
        else:
            forget(statement, known, seen)
        seen.add(name)
    for function in module.body:
        if isinstance(function, ast.FunctionDef):
            forget_changed(function, known)
    return known


def forget(statement, known, seen):
    """What a statement binds or may change stands for nothing whole any more."""
    for node in ast.walk(statement):
        if isinstance(node, ast.alias):
            if node.name == "*":
                known.clear()
            unknown = node.asname or node.name.split(".")[0]
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            unknown = node.name
        elif isinstance(node, ast.Name) and (
                not isinstance(node.ctx, ast.Load)
                or isinstance(known.get(node.id), (ast.List, ast.Dict, ast.Set))):
            unknown = node.id
        else:
            continue
        known.pop(unknown, None)
        seen.add(unknown)


CHANGING = {"append", "extend", "insert", "remove", "pop", "popitem", "clear", "update", "add",
            "discard", "setdefault", "sort", "reverse"}


def forget_changed(function, known):
    for node in ast.walk(function):
        if isinstance(node, ast.Global):
            for name in node.names:
                known.pop(name, None)
        changed = isinstance(node, ast.Attribute) and node.attr in CHANGING or (
            isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load))
        if changed and isinstance(node.value, ast.Name):
            known.pop(node.value.id, None)


def binding(statement):
    if isinstance(statement, ast.FunctionDef) and not statement.decorator_list:
        body = as_expression(statement.body)
        return statement.name, body and ast.Lambda(statement.args, body)
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value = statement.targets[0], statement.value
        if isinstance(target, ast.Name):
            whole = isinstance(value, ast.Lambda) or is_literal(value) or is_pattern(value)
            return target.id, value if whole else None
    return None, None


def is_pattern(node):
    """re.compile(...)"""
    return (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            and node.func.attr == "compile" and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re" and all(map(is_literal, node.args[:1])))


def is_literal(node):
    try:
        ast.literal_eval(node)
        return True
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False


def as_expression(statements):
    """`if a: return b` and then `return c` is `b if a else c`. None where there is more to it."""
    if not statements:
        return ast.Constant(None)
    first, rest = statements[0], statements[1:]
    if isinstance(first, ast.Return):
        return first.value or ast.Constant(None)
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return as_expression(rest)
    if isinstance(first, ast.If):
        yes, no = as_expression(first.body + rest), as_expression(first.orelse + rest)
        return ast.IfExp(first.test, yes, no) if yes and no else None
    name, value = assignment(first)
    body = name and as_expression(rest)
    return body and Replacer({name: value}).visit(copied(body))


def assignment(statement):
    """`x = ...`, and `x += ...` as `x = x + ...`."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value = statement.targets[0], statement.value
    elif isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        target = statement.target
        value = ast.BinOp(ast.Name(target.id, ast.Load()), statement.op, statement.value)
    else:
        return None, None
    return (target.id, value) if isinstance(target, ast.Name) else (None, None)


class Replacer(ast.NodeTransformer):
    def __init__(self, values):
        self.values = values

    def visit_Name(self, node):
        return copied(self.values[node.id]) if node.id in self.values else node

    def visit_scope(self, node):
        """Names that are bound here and also used in what is put in would be mixed up."""
        bound = {n.id for n in ast.walk(node)
                 if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        bound |= {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}
        used = set(self.values).union(*(names_in(value) for value in self.values.values()))
        return ast.Constant(...) if bound & used else self.generic_visit(node)

    visit_Lambda = visit_GeneratorExp = visit_ListComp = visit_SetComp = visit_DictComp = visit_scope


class Inliner(ast.NodeTransformer):
    def __init__(self, known, hidden=(), depth=0):
        self.known, self.hidden, self.depth = known, set(hidden), depth

    def visit_Name(self, node):
        value = None if node.id in self.hidden or self.depth > DEPTH else self.known.get(node.id)
        if value is None:
            return node
        return Inliner(self.known, (), self.depth + 1).visit(copied(value))

    def visit_Lambda(self, node):
        hidden = self.hidden | {argument.arg for argument in node.args.args}
        return ast.Lambda(node.args, Inliner(self.known, hidden, self.depth).visit(node.body))

    def visit_Call(self, node):
        self.generic_visit(node)
        if not isinstance(node.func, ast.Lambda) or node.keywords:
            return node
        names = [argument.arg for argument in node.func.args.args]
        if len(names) != len(node.args) or node.func.args.vararg or node.func.args.kwonlyargs:
            return node
        return Replacer(dict(zip(names, node.args))).visit(copied(node.func.body))


def names_in(node):
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def copied(node):
    return copy.deepcopy(node)


def as_json(node):
    if isinstance(node, (ast.boolop, ast.operator, ast.unaryop, ast.cmpop)):
        return type(node).__name__
    if isinstance(node, ast.Constant):
        return {"node": "Constant", "value": constant(node.value)}
    if isinstance(node, ast.AST):
        fields = {name: as_json(value) for name, value in ast.iter_fields(node) if name != "ctx"}
        return {"node": type(node).__name__, **fields}
    if isinstance(node, list):
        return [as_json(item) for item in node]
    return constant(node)


def constant(value):
    """Bytes and the rarer kinds are no text: an object that says what they look like."""
    plain = value is None or isinstance(value, (bool, int, float, str))
    return value if plain else {"repr": repr(value)}
