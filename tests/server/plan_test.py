# SPDX-License-Identifier: Apache-2.0
"""Plans of the whole program, between a real Dovecot and a Maildir: --dry-run, --plan-json, --apply."""
import collections
import json
import stat
import unittest

from account import text
from cases import ProgramTest


class Plan(ProgramTest):
    def settled(self, **settings):
        account = self.account(self.serve(), **settings)
        self.fill(account)
        self.assert_synced(account)
        self.assert_synced(account)
        self.file = account.directory / "plan.json"
        return account

    def change(self, account):
        account.append("INBOX", text("from afar"), "(\\Flagged)")
        account.deliver("INBOX", text("from here"), "1.a.host")
        account.deliver("Made here", text("new folder"), "2.a.host")
        connection = account.imap()
        connection.select("INBOX")
        connection.store("2", "+FLAGS", "(\\Answered $Label1)")
        connection.store("3", "+FLAGS", "(\\Deleted)")
        connection.expunge()
        connection.logout()
        moved = account.files("Work/Deep")[0]
        moved.rename(account.box("Archive") / "cur" / moved.name)

    def plan(self, account, code=0):
        self.assert_synced(account, "--plan-json", str(self.file), code=code)
        return json.loads(self.file.read_text())

    def kinds(self, plan):
        return collections.Counter(a["do"] for f in plan["accounts"][0]["folders"]
                                   for a in f["actions"])

    def test_says_everything_and_does_nothing(self):
        account = self.settled()
        self.change(account)
        before = account.remote(), account.local()
        done = self.assert_synced(account, "--dry-run", "-u", "basic")
        for line in ("Copy message 9 Remote:INBOX -> Local:INBOX",
                     "Mark message 2 in Local:INBOX: +\\Answered",
                     "Delete message 3 in Local:INBOX", "Creating folder Made here",
                     "Move message 1 Remote:Work/Deep -> Remote:Archive"):
            self.assertIn("[DRYRUN] " + line, done.stdout)
        plan = self.plan(account)
        self.assertEqual((account.remote(), account.local()), before)
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o600)
        self.assertEqual((plan["format"], plan["version"]), ("offlineimap plan", 1))
        self.assertEqual(self.kinds(plan), {"copy": 3, "create": 1, "mark": 1, "remove": 1, "move": 1})
        copy = next(a for f in plan["accounts"][0]["folders"] for a in f["actions"]
                    if a["do"] == "copy" and a["on"] == "local")
        self.assertEqual((copy["remote_id"], copy["size"], copy["remote_marks"]),
                         ("9", len(text("from afar")), ["\\Flagged"]))

    def test_leaves_nothing_behind_that_a_first_run_stumbles_over(self):
        account = self.account(self.serve())
        self.fill(account)
        self.assert_synced(account, "--dry-run")
        self.assertEqual([p for p in account.directory.rglob("metadata/*/*/*") if p.is_file()], [])
        self.assert_synced(account)
        self.assert_equal(account)

    def test_is_done_as_it_stands(self):
        account = self.settled()
        self.change(account)
        plan = self.plan(account)
        self.assert_synced(account, "--apply", str(self.file))
        self.assert_equal(account)
        self.assertEqual(self.plan(account)["accounts"][0]["folders"], [])
        self.assertNotEqual(plan["accounts"][0]["folders"], [])

    def test_is_done_where_the_server_has_no_extensions(self):
        account = self.account(self.serve(hide=["UIDPLUS", "MOVE", "QRESYNC", "CONDSTORE"]))
        self.fill(account)
        self.file = account.directory / "plan.json"
        self.plan(account)
        self.assert_synced(account, "--apply", str(self.file))
        self.change(account)
        self.plan(account)
        self.assert_synced(account, "--apply", str(self.file))
        self.assert_equal(account)

    def test_a_second_time_says_what_is_no_more_to_be_done(self):
        account = self.settled()
        account.append("INBOX", text("one"))
        self.plan(account)
        self.assert_synced(account, "--apply", str(self.file))
        done = self.assert_synced(account, "--apply", str(self.file), code=1)
        self.assertIn("In the plan, but not as it was any more", done.stderr)
        self.assertIn("1 of 1 actions of the plan were not done", done.stderr)
        self.assert_equal(account)

    def test_what_changed_since_is_left_alone(self):
        account = self.settled()
        files = account.files("INBOX")
        files[0].unlink()
        account.append("INBOX", text("planned"))
        self.plan(account)
        gone = files[0].name.split(",U=")[1].split(",")[0]
        account.append("INBOX", text("later"))
        connection = account.imap()
        connection.select("INBOX")
        connection.uid("STORE", gone, "+FLAGS", "(\\Flagged)")
        connection.logout()
        done = self.assert_synced(account, "--apply", str(self.file), code=1)
        self.assertIn(f"not done: Delete message {gone} in Remote:INBOX", done.stderr)
        self.assertIn("Not in the plan, so not done: Copy message 10", done.stderr)
        self.assertEqual(account.remote()["INBOX"].total(), 10)
        self.assertEqual(account.local()["INBOX"].total(), 8)
        self.assert_synced(account)
        self.assert_equal(account)

    def test_deletions_over_the_budget_need_a_word_of_their_own(self):
        account = self.account(self.serve())
        self.file = account.directory / "plan.json"
        for i in range(25):
            account.append("INBOX", text(f"m {i}"))
        self.assert_synced(account)
        for file in account.files("INBOX"):
            file.unlink()
        plan = self.plan(account, code=6)
        self.assertTrue(all(a["held_back"] for f in plan["accounts"][0]["folders"]
                            for a in f["actions"]))
        self.assert_synced(account, "--apply", str(self.file), code=6)
        self.assertEqual(account.remote()["INBOX"].total(), 25)
        account.append("INBOX", text("late"))
        self.assert_synced(account, "--apply", str(self.file), "--approve-deletes")
        self.assertEqual(account.remote()["INBOX"].total(), 1)

    def test_goes_to_the_standard_output(self):
        account = self.settled(ui="basic")
        for arguments in ([], ["-u", "basic"], ["-u", "machineui"]):
            done = self.assert_synced(account, "--plan-json", "-", *arguments)
            self.assertEqual(json.loads(done.stdout)["accounts"][0]["account"], "Test")
            self.assertEqual(bool(done.stderr), bool(arguments))

    def test_for_something_else_is_refused(self):
        account = self.settled()
        account.append("INBOX", text("one"))
        plan = self.plan(account)
        local = account.local()
        for change, code, words in (
                (lambda p: p["accounts"][0].update(account="Other"), 3, "not to be synchronised here"),
                (lambda p: p["accounts"][0].update(remote="Elsewhere"), 3, "not configured as"),
                (lambda p: p["accounts"][0].update(settings="0"), 3, "not configured as"),
                (lambda p: p.update(version=2), 3, "of version 2"),
                (lambda p: p.update(accounts={}), 3, "expected a list")):
            changed = json.loads(json.dumps(plan))
            change(changed)
            self.file.write_text(json.dumps(changed))
            done = self.assert_synced(account, "--apply", str(self.file), code=code)
            self.assertIn(words, done.stderr)
            self.assertEqual(account.local(), local)
        self.file.write_text("{")
        self.assertIn("no JSON", self.assert_synced(account, "--apply", str(self.file), code=3).stderr)
        missing = self.assert_synced(account, "--apply", "/no/such/plan", code=1)
        self.assertIn("/no/such/plan", missing.stderr)

    def test_and_other_options_that_contradict_it(self):
        account = self.settled()
        self.assert_synced(account, "--apply", "x", "--dry-run", code=2)
        self.assert_synced(account, "--approve-deletes", code=2)

    def test_holds_all_accounts(self):
        server = self.serve()
        account = self.account(server)
        rc = account.rc.read_text().replace("accounts = Test", "accounts = Test, Second")
        rc += rc[rc.index("[Account Test]"):].replace("Test]", "Second]") \
            .replace("= Local", "= Local2").replace("= Remote", "= Remote2") \
            .replace("Repository Local]", "Repository Local2]") \
            .replace("Repository Remote]", "Repository Remote2]").replace("/mail", "/mail2")
        account.rc.write_text(rc)
        account.append("INBOX", text("one"))
        self.file = account.directory / "plan.json"
        plan = self.plan(account)
        self.assertEqual([a["account"] for a in plan["accounts"]], ["Second", "Test"])
        self.assert_synced(account, "--apply", str(self.file))
        self.assert_equal(account)
        self.assertTrue(list((account.directory / "mail2/INBOX/new").iterdir()))


if __name__ == "__main__":
    unittest.main(verbosity=2)
