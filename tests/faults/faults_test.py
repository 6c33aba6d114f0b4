# SPDX-License-Identifier: Apache-2.0
"""A spread of the places at which torture.py breaks the program, few enough for every build."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "server"))

from crash import crash_everywhere
from cuts import cut_everywhere, lose_each_answer, stall_everywhere
from failing import fail_everywhere
from grounds import grounds
from power import power_fails_everywhere
from random_work import work
from scene import fresh, mixed


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kinds = cls.enterClassContext(grounds(("modern", "plain"), ("sqlite",)))
        cls.templates = {}

    def template(self, number, make=mixed):
        """Each kind's prepared account is made once."""
        kind = self.kinds[number % len(self.kinds)]
        key = kind, make
        if key not in self.templates:
            self.templates[key] = make(kind, make.__name__)
        return self.templates[key]

    def assert_well(self, tally):
        self.assertGreater(tally.points, 0)
        self.assertEqual(len(tally.wrong), 0, str(tally))

    def test_a_killed_run_is_healed_by_the_next(self):
        for number in range(len(self.kinds)):
            template = self.template(number)
            self.assert_well(crash_everywhere(f"kill, {template.kind}", template, most=8))

    def test_a_system_call_that_fails_costs_nothing(self):
        for number in range(2):
            template = self.template(number)
            self.assert_well(fail_everywhere(f"failing calls, {template.kind}", template, most=12))

    def test_a_folder_that_cannot_be_looked_at_is_not_taken_for_removed(self):
        template = self.template(0)
        self.assert_well(fail_everywhere("looking fails", template, 16, ("stat", "list", "access")))

    def test_a_power_failure_costs_nothing_that_was_flushed(self):
        for number, make in ((0, mixed), (1, mixed), (0, fresh)):
            template = self.template(number, make)
            self.assert_well(
                power_fails_everywhere(f"power, {template.kind}", template, most=12))

    def test_a_lost_answer_doubles_nothing(self):
        for number in range(len(self.kinds)):
            template = self.template(number)
            self.assert_well(lose_each_answer(f"lost answers, {template.kind}", template, most=4))

    def test_a_cut_connection_costs_nothing(self):
        for number in (0, 3):
            template = self.template(number)
            self.assert_well(cut_everywhere(f"cuts, {template.kind}", template, most=8))

    def test_a_silent_server_is_given_up(self):
        template = self.template(0)
        self.assert_well(stall_everywhere(f"stalls, {template.kind}", template, most=4))

    def test_random_work_ends_as_the_model_says(self):
        self.assert_well(work(self.kinds, first_seed=1, rounds=6))


if __name__ == "__main__":
    unittest.main(verbosity=2)
