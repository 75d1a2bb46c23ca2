"""Normal form: the one shape in which trees are built, so that equal questions are equal trees.

In normal form a group has at least two children, none of them a group of its own kind or `Everything`.
"""

from __future__ import annotations

from collections.abc import Iterable

from logtui.core.query.ast import And, Everything, Node, Not, Or

EVERYTHING = Everything()
NOTHING = Not(EVERYTHING)


def all_of(nodes: Iterable[Node]) -> Node:
    """Return the tree that is true where all of `nodes` are."""
    children: list[Node] = []
    for node in nodes:
        if isinstance(node, And):
            children.extend(node.children)
        elif not isinstance(node, Everything):
            children.append(node)
    if not children:
        return EVERYTHING
    return children[0] if len(children) == 1 else And(tuple(children))


def any_of(nodes: Iterable[Node]) -> Node:
    """Return the tree that is true where at least one of `nodes` is."""
    children: list[Node] = []
    for node in nodes:
        if isinstance(node, Everything):
            return EVERYTHING
        if isinstance(node, Or):
            children.extend(node.children)
        else:
            children.append(node)
    if not children:
        return NOTHING
    return children[0] if len(children) == 1 else Or(tuple(children))


def conditions(node: Node) -> tuple[Node, ...]:
    """Return the parts that must all be true, none for `Everything`; `all_of` puts them together again."""
    if isinstance(node, And):
        return node.children
    return () if isinstance(node, Everything) else (node,)
