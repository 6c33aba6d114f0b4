# SPDX-License-Identifier: Apache-2.0
"""Debian's own offlineimap3 at work on a plain status file. Run by the system's Python:
original_plain.py DIRECTORY FOLDER [UID FLAGS LABEL,LABEL]...: puts these messages, then prints all
as JSON: {uid: [flags, [label, ...]]}."""
import json
import sys
from unittest.mock import MagicMock

sys.path.insert(0, "/usr/share/offlineimap3")
from offlineimap import ui  # noqa: E402
from offlineimap.folder.LocalStatus import LocalStatusFolder  # noqa: E402


def folder(directory, name):
    def otherwise(_section, _option, default=None):
        return default
    repository = MagicMock()
    repository.getsep.return_value = "."
    repository.nametrans = lambda visible: visible
    repository.getnametrans.return_value = repository.nametrans
    for source in (repository.config, repository.account):
        for method in ("getdefault", "getdefaultboolean", "getdefaultint", "getdefaultfloat"):
            getattr(source, method).side_effect = otherwise
    repository.account.getaccountmeta.return_value = directory
    repository.root = directory
    made = LocalStatusFolder(name, repository)
    made.doautosave = False
    return made


ui.setglobalui(MagicMock())


def main(directory, name, *messages):
    status = folder(directory, name)
    status.cachemessagelist()
    for uid, flags, labels in zip(*[iter(messages)] * 3):
        status.savemessage(int(uid), "", set(flags), 0,
                           labels={label for label in labels.split(",") if label})
    if messages:
        status.save()
    print(json.dumps({uid: [sorted(message["flags"]), sorted(message["labels"])]
                      for uid, message in status.messagelist.items()}))


main(*sys.argv[1:])
