# SPDX-License-Identifier: Apache-2.0
"""What an expression is made of, for those who turn it into rules: its syntax tree as JSON, an
object a node with "node" for its kind and the fields of Python's ast module. Names that the
pythonfile gives a constant, a dictionary or a short function are put in; nothing of it is run."""
import ast
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
        if name in seen:
            known.pop(name, None)
        elif value is not None:
            known[name] = value
        seen.add(name)
    return known


def binding(statement):
    if isinstance(statement, ast.FunctionDef) and not statement.decorator_list:
        body = as_expression(statement.body)
        return statement.name, body and ast.Lambda(statement.args, body)
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value = statement.targets[0], statement.value
        if isinstance(target, ast.Name):
            return target.id, value if isinstance(value, ast.Lambda) or is_literal(value) else None
    return None, None


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
    if isinstance(first, ast.Assign) and isinstance(first.targets[0], ast.Name):
        body = as_expression(rest)
        return body and Replacer({first.targets[0].id: first.value}).visit(body)
    return None


class Replacer(ast.NodeTransformer):
    def __init__(self, values):
        self.values = values

    def visit_Name(self, node):
        return self.values.get(node.id, node)


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
        if len(names) != len(node.args):
            return node
        return Replacer(dict(zip(names, node.args))).visit(copied(node.func.body))


def copied(node):
    import copy
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
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if value is None or isinstance(value, (bool, int, float, str)) else repr(value)
