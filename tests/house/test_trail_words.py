"""Each act that the code notes has its sentence in the trail."""

import ast

from portal.audit_sentences import SENTENCES
from tests.house.sources import ROOMS, modules, name, tree


def test_every_act_of_the_trail_has_a_sentence() -> None:
    """R67: red when a new act is noted and nobody says it in words (portal/trail_words/)."""
    acts = {
        call.args[1].value: f"{name(path)}:{call.lineno}"
        for path in modules(*ROOMS)
        for call in ast.walk(tree(path))
        if _notes(call) and isinstance(call.args[1], ast.Constant)
    }
    assert len(acts) > 60
    assert {act: where for act, where in acts.items() if act not in SENTENCES} == {}


def _notes(call: ast.AST) -> bool:
    """Whether it is `audit.record(db, "thing.act", …)`."""
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and (call.func.value.id, call.func.attr) == ("audit", "record")
    )
