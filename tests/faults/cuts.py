# SPDX-License-Identifier: Apache-2.0
"""The connection breaks, or the server falls silent, at each place of a mixed run."""
from points import check_all, spread
from relay import CutAfterBytes, CutAfterLine, LoseAnswer, Plan, Relay, Stall

STEP = 200
MANY = 8  # a broken run waits before it connects again


def measure(template):
    """What passes in a run that nothing disturbs."""
    plan = Plan()
    scene = template.copy("whole")
    with Relay(template.kind.server.port, plan) as relay:
        scene.configure(relay.port)
        done = scene.run()
        assert done.code == 0 and not scene.wrong(), done.output + scene.wrong()
    scene.forget()
    return plan


def places(plan):
    """(what, number) of each place where a run can be broken."""
    yield from (("line", n) for n in range(1, plan.lines + 1))
    yield from (("down", n) for n in range(STEP, plan.down + 1, STEP))
    yield from (("up", n) for n in range(STEP, plan.up + 1, STEP))


def plan_of(what, number, how=None):
    arguments = {} if how is None else {"how": how}
    if what == "line":
        return CutAfterLine(number, **arguments)
    if what == "answer":
        return LoseAnswer(number)
    return CutAfterBytes(number, what == "up", **arguments)


def broken_run(template, point, timeout=""):
    """What is wrong after a run that was broken at the point, and a whole one."""
    what, number, once, how = point
    plan = plan_of(what, number, how)
    scene = template.copy("-".join(map(str, ["cut", what, number, once, how and "stall"])).lower())
    with Relay(template.kind.server.port, plan, once, number % 2 == 0) as relay:
        scene.configure(relay.port, **({"general": timeout} if timeout else {}))
        done = scene.run()
        scene.configure()
    where = f"the broken run ended with {done.code}:\n{done.output}"
    if done.code not in (0, 1, 5):
        return where
    if done.code == 0 and (wrong := scene.wrong()):
        return f"it claims success, but\n{wrong}\n{where}"
    if wrong := scene.heal():
        return f"{wrong}\n{where}"
    scene.forget()
    return ""


def cut_everywhere(name, template, most=0):
    points = [(what, number, once, None) for what, number in places(measure(template))
              for once in (True, False)]
    return check_all(name, spread(points, most), lambda point: broken_run(template, point), MANY)


def lose_each_answer(name, template, most=0):
    points = [("answer", number, once, None) for once in (True, False)
              for number in range(1, len(measure(template).commands) + 1)]
    return check_all(name, spread(points, most), lambda point: broken_run(template, point), MANY)


def stall_everywhere(name, template, most=0):
    points = [(what, number, once, Stall) for what, number in places(measure(template))
              for once in (True, False)]
    return check_all(name, spread(points, most),
                     lambda point: broken_run(template, point, "socktimeout = 1"), MANY)
