# SPDX-License-Identifier: Apache-2.0
"""What the two manuals of the original promise and nothing else tries: its examples and options,
word for word where the words are a configuration. tests/data/manuals/promises.tsv has the list."""
import base64
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from account import PLAIN, text
from dovecot import PASSWORD
from cases import PROGRAM, ProgramTest
from interface import OnTerminal

HERE = pathlib.Path(__file__).resolve().parent
ORIGINAL = "/usr/bin/offlineimap"
PLUGINS = pathlib.Path(PROGRAM).resolve().parents[1] / "lib/offlineimap/plugins-1"
HAS_PYTHON = (PLUGINS / "script-python.so").exists()


class ManualTest(ProgramTest):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="offlineimap-home-")
        self.addCleanup(scratch.cleanup)
        self.home = pathlib.Path(scratch.name)
        self.rc = self.home / ".offlineimaprc"

    def server(self, folders=(), **settings):
        server = self.serve(**settings)
        self.imap_account = self.account(server)
        connection = self.imap_account.imap()
        for folder in folders:
            connection.create(folder)
            connection.append(folder, "", None, text(f"in {folder}"))
        connection.logout()
        return server

    def remote_lines(self, server):
        """What a test must add to the manual's own words to reach this server."""
        return f"remotehost = 127.0.0.1\nremoteport = {server.port}\n" \
               f"remoteuser = joe\nremotepass = {PASSWORD}\n{PLAIN}\n"

    def run_program(self, *arguments, program=PROGRAM, code=0, **more):
        environment = {**os.environ, "HOME": str(self.home), "XDG_CONFIG_HOME": ""}
        done = subprocess.run([program, *arguments], env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120, **more)
        if code is not None:
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def folders(self, root):
        root = self.home / root
        return sorted(str(p.parent.relative_to(root)) for p in root.rglob("cur"))

    def messages(self, root):
        return {str(p.relative_to(self.home / root)) for p in (self.home / root).rglob("*,U=*")}

    def simple(self, server, general="", account="", local="", remote="", root="Test"):
        """The manual's quick start."""
        self.rc.write_text(
            f"[general]\naccounts = Test\n{general}\n[Account Test]\nlocalrepository = Local\n"
            f"remoterepository = Remote\n{account}\n[Repository Local]\ntype = Maildir\n"
            f"localfolders = ~/{root}\n{local}\n[Repository Remote]\ntype = IMAP\n"
            f"{self.remote_lines(server)}{remote}\n")


class Examples(ManualTest):
    REFERENCE = r"""[general]
accounts = Gerf

[Account Gerf]
localrepository = GerfLocal
remoterepository = GerfRemote

[Repository GerfLocal]
type = Maildir
localfolders = ~/Mail

[Repository GerfRemote]
type = IMAP
{remote}
reference = Mail
# Trims off the preceeding Mail on all the folder names.
nametrans = lambda foldername: \
        re.sub('^Mail/', '', foldername)
# Yeah, you have to mention the Mail dir, even though it
# would seem intuitive that reference would trim it.
folderfilter = lambda foldername: foldername in [
    'Mail/INBOX',
    'Mail/list/zaurus-general',
    'Mail/list/zaurus-dev',
    ]
maxconnections = 1
holdconnectionopen = no
"""

    def reference_server(self):
        return self.server(["Mail/INBOX", "Mail/list/zaurus-general", "Mail/list/zaurus-dev",
                            "Mail/other", "Outside"])

    @unittest.skipUnless(HAS_PYTHON, "script-python is not built")
    def test_uw_imap_reference(self):
        server = self.reference_server()
        self.rc.write_text(self.REFERENCE.format(remote=self.remote_lines(server)))
        self.run_program("-u", "quiet")
        self.assertEqual(self.folders("Mail"), ["INBOX", "list.zaurus-dev", "list.zaurus-general"])
        self.assertEqual(len(self.messages("Mail")), 3)
        before = self.messages("Mail")
        self.run_program("-u", "quiet")
        self.assertEqual(self.messages("Mail"), before)

    @unittest.skipUnless(HAS_PYTHON and os.path.exists(ORIGINAL), "needs both")
    def test_uw_imap_reference_makes_the_folders_that_the_original_makes(self):
        server = self.reference_server()
        self.rc.write_text(self.REFERENCE.format(remote=self.remote_lines(server)))
        self.run_program("-u", "quiet", program=ORIGINAL)
        folders, before = self.folders("Mail"), self.messages("Mail")
        self.run_program("-u", "quiet")
        self.assertEqual(self.folders("Mail"), folders)
        self.assertEqual(self.messages("Mail"), before)

    def test_two_accounts_with_mutt(self):
        personal = self.server(["Family"])
        work = self.server(["Projects"])
        sections = ""
        for name, server in (("Personal", personal), ("Work", work)):
            sections += (f"[Account {name}]\nlocalrepository = Local{name}\n"
                         f"remoterepository = Remote{name}\n[Repository Local{name}]\n"
                         f"type = Maildir\nlocalfolders = ~/Mail/{name}\n"
                         f"[Repository Remote{name}]\ntype = IMAP\n{self.remote_lines(server)}")
        self.rc.write_text(
            "[general]\naccounts = Personal, Work\n[mbnames]\nenabled = yes\n"
            "filename = ~/Mutt/mailboxes\nheader = \"mailboxes \"\n"
            "peritem = \"+%(accountname)s/%(foldername)s\"\nsep = \" \"\nfooter = \"\\n\"\n"
            + sections)
        (self.home / "Mail").mkdir()
        (self.home / "Mutt").mkdir()
        self.run_program("-u", "quiet")
        self.assertEqual(self.folders("Mail/Personal"), ["Family", "INBOX"])
        self.assertEqual(self.folders("Mail/Work"), ["INBOX", "Projects"])
        listed = (self.home / "Mutt/mailboxes").read_text()
        self.assertEqual(listed, 'mailboxes "+Personal/Family" "+Personal/INBOX"'
                                 ' "+Work/INBOX" "+Work/Projects"\n')
        # `set folder=$HOME/Mail`: "+" stands for it, and each is a folder that mutt can open.
        for name in re.findall(r'"\+([^"]*)"', listed):
            self.assertTrue((self.home / "Mail" / name / "cur").is_dir(), name)
        self.mutt_reads(listed)

    def mutt_reads(self, listed):
        mutt = shutil.which("mutt")
        if mutt is None:
            return
        (self.home / ".muttrc").write_text(
            "set mbox_type=Maildir\nset folder=$HOME/Mail\nset spoolfile=+Personal/INBOX\n" + listed)
        terminal = OnTerminal([mutt, "-F", str(self.home / ".muttrc"), "-y"],
                              HOME=str(self.home))  # shows its list of mailboxes
        names = [b"=Personal/Family", b"=Personal/INBOX", b"=Work/INBOX", b"=Work/Projects"]
        shown = [terminal.wait_for(name, 20) for name in names]
        terminal.process.kill()
        terminal.process.wait()
        self.assertEqual(shown, [True] * 4, terminal.output)

    PYTHONFILE = """
prioritized = ['INBOX', 'personal', 'announce', 'list']

def mycmp(x, y):
  for prefix in prioritized:
    if x.startswith(prefix):
      return -1
    elif y.startswith(prefix):
      return +1
  return cmp(x, y)

def test_mycmp():
  import os, os.path
  folders=os.listdir(os.path.expanduser('~/data/mail/tv@hq.yok.utu.fi'))
  folders.sort(mycmp)
  print folders
"""
    MODERN = PYTHONFILE.replace("cmp(x, y)\n\n", "(x > y) - (x < y)\n\n") \
                       .replace("print folders", "print(folders)")

    def with_pythonfile(self, code):
        server = self.server(["zebra", "announce", "list.a", "personal", "alpha"], separator=".")
        self.imap_account.append("INBOX", text("in INBOX"))
        (self.home / ".offlineimap.py").write_text(code)
        self.simple(server, general="pythonfile = ~/.offlineimap.py", remote="foldersort = mycmp")

    @unittest.skipUnless(HAS_PYTHON, "script-python is not built")
    def test_pythonfile_with_foldersort(self):
        self.with_pythonfile(self.MODERN)
        # One connection, one folder after the other: the order is that of the function.
        done = self.run_program("-u", "basic", "-1")
        order = []
        for name in re.findall(r"^Copy 1 messages Remote:(\S+) ->", done.stdout, re.M):
            if name not in order:
                order.append(name)
        self.assertEqual(order, ["INBOX", "personal", "announce", "list.a", "alpha", "zebra"],
                         done.stdout)

    @unittest.skipUnless(HAS_PYTHON, "script-python is not built")
    def test_pythonfile_of_python_2_tells_how_to_write_it_now(self):
        self.with_pythonfile(self.PYTHONFILE)
        done = self.run_program("-u", "basic", code=3)
        self.assertIn(".offlineimap.py", done.stdout + done.stderr)
        self.assertIn("print(", done.stdout + done.stderr)
        (self.home / ".offlineimap.py").write_text(
            self.PYTHONFILE.replace("print folders", "print(folders)"))
        done = self.run_program("-u", "basic", code=None)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("(x > y) - (x < y)", done.stdout + done.stderr)

    def test_evolution_with_a_slash_between_folders(self):
        server = self.server(["Work", "Work/Deep"])
        self.simple(server, local="sep = /")
        self.run_program("-u", "quiet")
        # Evolution is pointed at a folder within: it finds Maildirs within directories.
        self.assertEqual(self.folders("Test"), ["INBOX", "Work", "Work/Deep"])
        for folder in ("Test/Work", "Test/Work/Deep"):
            for part in ("cur", "new", "tmp"):
                self.assertTrue((self.home / folder / part).is_dir())
        (self.home / "Test/Work/Deep/new/mine").write_bytes(text("up", eol="\n"))
        self.run_program("-u", "quiet")
        self.assertEqual(self.imap_account.remote()["Work/Deep"].total(), 2)
        before = self.messages("Test")
        self.run_program("-u", "quiet")
        self.assertEqual(self.messages("Test"), before)


class Options(ManualTest):
    def setUp(self):
        super().setUp()
        self.simple(self.server(["Work"]))

    def test_help_and_version(self):
        self.assertEqual(self.run_program("-h").stdout, self.run_program("--help").stdout)
        self.assertRegex(self.run_program("--version").stdout, r"\d+\.\d+")
        for option in ("-1", "-a", "-c", "-d", "-l", "-s", "-f", "-k", "-o", "-q", "-u",
                       "--dry-run", "--info", "--version"):
            self.assertIn(option, self.run_program("-h").stdout)

    def test_configuration_is_found_at_home_and_where_c_says(self):
        self.run_program("-u", "quiet")
        self.assertEqual(self.folders("Test"), ["INBOX", "Work"])
        other = self.home / "other"
        other.write_text(self.rc.read_text().replace("~/Test", "~/Other")
                         .replace("[general]", "[general]\nmetadata = ~/other-metadata"))
        self.rc.write_text("this is no configuration")
        self.run_program("-u", "quiet", "-c", str(other))
        self.assertEqual(self.folders("Other"), ["INBOX", "Work"])

    def test_accounts_of_the_command_line_override(self):
        self.rc.write_text(self.rc.read_text().replace("accounts = Test", "accounts = Nobody")
                           + "[Account Nobody]\nlocalrepository = L\nremoterepository = R\n"
                             "[Repository L]\ntype = Maildir\nlocalfolders = ~/L\n"
                             "[Repository R]\ntype = IMAP\nremotehost = 127.0.0.1\n"
                             "remoteport = 1\nremoteuser = x\nremotepass = x\n")
        self.run_program("-u", "quiet", "-a", "Test")
        self.assertEqual(self.folders("Test"), ["INBOX", "Work"])
        self.assertFalse((self.home / "L").exists())

    def test_only_the_folders_of_f_by_their_remote_names(self):
        self.rc.write_text(self.rc.read_text().replace(
            "[Repository Remote]", "[Repository Remote]\nfolderfilter = lambda f: False"))
        self.run_program("-u", "quiet", "-f", "Work", code=0 if HAS_PYTHON else None)
        if HAS_PYTHON:
            self.assertEqual(self.folders("Test"), ["Work"])

    def test_an_option_is_overridden_with_underscores_for_blanks(self):
        self.run_program("-u", "quiet", "-k", "Repository_Local:localfolders=~/Elsewhere",
                         "-k", "Account_Test:autorefresh=30", "-k", "fsync=no", "-o")
        self.assertEqual(self.folders("Elsewhere"), ["INBOX", "Work"])

    def test_a_single_connection_with_1(self):
        self.simple(self.imap_account.server, remote="maxconnections = 3")
        done = self.run_program("-u", "basic", "-1", "-d", "imap")
        log = done.stdout + done.stderr
        self.assertEqual(self.folders("Test"), ["INBOX", "Work"])
        self.assertLessEqual(len(re.findall(r"\* OK .*[Rr]eady", log)), 1, log)

    def test_debugging_shows_the_wire_but_no_password(self):
        for kind in ("imap", "maildir", "thread", "imap,maildir", "ALL"):
            done = self.run_program("-u", "basic", "-d", kind)
            shown = done.stdout + done.stderr
            for hidden in (PASSWORD, base64.b64encode(f"\0joe\0{PASSWORD}".encode()).decode()):
                self.assertNotIn(hidden, shown.replace("(secret)", ""))
            if "imap" in kind:
                self.assertIn("CAPABILITY", shown)

    def test_log_file_is_appended_to(self):
        log = self.home / "log"
        log.write_text("before\n")
        self.run_program("-u", "quiet", "-l", str(log))
        self.assertTrue(log.read_text().startswith("before\n"))
        self.assertIn("Account", log.read_text() + "Account" * ("account" in log.read_text()))

    def test_syslog_takes_the_messages(self):
        self.run_program("-s")
        self.assertEqual(self.folders("Test"), ["INBOX", "Work"])

    def test_info_tells_of_the_repositories_and_synchronises_nothing(self):
        done = self.run_program("--info", "-a", "Test")
        shown = done.stdout + done.stderr
        for word in ("Test", "Remote", "Local", "INBOX"):
            self.assertIn(word, shown)
        self.assertFalse((self.home / "Test/INBOX").exists())

    def test_dry_run_prints_and_changes_nothing(self):
        done = self.run_program("--dry-run", "-u", "basic")
        self.assertRegex(done.stdout, r"(?i)creat\w* (new )?folder.*Work")
        self.assertFalse((self.home / "Test/Work").exists())

    def test_o_ignores_autorefresh(self):
        self.simple(self.imap_account.server, account="autorefresh = 60")
        self.run_program("-o", "-u", "quiet")
        self.assertEqual(self.folders("Test"), ["INBOX", "Work"])

    def test_quick_leaves_remote_flags_and_brings_new_mail_and_local_flags(self):
        self.run_program("-u", "quiet")
        before = self.messages("Test/Work")
        account = self.imap_account
        connection = account.imap()
        connection.select("Work")
        connection.store("1", "+FLAGS", "(\\Flagged)")
        connection.logout()
        self.run_program("-q", "-u", "quiet")
        self.assertEqual(self.messages("Test/Work"), before)
        account.append("Work", text("new"))
        self.run_program("-q", "-u", "quiet")
        self.assertEqual(len(self.messages("Test/Work")), 2)

    def test_quick_and_maxage_go_together(self):
        account = self.imap_account
        old = text("old").replace(b"2026", b"2001")
        connection = account.imap()
        connection.append("Work", "", '"02-Nov-2001 10:00:00 +0000"', old)
        connection.logout()
        self.simple(account.server, account="maxage = 10000")
        self.run_program("-q", "-u", "quiet")
        self.assertEqual(len(self.messages("Test/Work")), 2)
        self.simple(account.server, account="maxage = 100")
        account.append("Work", text("new"))
        self.run_program("-q", "-u", "quiet")
        self.run_program("-q", "-u", "quiet")
        self.assertEqual(len(self.messages("Test/Work")), 3)
        self.assertEqual(account.remote()["Work"].total(), 3)

    def test_each_interface_may_be_named(self):
        for name in ("basic", "quiet", "ttyui", "Noninteractive.Basic", "Noninteractive.Quiet",
                     "TTY.TTYUI", "syslog", "machineui"):
            plugin = f"ui-{name.lower().split('.')[-1]}.so"
            if not (PLUGINS / plugin).exists():
                continue
            with self.subTest(name):
                done = self.run_program("-u", name)
                if name.lower().endswith("quiet"):
                    self.assertEqual(done.stdout + done.stderr, "")


class Methods(ManualTest):
    def test_what_is_deleted_on_one_machine_is_deleted_on_the_other(self):
        server = self.server(["Work"])
        for machine in ("Home", "Office"):
            self.simple(server, general=f"metadata = ~/.meta{machine}", root=machine)
            self.run_program("-u", "quiet")
        next((self.home / "Office/Work").rglob("*,U=*")).unlink()
        self.run_program("-u", "quiet")
        self.simple(server, general="metadata = ~/.metaHome", root="Home")
        self.run_program("-u", "quiet")
        self.assertEqual(self.messages("Home/Work"), set())

    def test_no_trash_setting_of_the_reader_is_needed(self):
        # maildir_trash=no removes the file, maildir_trash=yes marks it with T.
        server = self.server(["Work"])
        self.imap_account.append("Work", text("second"))
        self.simple(server)
        self.run_program("-u", "quiet")
        files = sorted((self.home / "Test/Work").rglob("*,U=*"))
        files[0].unlink()
        self.imap_account.mail = self.home / "Test"
        self.imap_account.mark(files[1], "ST")
        self.run_program("-u", "quiet")
        connection = self.imap_account.imap()
        connection.select("Work")
        self.assertEqual(connection.search(None, "DELETED")[1], [b"1"])
        self.assertEqual(connection.search(None, "UNDELETED")[1], [b""])
        connection.logout()

    def test_a_folder_made_on_the_server_is_made_here(self):
        server = self.server(["Work"])
        self.simple(server)
        self.run_program("-u", "quiet")
        connection = self.imap_account.imap()
        connection.create("Later")
        connection.logout()
        self.run_program("-u", "quiet")
        self.assertIn("Later", self.folders("Test"))

    def test_uidvalidity_is_noticed_and_mended_as_the_manual_says(self):
        server = self.server(["Work"])
        self.simple(server)
        self.run_program("-u", "quiet")
        connection = self.imap_account.imap()
        connection.delete("Work")
        connection.create("Work")
        connection.append("Work", "", None, text("of the new folder"))
        connection.logout()
        self.run_program("-u", "quiet", code=None)
        self.assertEqual(self.imap_account.remote()["Work"].total(), 1)
        for folder in ("Test/Work", ".offlineimap/Account-Test", ".offlineimap/Repository-Local",
                       ".offlineimap/Repository-Remote"):
            shutil.rmtree(self.home / folder)
        self.run_program("-u", "quiet")
        self.assertEqual(len(self.messages("Test/Work")), 1)
        self.assertEqual(self.imap_account.remote()["Work"].total(), 1)

    def test_local_folders_may_be_deleted_with_the_status_cache(self):
        server = self.server(["Work"])
        self.simple(server)
        self.run_program("-u", "quiet")
        shutil.rmtree(self.home / "Test")
        shutil.rmtree(self.home / ".offlineimap")
        self.run_program("-u", "quiet")
        self.assertEqual(len(self.messages("Test/Work")), 1)
        self.assertEqual(self.imap_account.remote()["Work"].total(), 1)

    def test_the_way_from_plain_to_sqlite(self):
        server = self.server(["Work"])
        self.simple(server, account="status_backend = plain")
        self.run_program("-u", "quiet")
        names = self.messages("Test")
        plain = self.home / ".offlineimap/Account-Test/LocalStatus"
        kept = {p.name: p.read_bytes() for p in plain.iterdir()}
        self.simple(server, account="status_backend = sqlite")
        self.run_program("-u", "quiet")
        self.assertEqual(self.messages("Test"), names)
        self.assertEqual({p.name: p.read_bytes() for p in plain.iterdir()}, kept)
        # "If it does not work, go back"
        self.simple(server, account="status_backend = plain")
        self.run_program("-u", "quiet")
        self.simple(server, account="status_backend = sqlite")
        self.run_program("-u", "quiet")
        # "Once you are sure it works, you can delete the LocalStatus folder"
        shutil.rmtree(plain)
        self.run_program("-u", "quiet")
        self.assertEqual(self.messages("Test"), names)
        self.assertEqual(self.imap_account.remote()["Work"].total(), 1)

    def test_speed_settings_lose_nothing(self):
        server = self.server([f"f{i}" for i in range(8)])
        self.simple(server, general="fsync = False\nmaxsyncaccounts = 3",
                    remote="maxconnections = 3\nholdconnectionopen = yes\nkeepalive = 60")
        self.run_program("-o", "-u", "quiet")
        self.assertEqual(len(self.folders("Test")), 9)
        self.assertEqual(len(self.messages("Test")), 8)

    def test_a_copied_message_is_new_and_a_moved_one_is_moved(self):
        server = self.server(["Work", "Other"])
        self.simple(server)
        self.run_program("-u", "quiet")
        file = next((self.home / "Test/Work").rglob("*,U=*"))
        shutil.copy(file, self.home / "Test/Other/new" / "copy.of.mine")
        self.run_program("-u", "quiet")
        self.assertEqual(self.imap_account.remote()["Other"].total(), 2)
        file.rename(self.home / "Test/Other/cur" / file.name)
        self.run_program("-u", "quiet")
        self.assertEqual(self.imap_account.remote()["Other"].total(), 3)
        self.assertEqual(self.imap_account.remote()["Work"].total(), 0)

    def test_two_imap_servers(self):
        here, there = self.server(["Here"]), self.server(["There"])
        self.rc.write_text(
            "[general]\naccounts = Both\n[Account Both]\nlocalrepository = L\n"
            "remoterepository = R\n[Repository L]\ntype = IMAP\n" + self.remote_lines(here)
            + "[Repository R]\ntype = IMAP\n" + self.remote_lines(there))
        self.run_program("-u", "quiet")
        self.run_program("-u", "quiet")
        boxes = [self.account(server).remote() for server in (here, there)]
        self.assertEqual(boxes[0], boxes[1])
        self.assertEqual(boxes[0]["Here"].total(), 1)
        self.assertEqual(boxes[0]["There"].total(), 1)


class Checklist(unittest.TestCase):
    """Every promise, and every option, names the tests that keep it, and these tests exist."""
    KINDS = {"[general]": "general", "[mbnames]": "mbnames", "[Account NAME]": "account",
             "[Repository NAME], whatever its type": "repository",
             "Maildir, GmailMaildir": "maildir", "IMAP, Gmail": "imap", "Gmail": "gmail"}
    ROOT = HERE.parent

    @classmethod
    def setUpClass(cls):
        cls.known = {f"compare/{file.stem}" for file in (cls.ROOT / "data/compare").glob("*.rc")}
        for file in cls.ROOT.rglob("*_test.py"):
            cls.known |= {f"{file.stem}.{name}" for name in re.findall(r"def (test_\w+)",
                                                                       file.read_text())}
        for file in cls.ROOT.rglob("*_test.cpp"):
            cls.known |= {f"{suite}.{name}" for suite, name in re.findall(
                r"TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", file.read_text())}

    def rows(self, name):
        return [line.split("\t") for line in (self.ROOT / "data" / name).read_text().splitlines()][1:]

    def assert_known(self, what, tests):
        for test in filter(None, tests.split(", ")):
            self.assertTrue(test in self.known, f"{what}: there is no {test}")

    def test_each_promise_has_its_test(self):
        rows = self.rows("manuals/promises.tsv")
        self.assertGreater(len(rows), 60)
        for manual, promise, kept in rows:
            self.assertIn(manual, ("2003", "2015"), promise)
            self.assertTrue(promise and kept, promise)
            reason = re.match(r"(differs|not ours): [^;]+(; )?", kept)
            self.assert_known(promise, kept[reason.end() if reason else 0:])

    def documented(self):
        """(kind, option) of each row of the tables."""
        found, kind = [], None
        for line in (self.ROOT.parent / "docs/configuration.md").read_text().splitlines():
            if line.startswith("#"):
                kind = self.KINDS.get(line.strip("# ").replace("`", ""))
            row = re.match(r"\| `([^`]+)` \|", line)
            if kind and row:
                found.append((kind, row[1]))
        return found

    def test_each_option_has_its_test(self):
        rows = self.rows("options/meaning.tsv")
        documented = self.documented()
        self.assertGreater(len(documented), 140)
        for kind, option, shown in rows:
            self.assertTrue(shown, option)
            self.assert_known(f"{kind} {option}", shown)
            self.assertTrue(any(k == kind and re.fullmatch(option, o) for k, o in documented),
                            f"{kind} {option} is not documented")
        for kind, option in documented:
            self.assertTrue(any(k == kind and re.fullmatch(o, option) for k, o, _ in rows),
                            f"no test shows what {kind} {option} means")


if __name__ == "__main__":
    unittest.main(verbosity=2)
