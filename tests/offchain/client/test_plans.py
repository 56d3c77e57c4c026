"""Plans of several steps, asked together."""

from crossmargin.client.plans import Question, together


def counting(name, steps):
    """Ask `steps` times, twice each time but the first; come to the answers."""
    found = []
    for step in range(steps):
        asked = [Question(name, str(step))] * (1 if step == 0 else 2)
        found += yield asked
    return name, found


def drive(plan):
    """Answer each question with its name and step; give the sizes of the steps, and the result."""
    sizes, questions = [], next(plan)
    while True:
        sizes.append(len(questions))
        try:
            questions = plan.send([each.contract + each.function for each in questions])
        except StopIteration as end:
            return sizes, end.value


def test_plans_of_other_lengths_are_asked_side_by_side():
    """Each step is asked once for all that still go on; a plan that asks nothing comes to its end at once."""
    sizes, results = drive(together(counting("a", 1), counting("b", 3), counting("none", 0), counting("c", 2)))
    assert sizes == [3, 4, 2]
    assert results == [
        ("a", ["a0"]),
        ("b", ["b0", "b1", "b1", "b2", "b2"]),
        ("none", []),
        ("c", ["c0", "c1", "c1"]),
    ]


def test_plans_within_plans():
    """What runs several may be one of several."""
    sizes, results = drive(together(together(counting("a", 2), counting("b", 1)), counting("c", 1)))
    assert sizes == [3, 2]
    assert results == [[("a", ["a0", "a1", "a1"]), ("b", ["b0"])], ("c", ["c0"])]
