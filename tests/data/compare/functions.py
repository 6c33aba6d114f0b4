# A Python file as people have one beside their rc file.
import os
import re
import subprocess

mapping = {"Sent": "sent", "Drafts": "drafts", "Archive": "archive", "INBOX": "INBOX"}
reverse = dict((v, k) for k, v in mapping.items())
prioritized = ["INBOX", "Work"]


def get_user(account):
    return os.environ.get("NO_SUCH_VARIABLE", account)


def get_password(file):
    return subprocess.check_output(["cat", file]).decode().strip()


def to_local(name):
    return re.sub(r"^Lists/", "lists.", mapping.get(name, name)).replace("/", ".")


def wanted(name):
    return name.startswith("Lists/") or name in mapping


def mycmp(x, y):
    for prefix in prioritized:
        if x.startswith(prefix):
            return -1
        if y.startswith(prefix):
            return 1
    return (x > y) - (x < y)


def note(file):
    with open(file, "a") as notes:
        notes.write("new mail\n")


def readable(name):
    """With what people take from the original's own modules."""
    from offlineimap import imaputil
    return imaputil.IMAP_utf8(name)


def wire(name):
    from offlineimap import imaputil
    return imaputil.utf8_IMAP(name)


def by_length(folder):
    return len(folder["foldername"]), folder["foldername"]


PATTERNS = [
    (r"^Mail/(.*)$", r"kept-\1"),
    (r"^Archive/(\d{4})$", r"year_\1"),
    (r"[ ]blank$", r"_blank"),
]
BACKWARDS = [
    (r"^kept-(.*)$", r"Mail/\1"),
    (r"^year_(\d{4})$", r"Archive/\1"),
    (r"_blank$", r" blank"),
]
ACCOUNTS = {"business": ("Work", "INBOX"), "private": ("Mail", "Archive", "With", "Lists")}


def renamed(name, back=False):
    for pattern, replacement in BACKWARDS if back else PATTERNS:
        name = re.sub(pattern, replacement, name)
    return name


def chosen(account, name):
    return any(name.startswith(start) for start in ACCOUNTS[account])
