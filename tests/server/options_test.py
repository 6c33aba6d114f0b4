# SPDX-License-Identifier: Apache-2.0
"""Options of the configuration, tried with the whole program and a real server."""
import hashlib
import json
import os
import pathlib
import pty
import re
import shutil
import unittest

from account import PLAIN, text
from dovecot import PASSWORD
from cases import ProgramTest

MBNAMES = """[mbnames]
enabled = yes
filename = {list}
header = "mailboxes "
peritem = "+%(accountname)s/%(foldername)s"
sep = " "
footer = "\\n"
{more}
"""


class Mbnames(ProgramTest):
    def mbnames(self, account, more=""):
        self.list = account.directory / "list"
        account.rc.write_text(account.rc.read_text()
                              + MBNAMES.format(list=self.list, more=more))
        return account

    def test_the_list_has_every_folder_in_the_original_form(self):
        account = self.mbnames(self.account(self.serve()))
        self.fill(account)
        self.assert_synced(account)
        names = ["Archive", "Drafts", "INBOX", "Sent", "Trash", "Work", "Work.Deep"]
        present = [n for n in names if account.box(n).is_dir()]
        self.assertEqual(self.list.read_text(),
                         "mailboxes " + " ".join(f'"+Test/{n}"' for n in present) + "\n")
        kept = (account.directory / "metadata/mbnames/Test.json").read_text()
        self.assertEqual(kept, json.dumps(
            [{"accountname": "Test", "foldername": n, "localfolders": str(account.mail)}
             for n in present]))

    def test_an_account_that_is_no_more_is_pruned_by_its_whole_name(self):
        account = self.mbnames(self.account(self.serve()), "incremental = yes")
        self.assert_synced(account)
        kept = account.directory / "metadata/mbnames"
        (kept / "Tes.json").write_text(
            '[{"accountname": "Tes", "foldername": "Old", "localfolders": null}]')
        self.assert_synced(account)
        self.assertIn("+Tes/Old", self.list.read_text())
        self.assert_synced(account, "--mbnames-prune")
        self.assertEqual([p.name for p in kept.iterdir()], ["Test.json"])
        self.assertNotIn("+Tes/Old", self.list.read_text())

    def test_a_dry_run_writes_no_list(self):
        account = self.mbnames(self.account(self.serve(), ui="basic"))
        done = self.assert_synced(account, "--dry-run")
        self.assertIn(f"mbnames would write {self.list}", done.stdout)
        self.assertFalse(self.list.exists())
        self.assertFalse((account.directory / "metadata/mbnames").exists())


class Maintenance(ProgramTest):
    def test_a_folder_is_deleted_on_the_server_alone(self):
        account = self.account(self.serve())
        self.fill(account)
        self.assert_synced(account)
        self.assert_synced(account, "--delete-folder", "Archive", "--dry-run")
        self.assertIn("Archive", account.remote())
        self.assert_synced(account, "--delete-folder", "Archive")
        self.assertNotIn("Archive", account.remote())
        self.assertTrue(account.box("Archive").is_dir())
        done = self.assert_synced(account, "--delete-folder", "Archiv", code=1)
        self.assertIn("there is no folder Archiv[Remote]", done.stderr)


    def test_marks_of_untranslated_names_are_made_anew(self):
        account = self.account(
            self.serve(), local="nametrans = lambda f: f.replace('W_', 'Work')",
            remote=PLAIN + "\nnametrans = lambda f: f.replace('Work', 'W_')")
        self.fill(account)
        self.assert_synced(account)
        right = account.files("W_.Deep")
        for file in right:  # as before 6.3.5
            old = hashlib.md5(file.parent.parent.name.encode()).hexdigest()
            file.rename(file.parent / re.sub("FMD5=[0-9a-f]*", f"FMD5={old}", file.name))
        self.assertNotEqual(account.files("W_.Deep"), right)
        self.assert_synced(account, "--migrate-fmd5-using-nametrans")
        self.assertEqual(account.files("W_.Deep"), right)
        before = account.remote()
        self.assert_synced(account)
        self.assertEqual(account.remote(), before)


class Hooks(ProgramTest):
    def test_they_run_around_the_synchronisation_and_know_its_mode(self):
        account = self.account(self.serve())
        log = account.directory / "hooks"
        account.configure(
            account=f"presynchook = echo pre $OFFLINEIMAPSYNCMODE $(ls {account.mail}) >> {log}\n"
                    f"postsynchook = echo post $OFFLINEIMAPSYNCMODE $(ls {account.mail}) >> {log}")
        self.assert_synced(account)
        self.assert_synced(account, "-q")
        self.assert_synced(account, "--dry-run")
        self.assertEqual([line.split()[:2] for line in log.read_text().splitlines()],
                         [["pre", "full"], ["post", "full"], ["pre", "quick"], ["post", "quick"]])
        self.assertNotIn("INBOX", log.read_text().splitlines()[0])
        self.assertIn("INBOX", log.read_text().splitlines()[1])

    def test_the_later_one_is_given_every_change_of_a_file(self):
        account = self.account(self.serve())
        seen = account.directory / "seen"
        account.configure(account=f'postsynchook = cp "$OFFLINEIMAP_CHANGES" {seen}')
        self.fill(account)

        def changes():
            self.assert_synced(account)
            return sorted(line.split("\t") for line in seen.read_text().splitlines())

        files = [str(f) for name in account.local() for f in account.files(name)]
        self.assertEqual(files, [])
        found = changes()
        files = sorted(str(f) for name in account.local() for f in account.files(name))
        self.assertEqual(found, [["added", file] for file in files])
        self.assertEqual(changes(), [])

        account.deliver("Archive", text("mine"), "100.a.host")
        inbox = account.files("INBOX")
        connection = account.imap()
        connection.select("INBOX")
        connection.store("1", "+FLAGS", "(\\Answered)")
        connection.store("2", "+FLAGS", "(\\Deleted)")
        connection.expunge()
        connection.uid("COPY", "3", "Work")
        connection.uid("STORE", "3", "+FLAGS", "(\\Deleted)")
        connection.expunge()
        connection.logout()
        found = changes()
        by_uid = {int(f.name.split(",U=")[1].split(",")[0]): str(f) for f in inbox}
        now = {f.name.split(",U=")[1].split(",")[0]: str(f) for f in account.files("INBOX")}
        self.assertIn(["changed", now["1"], by_uid[1]], found)
        self.assertIn(["removed", by_uid[2]], found)
        new, = (f for f in account.files("Archive") if f.name.startswith("100."))
        self.assertIn(["changed", str(new), str(account.box("Archive") / "new/100.a.host")], found)
        moved, = account.files("Work")
        self.assertIn(["moved", str(moved), by_uid[3]], found)
        self.assertEqual(len(found), 4, found)
        self.assertEqual(list((account.directory / "metadata/Account-Test").glob("changes")), [])

    def test_new_mail_in_yaml_gives_its_files_to_a_command(self):
        server = self.serve()
        account = self.account(server)
        log = account.directory / "new"
        yaml = account.directory / "c.yaml"
        yaml.write_text(f"""
general: {{accounts: [Test], metadata: {account.directory}/metadata, ui: quiet}}
accounts: {{Test: {{localrepository: Local, remoterepository: Remote}}}}
repositories:
  Local: {{type: Maildir, localfolders: {account.mail}}}
  Remote:
    type: IMAP
    remotehost: 127.0.0.1
    remoteport: {server.port}
    remoteuser: joe
    remotepass: {PASSWORD}
    ssl: no
    starttls: no
    newmail_hook: (echo $OFFLINEIMAP_ACCOUNT $OFFLINEIMAP_NEW_MAIL; cat) >> {log}
""")
        account.rc = yaml
        self.fill(account)
        self.assert_synced(account)
        first, *files = log.read_text().splitlines()
        self.assertEqual(first, "Test 4")  # half of the eight in INBOX are seen
        self.assertEqual(sorted(files), sorted(str(f) for f in account.files("INBOX")
                                               if f.parent.name == "new"))
        log.unlink()
        account.append("Archive", text("elsewhere"))
        account.append("INBOX", text("seen"), "(\\Seen)")
        self.assert_synced(account)
        self.assertFalse(log.exists())


class Sides(ProgramTest):
    def test_createfolders_no_makes_none_on_that_side(self):
        account = self.account(self.serve(), local="createfolders = no",
                               remote=PLAIN + "\ncreatefolders = no")
        self.fill(account)
        account.deliver("INBOX", text("up"), "1.a.host")
        account.deliver("Mine", text("mine"), "2.a.host")
        self.assert_synced(account)
        self.assertEqual(sorted(account.local()), ["INBOX", "Mine"])
        self.assertNotIn("Mine", account.remote())
        self.assertEqual(account.local()["INBOX"].total(), 9)

    def test_readonly_is_never_changed(self):
        account = self.account(self.serve(), remote=PLAIN + "\nreadonly = yes")
        self.fill(account)
        self.assert_synced(account)
        before = account.remote()
        account.deliver("INBOX", text("up"), "1.a.host")
        account.deliver("Mine", text("mine"), "2.a.host")
        account.mark(account.files("INBOX")[0], "FS")
        account.files("INBOX")[1].unlink()
        self.assert_synced(account)
        self.assertEqual(account.remote(), before)

    def test_deletions_on_a_side_without_sync_deletes_stay_there(self):
        account = self.account(self.serve(), local="sync_deletes = no")
        self.fill(account)
        self.assert_synced(account)
        account.files("INBOX")[0].unlink()
        self.assert_synced(account)
        self.assertEqual(account.remote()["INBOX"].total(), 8)
        self.assertEqual(account.local()["INBOX"].total(), 7)
        connection = account.imap()
        connection.select("INBOX")
        connection.store("8", "+FLAGS", "(\\Deleted)")
        connection.expunge()
        connection.logout()
        self.assert_synced(account)
        self.assertEqual(account.remote()["INBOX"].total(), 7)

    def test_subscribedonly_leaves_out_the_others(self):
        account = self.account(self.serve(), remote=PLAIN + "\nsubscribedonly = yes")
        self.fill(account)
        connection = account.imap()
        for name in ("INBOX", "Work"):
            connection.subscribe(name)
        connection.logout()
        self.assert_synced(account)
        self.assertEqual(sorted(account.local()), ["INBOX", "Work"])

    def test_without_expunge_what_is_deleted_is_only_marked(self):
        account = self.account(self.serve(), remote=PLAIN + "\nexpunge = no")
        self.fill(account)
        self.assert_synced(account)
        account.files("INBOX")[0].unlink()
        for _ in range(2):
            self.assert_synced(account)
            remote = account.remote()["INBOX"]
            self.assertEqual(remote.total(), 8)
            self.assertEqual(sum(n for (_, flags), n in remote.items() if "T" in flags), 1)
            self.assertEqual(account.local()["INBOX"].total(), 7)


class Names(ProgramTest):
    UTF7, UTF8 = "Entw&APw-rfe", "Entwürfe"

    def test_utf8foldernames_writes_names_as_people_do(self):
        account = self.account(self.serve(), account="utf8foldernames = yes")
        connection = account.imap()
        connection.create(self.UTF7)
        connection.logout()
        account.append(self.UTF7, text("one"))
        self.assert_synced(account)
        self.assertEqual(len(account.files(self.UTF8)), 1)
        account.deliver(self.UTF8, text("two"), "1.a.host")
        account.deliver("Größe", text("three"), "2.a.host")
        self.assert_synced(account)
        remote = account.remote()
        self.assertEqual(remote[self.UTF7].total(), 2)
        self.assertEqual(remote["Gr&APYA3w-e"].total(), 1)

    def test_without_it_names_are_those_of_the_wire(self):
        account = self.account(self.serve())
        connection = account.imap()
        connection.create(self.UTF7)
        connection.logout()
        self.assert_synced(account)
        self.assertTrue(account.box(self.UTF7).is_dir())

    def test_decodefoldernames_decodes_what_comes_from_the_server(self):
        account = self.account(self.serve(), remote=PLAIN + "\ndecodefoldernames = yes")
        connection = account.imap()
        connection.create(self.UTF7)
        connection.logout()
        self.assert_synced(account)
        self.assertTrue(account.box(self.UTF8).is_dir())

    def test_both_at_once_are_refused(self):
        account = self.account(self.serve(), account="utf8foldernames = yes",
                               remote=PLAIN + "\ndecodefoldernames = yes")
        done = self.assert_synced(account, code=3)
        self.assertIn("decodefoldernames", done.stderr)
        self.assertFalse(account.mail.exists())

    def test_a_separator_in_the_account_as_the_old_manual_has_it_for_evolution(self):
        account = self.account(self.serve(), account="sep = /")
        self.fill(account)
        self.assert_synced(account)
        self.assertTrue((account.mail / "Work/Deep/cur").is_dir())

    def test_gmailmaildir_is_a_maildir(self):
        account = self.account(self.serve(), account="synclabels = yes")
        account.rc.write_text(account.rc.read_text().replace("= Maildir", "= GmailMaildir"))
        self.fill(account)
        done = self.assert_synced(account)
        self.assertIn("labels are not kept in message files", done.stdout + done.stderr)
        self.assert_equal(account)

    def test_nested_directories_with_a_slash(self):
        account = self.account(self.serve(), local="sep = /")
        self.fill(account)
        self.assert_synced(account)
        self.assertTrue((account.mail / "Work/Deep/cur").is_dir())
        account.mail.joinpath("Work/Deeper").mkdir()
        for sub in ("cur", "new", "tmp"):
            account.mail.joinpath("Work/Deeper", sub).mkdir()
        self.assert_synced(account)
        self.assertIn("Work/Deeper", account.remote())


class QuickStart(ProgramTest):
    EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"
    EDITS = {"~/Test": "~/Folders", "examplehost": "localhost", "jgoerzen": "joe"}

    def on_a_terminal(self, server, home, answer):
        """Runs the program without a word but the port of the test, and answers one question."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ.update(HOME=str(home), SSL_CERT_FILE=str(server.certificate), TERM="dumb")
            os.environ.pop("XDG_CONFIG_HOME", None)
            port = f"Repository_Remote:remoteport={server.tls_port}"
            os.execv(os.environ["PROGRAM"], ["offlineimap", "-k", port])
        said = b""
        try:
            while chunk := os.read(terminal, 4096):
                said += chunk
                if b"assword" in said and answer:
                    os.write(terminal, answer.encode() + b"\n")
                    answer = None
        except OSError:  # its end
            pass
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said.decode()

    def story(self, sample, target):
        server = self.serve()
        account = self.account(server)
        self.fill(account)
        home = account.directory / "home"
        home.mkdir()
        rc = home / target
        rc.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.EXAMPLES / sample, rc)
        text = rc.read_text()
        for old, new in self.EDITS.items():
            self.assertEqual(text.count(old), 1)
            text = text.replace(old, new)
        rc.write_text(text)
        code, said = self.on_a_terminal(server, home, PASSWORD)
        self.assertEqual(code, 0, said)
        self.assertNotIn(PASSWORD, said)
        account.mail = home / "Folders"
        self.assert_equal(account)
        self.assertTrue((home / ".offlineimap").is_dir())

    def test_of_the_manual_with_the_shortest_rc_file(self):
        self.story("offlineimap.conf.minimal", ".offlineimaprc")

    def test_of_the_manual_in_yaml(self):
        self.story("offlineimap.minimal.yaml", ".config/offlineimap/config.yaml")


if __name__ == "__main__":
    unittest.main(verbosity=2)
