"""What carrying out a plan does to the world, in few words: what stands on the button that does it."""

from __future__ import annotations

from collections import Counter

from deskbook.engine.plan import Plan

# By the `effect` of an action's class, in the order in which they matter to people outside; the second is for several.
EFFECTS = {
    "mail": ("send 1 mail", "send {} mails"),
    "page": ("page somebody", "page people {} times"),
    "issue": ("open 1 issue", "open {} issues"),
    "comment": ("comment on 1 issue", "comment on issues {} times"),
    "post": ("post 1 message", "post {} messages"),
    "note": ("write 1 note", "write {} notes"),
    "change": ("make 1 change", "make {} changes"),
}


def effects(plan: Plan) -> str:
    """Such as "send 1 mail, open 1 issue, write 2 notes"; empty where nothing is left to do."""
    ahead = (action for action in plan.actions if not action.landed(plan.case))
    counted = Counter(getattr(action, "effect", "change") for action in ahead)
    told = [
        (one if counted[kind] == 1 else many).format(counted[kind])
        for kind, (one, many) in EFFECTS.items()
        if counted[kind]
    ]
    return ", ".join(told)
